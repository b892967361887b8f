package io.github.expandcontract.dropping;

import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.ExpandContractRepository;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.testing.ChangeWalk;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An application that needs a column and a table no more.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(CleanUp.Users.class)
class CleanUp {

	static final ChangeWalk COLUMN = new ChangeWalk("users-legacy-flag");

	static final ChangeWalk TABLE = new ChangeWalk("audit-2019-drop");

	static {
		// Two applications that start at once in one JVM would initialize it at once.
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
	}

	static ConfigurableApplicationContext start(String url, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.datasource.url=" + url,
				"spring.datasource.hikari.maximum-pool-size=4", "spring.flyway.locations=classpath:dropping/migration",
				"spring.main.banner-mode=off", "expand-contract.heartbeat-interval=50ms"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(CleanUp.class).web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new))
			.run();
	}

	@Bean
	ChangeDeclaration legacyFlag() {
		return ChangeDeclaration.dropColumn("users", "legacy_flag");
	}

	@Bean
	ChangeDeclaration audit() {
		return ChangeDeclaration.dropTable("audit_2019");
	}

	/**
	 * The new release, which names neither.
	 */
	@ExpandContractRepository
	static class Users {

		private final JdbcClient client;

		Users(JdbcClient client) {
			this.client = client;
		}

		void add(String name) {
			this.client.sql("INSERT INTO users (name) VALUES (?)").param(name).update();
		}

		List<String> columns() {
			return List.copyOf(this.client.sql("SELECT * FROM users LIMIT 1").query().singleRow().keySet());
		}

		void forgotten() {
			this.client.sql("SELECT legacy_flag FROM users").query().listOfRows();
		}

	}

}
