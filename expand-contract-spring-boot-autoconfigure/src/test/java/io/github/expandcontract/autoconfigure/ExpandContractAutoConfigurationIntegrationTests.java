package io.github.expandcontract.autoconfigure;

import java.sql.Connection;
import java.util.Optional;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.expandcontract.actuate.ChangeMeters;
import io.github.expandcontract.actuate.ExpandContractEndpoint;
import io.github.expandcontract.actuate.ExpandContractHealthIndicator;
import io.github.expandcontract.actuate.StatementMeters;
import io.github.expandcontract.backfill.BackfillThrottle;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.testing.TestDatabase;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

class ExpandContractAutoConfigurationIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
				ExpandContractAutoConfiguration.class, ExpandContractActuatorAutoConfiguration.class))
		.withPropertyValues("spring.datasource.url=" + this.database.url(),
				"management.endpoints.web.exposure.include=expandcontract");

	private final ApplicationContextRunner declaring = this.runner.withUserConfiguration(Declaring.class);

	@Test
	void configuresEverythingForDeclaredChange() {
		createUsers();
		this.declaring.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).hasSingleBean(ExpandContractEndpoint.class)
				.hasSingleBean(ExpandContractHealthIndicator.class)
				.hasSingleBean(ChangeMeters.class)
				.hasSingleBean(StatementMeters.class);
			assertThat(context.getBean(Operations.class).declared()).singleElement()
				.extracting((change) -> change.id())
				.isEqualTo("users-handle");
			assertThat(context.getBean(EngineLifecycle.class).isRunning()).isTrue();
		});
	}

	@Test
	void touchesNothingWhenDisabled() {
		createUsers();
		this.declaring.withPropertyValues("expand-contract.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(Operations.class)
				.doesNotHaveBean(ExpandContractProperties.class)
				.doesNotHaveBean(ExpandContractEndpoint.class)
				.doesNotHaveBean(StatementMeters.class);
			assertUntouched();
		});
	}

	@Test
	void backsOffWithoutDataSource() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ExpandContractAutoConfiguration.class,
					ExpandContractActuatorAutoConfiguration.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).doesNotHaveBean(Operations.class).doesNotHaveBean(ExpandContractEndpoint.class);
			});
	}

	@Test
	void opensNoPoolAndWrapsNoConnectionWhenNoChangeIsDeclared() {
		createUsers();
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeanFactory().containsSingleton("expandContractControlDataSource")).isFalse();
			assertThat(context.getBean(EngineLifecycle.class).isRunning()).isFalse();
			try (Connection connection = context.getBean(DataSource.class).getConnection()) {
				assertThat(connection.getClass().getName()).startsWith("com.zaxxer.hikari.pool.");
			}
			assertUntouched();
		});
	}

	@Test
	void severalDataSourcesAreNoMistakeWhenNoChangeIsDeclared() {
		this.runner.withUserConfiguration(Several.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void severalDataSourcesStopTheStartWhenChangeIsDeclared() {
		this.declaring.withUserConfiguration(Several.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(DataSourceSelectionException.class)
				.hasMessageContaining("'one', 'two'"));
	}

	@Test
	void namedOneOfSeveralDataSourcesIsTaken() {
		createUsers();
		this.declaring.withUserConfiguration(Several.class)
			.withPropertyValues("expand-contract.data-source=two")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void backsOffWithoutActuator() {
		createUsers();
		this.declaring.withClassLoader(new FilteredClassLoader(Endpoint.class, HealthIndicator.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).doesNotHaveBean(ExpandContractEndpoint.class)
					.doesNotHaveBean(ExpandContractHealthIndicator.class)
					.hasSingleBean(StatementMeters.class);
			});
	}

	@Test
	void backsOffWithoutMicrometer() {
		createUsers();
		this.declaring.withClassLoader(new FilteredClassLoader(MeterBinder.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(StatementMeters.class)
				.doesNotHaveBean(ChangeMeters.class)
				.hasSingleBean(ExpandContractEndpoint.class);
		});
	}

	@Test
	void endpointIsThereOnlyWhenExposed() {
		createUsers();
		this.declaring.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(ExpandContractEndpoint.class));
	}

	@Test
	void healthIndicatorCanBeSwitchedOff() {
		createUsers();
		this.declaring.withPropertyValues("management.health.expandcontract.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ExpandContractHealthIndicator.class));
	}

	@Test
	void poolIsReachedByUnwrappingAndNotByItsType() {
		this.runner.run((context) -> {
			assertThat(context.getBean(DataSource.class).unwrap(HikariDataSource.class)).isNotNull();
			assertThat(context.getBeanNamesForType(HikariDataSource.class)).isEmpty();
		});
		this.runner.withUserConfiguration(ByType.class)
			.run((context) -> assertThat(context).getFailure().hasMessageContaining("HikariDataSource"));
	}

	@Test
	void usersOwnBeansReplaceOurs() {
		createUsers();
		this.declaring.withUserConfiguration(Own.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).hasSingleBean(Ddl.class).hasBean("own").doesNotHaveBean("expandContractDdl");
		});
	}

	private void createUsers() {
		this.database.jdbc().execute("CREATE TABLE users (id bigserial PRIMARY KEY, username text NOT NULL UNIQUE)");
	}

	private void assertUntouched() {
		JdbcTemplate jdbc = this.database.jdbc();
		assertThat(
				jdbc.queryForObject("SELECT count(*) FROM pg_namespace WHERE nspname = 'expand_contract'", Long.class))
			.isZero();
		assertThat(jdbc.queryForList("""
				SELECT attname FROM pg_attribute
				 WHERE attrelid = 'users'::regclass AND attnum > 0 ORDER BY attnum""", String.class))
			.containsExactly("id", "username");
	}

	@Configuration(proxyBeanMethods = false)
	static class Declaring {

		@Bean
		static ChangeDeclaration rename() {
			return ChangeDeclaration.renameColumn("users", "username", "handle");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Several {

		@Bean
		DataSource one() {
			return TestDatabase.create().dataSource();
		}

		@Bean
		DataSource two(Environment environment) {
			return new DriverManagerDataSource(environment.getRequiredProperty("spring.datasource.url"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ByType {

		@Bean
		String poolName(HikariDataSource pool) {
			return pool.getPoolName();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Own {

		@Bean
		Ddl own(DataSource dataSource) {
			return new Ddl(dataSource, LockRetry.defaults());
		}

		@Bean
		BackfillThrottle throttle() {
			return (table) -> Optional.empty();
		}

	}

}
