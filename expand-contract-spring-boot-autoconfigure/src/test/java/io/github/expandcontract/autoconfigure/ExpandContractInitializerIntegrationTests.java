package io.github.expandcontract.autoconfigure;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

class ExpandContractInitializerIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceInitializationAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
				JdbcClientAutoConfiguration.class))
		.withUserConfiguration(Initialization.class)
		.withPropertyValues("spring.datasource.url=" + this.database.url(),
				"spring.datasource.hikari.maximum-pool-size=2");

	@Test
	void runsAfterFlywayAndBeforeWhatWaitsForTheDatabase() {
		this.runner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
			.withPropertyValues("spring.flyway.locations=classpath:initializer/migration")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Journal.class).entries).containsExactly("initialized with [users]",
						"repository");
				assertThat(context.getBeanFactory().getBeanDefinition("jdbcTemplate").getDependsOn())
					.contains("expandContractInitializer");
				assertThat(context.getBeanFactory().getBeanDefinition("jdbcClient").getDependsOn())
					.contains("expandContractInitializer");
			});
	}

	@Test
	void runsAfterScripts() {
		this.runner
			.withPropertyValues("spring.sql.init.mode=always",
					"spring.sql.init.schema-locations=classpath:initializer/migration/V1__users.sql")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Journal.class).entries).containsExactly("initialized with [users]",
						"repository");
			});
	}

	@Test
	void runsWithoutFlywayAndScripts() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Journal.class).entries).containsExactly("initialized with []", "repository");
		});
	}

	@Test
	void answersOnFlywaysUserWhileTheApplicationsPoolIsExhausted() {
		this.database.jdbc().execute("CREATE ROLE migrator_" + id() + " LOGIN SUPERUSER PASSWORD 'm'");
		this.runner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
			.withPropertyValues("spring.flyway.locations=classpath:initializer/migration",
					"spring.datasource.url=" + this.database.url().replaceFirst("\\?.*", ""),
					"spring.datasource.username=" + parameter("user"),
					"spring.datasource.password=" + parameter("password"), "spring.flyway.user=migrator_" + id(),
					"spring.flyway.password=m")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				DataSource migration = MigrationDataSource.of(context, context.getBean(DataSource.class),
						Rewriting.class);
				DataSource application = context.getBean(DataSource.class);
				try (Connection first = application.getConnection();
						Connection second = application.getConnection();
						ControlDataSource control = new ControlDataSource(migration, 2)) {
					assertThat(first.isValid(1) && second.isValid(1)).isTrue();
					assertThat(
							new JdbcTemplate(control.dataSource()).queryForObject("SELECT current_user", String.class))
						.isEqualTo("migrator_" + id());
				}
			});
	}

	@Test
	void takesRewritingOffAndLeavesOtherDelegates() {
		DataSource source = this.database.dataSource();
		DelegatingDataSource foreign = new DelegatingDataSource(source);
		this.runner
			.run((context) -> assertThat(MigrationDataSource.of(context, new Rewriting(foreign), Rewriting.class))
				.isSameAs(foreign));
	}

	private String parameter(String name) {
		Matcher matcher = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(this.database.url());
		return matcher.find() ? matcher.group(1) : "";
	}

	private String id() {
		return this.database.url().replaceFirst(".*/(\\w+)\\?.*", "$1");
	}

	static class Rewriting extends DelegatingDataSource {

		Rewriting(DataSource target) {
			super(target);
		}

	}

	static class Journal {

		private final List<String> entries = new ArrayList<>();

	}

	@Configuration(proxyBeanMethods = false)
	@Import(DatabaseInitializationDependencyConfigurer.class)
	static class Initialization {

		@Bean
		Journal journal() {
			return new Journal();
		}

		@Bean
		@DependsOnDatabaseInitialization
		String repository(Journal journal) {
			journal.entries.add("repository");
			return "repository";
		}

		@Bean
		ExpandContractInitializer expandContractInitializer(BeanFactory beanFactory, DataSource dataSource,
				Journal journal) {
			return new ExpandContractInitializer(() -> journal.entries.add("initialized with "
					+ new JdbcTemplate(MigrationDataSource.of(beanFactory, dataSource, Rewriting.class)).queryForList(
							"SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = 'users'",
							String.class)));
		}

	}

}
