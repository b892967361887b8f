package io.github.expandcontract.autoconfigure;

import java.util.List;
import java.util.Locale;

import org.hibernate.boot.model.naming.Identifier;
import org.hibernate.boot.model.naming.PhysicalNamingStrategy;
import org.hibernate.boot.model.naming.PhysicalNamingStrategyStandardImpl;
import org.hibernate.engine.jdbc.env.spi.JdbcEnvironment;
import org.junit.jupiter.api.Test;

import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.relational.core.mapping.NamingStrategy;
import org.springframework.data.relational.core.mapping.RelationalPersistentProperty;

import io.github.expandcontract.autoconfigure.entities.Member;
import io.github.expandcontract.change.ChangeDeclaration;

import static org.assertj.core.api.Assertions.assertThat;

class ChangeDeclarationsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner();

	@Test
	void findsNothingWithoutPackages() {
		this.runner.run((context) -> assertThat(ids(context)).isEmpty());
	}

	@Test
	void findsEntitiesOfScannedPackagesByTheDefaultsOfSpringBootAndThenBeans() {
		this.runner.withUserConfiguration(Scanning.class)
			.withBean(ChangeDeclaration.class, () -> ChangeDeclaration.renameColumn("orders", "sum", "total"))
			.run((context) -> assertThat(ids(context)).containsExactlyInAnyOrder("member-login-name",
					"person-display-name", "orders-total"));
	}

	@Test
	void usesNamingStrategyBeans() {
		this.runner.withUserConfiguration(Scanning.class, Strategies.class)
			.run((context) -> assertThat(ids(context)).containsExactlyInAnyOrder("member-d-loginname",
					"person-h-displayname"));
	}

	@Test
	void usesPropertiesOfHibernatesNaming() {
		this.runner.withUserConfiguration(Scanning.class)
			.withPropertyValues("spring.jpa.hibernate.naming.physical-strategy=" + Prefixing.class.getName(),
					"spring.jpa.properties.hibernate.default_schema=crm")
			.run((context) -> {
				List<ChangeDeclaration> declarations = ChangeDeclarations.of(context.getBeanFactory(),
						context.getEnvironment());
				assertThat(declarations).anySatisfy((declaration) -> {
					assertThat(declaration.id()).isEqualTo("person-h-displayname");
					assertThat(declaration.schema()).isEqualTo("crm");
				});
			});
	}

	private static List<String> ids(AssertableApplicationContext context) {
		return ChangeDeclarations.of(context.getBeanFactory(), context.getEnvironment())
			.stream()
			.map(ChangeDeclaration::id)
			.toList();
	}

	public static class Prefixing extends PhysicalNamingStrategyStandardImpl {

		@Override
		public Identifier toPhysicalColumnName(Identifier name, JdbcEnvironment environment) {
			return Identifier.toIdentifier("h_" + name.getText());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EntityScan(basePackageClasses = Member.class)
	static class Scanning {

	}

	@Configuration(proxyBeanMethods = false)
	static class Strategies {

		@Bean
		PhysicalNamingStrategy physicalNamingStrategy() {
			return new Prefixing();
		}

		@Bean
		NamingStrategy namingStrategy() {
			return new NamingStrategy() {

				@Override
				public String getColumnName(RelationalPersistentProperty property) {
					return "d_" + property.getName().toLowerCase(Locale.ROOT);
				}

			};
		}

	}

}
