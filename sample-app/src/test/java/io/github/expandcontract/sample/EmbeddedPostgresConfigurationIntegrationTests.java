package io.github.expandcontract.sample;

import java.sql.Connection;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class EmbeddedPostgresConfigurationIntegrationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
		.withUserConfiguration(EmbeddedPostgresConfiguration.class);

	@Test
	void bringsAServerAlongAndLeavesThePoolToSpringBoot() {
		this.runner.withPropertyValues("spring.datasource.hikari.maximum-pool-size=3").run((context) -> {
			assertThat(context).hasSingleBean(EmbeddedPostgres.class).hasSingleBean(HikariDataSource.class);
			assertThat(context.getBean(HikariDataSource.class).getMaximumPoolSize()).isEqualTo(3);
			try (Connection connection = context.getBean(DataSource.class).getConnection()) {
				assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("PostgreSQL");
			}
		});
	}

	@Test
	void startsNoServerWhenAnAddressIsGiven() {
		this.runner.withPropertyValues("spring.datasource.url=jdbc:postgresql://localhost/elsewhere").run((context) -> {
			assertThat(context).doesNotHaveBean(EmbeddedPostgres.class);
			assertThat(context.getBean(HikariDataSource.class).getJdbcUrl())
				.isEqualTo("jdbc:postgresql://localhost/elsewhere");
		});
	}

}
