package io.github.expandcontract.autoconfigure;

import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayDataSource;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.metrics.DataSourcePoolMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

class ExpandContractDataSourcePostProcessorTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Processing.class);

	@Test
	void wrapsTheOnlyDataSourceAndItStillUnwraps() {
		this.runner.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=jdbc:postgresql://localhost:1/none")
			.run((context) -> {
				DataSource dataSource = context.getBean(DataSource.class);
				assertThat(dataSource).isInstanceOf(Wrapped.class);
				assertThat(dataSource.unwrap(HikariDataSource.class)).isNotNull();
				assertThat(DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class)).isNotNull();
			});
	}

	@Test
	void leavesMetricsOfThePool() {
		this.runner
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourcePoolMetricsAutoConfiguration.class, MetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("spring.datasource.url=jdbc:postgresql://localhost:1/none")
			.run((context) -> {
				HikariDataSource pool = context.getBean(DataSource.class).unwrap(HikariDataSource.class);
				assertThat(context).hasNotFailed();
				assertThat(pool.getMetricRegistry() != null || pool.getMetricsTrackerFactory() != null).isTrue();
			});
	}

	@Test
	void wrapsThePrimaryOneOfSeveral() {
		this.runner.withUserConfiguration(WithPrimary.class)
			.run((context) -> assertWrapped(context, Map.of("main", true, "reports", false)));
	}

	@Test
	void wrapsTheOneThatIsNotForFlyway() {
		this.runner.withUserConfiguration(ForFlyway.class)
			.run((context) -> assertWrapped(context, Map.of("main", true, "migrations", false)));
	}

	@Test
	void wrapsTheOnlyDefaultCandidate() {
		this.runner.withUserConfiguration(WithNonDefault.class)
			.run((context) -> assertWrapped(context, Map.of("main", true, "reports", false)));
	}

	@Test
	void wrapsTheOneThatIsNoFallback() {
		this.runner.withUserConfiguration(WithFallback.class)
			.run((context) -> assertWrapped(context, Map.of("main", true, "reports", false)));
	}

	@Test
	void wrapsTheOneThatThePropertyNames() {
		this.runner.withUserConfiguration(WithPrimary.class)
			.withPropertyValues("expand-contract.data-source=reports")
			.run((context) -> assertWrapped(context, Map.of("main", false, "reports", true)));
	}

	@Test
	void refusesPropertyThatNamesNoDataSource() {
		this.runner.withUserConfiguration(WithPrimary.class)
			.withPropertyValues("expand-contract.data-source=nothing")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(DataSourceSelectionException.class)
				.hasMessageContaining("'nothing'")
				.hasMessageContaining("'main', 'reports'"));
	}

	@Test
	void wrapsNoneWhereItCannotTell() {
		this.runner.withUserConfiguration(Ambiguous.class)
			.run((context) -> assertWrapped(context, Map.of("main", false, "reports", false)));
	}

	@Test
	void initializesNothingByItself() {
		this.runner.withUserConfiguration(OnlyLazy.class)
			.run((context) -> assertThat(context.getBeanFactory().containsSingleton("main")).isFalse());
	}

	private static void assertWrapped(AssertableApplicationContext context, Map<String, Boolean> expected) {
		assertThat(context).hasNotFailed();
		expected.forEach(
				(name, wrapped) -> assertThat(context.getBean(name) instanceof Wrapped).as(name).isEqualTo(wrapped));
	}

	private static DataSource source() {
		return new HikariDataSource();
	}

	static class Wrapped extends DelegatingDataSource {

		Wrapped(DataSource target) {
			super(target);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Processing {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static ExpandContractDataSourcePostProcessor postProcessor(ConfigurableListableBeanFactory beanFactory,
				Environment environment) {
			return new ExpandContractDataSourcePostProcessor(beanFactory,
					environment.getProperty("expand-contract.data-source"), () -> Wrapped::new);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WithPrimary {

		@Bean
		@Primary
		DataSource main() {
			return source();
		}

		@Bean
		DataSource reports() {
			return source();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ForFlyway {

		@Bean
		DataSource main() {
			return source();
		}

		@Bean
		@FlywayDataSource
		DataSource migrations() {
			return source();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WithNonDefault {

		@Bean
		DataSource main() {
			return source();
		}

		@Bean(defaultCandidate = false)
		DataSource reports() {
			return source();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WithFallback {

		@Bean
		DataSource main() {
			return source();
		}

		@Bean
		@Fallback
		DataSource reports() {
			return source();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Ambiguous {

		@Bean
		DataSource main() {
			return source();
		}

		@Bean
		DataSource reports() {
			return source();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OnlyLazy {

		@Bean
		@Lazy
		DataSource main() {
			return source();
		}

	}

}
