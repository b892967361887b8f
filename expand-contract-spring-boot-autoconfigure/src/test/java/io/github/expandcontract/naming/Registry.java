package io.github.expandcontract.naming;

import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.testing.ChangeWalk;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * An application that knew people by one name and knows them by two.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Registry {

	static final ChangeWalk NAMES = new ChangeWalk("people-first-name");

	static final ChangeWalk HANDLE = new ChangeWalk("people-handle");

	static {
		// Two applications that start at once in one JVM would initialize it at once.
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
	}

	@Bean
	ChangeDeclaration splitNames() {
		return ChangeDeclaration.reshape("people")
			.from("full_name", "nullif(concat_ws(' ', first_name, last_name), '')")
			.into("first_name", "text", "split_part(full_name, ' ', 1)")
			.into("last_name", "text", "substr(full_name, nullif(strpos(full_name, ' '), 0) + 1)")
			.build();
	}

	static ConfigurableApplicationContext open(String url, String... properties) {
		return new SpringApplicationBuilder(Registry.class).web(WebApplicationType.NONE)
			.properties("spring.datasource.url=" + url, "spring.datasource.hikari.maximum-pool-size=8",
					"spring.flyway.locations=classpath:naming/migration", "spring.main.banner-mode=off",
					"expand-contract.heartbeat-interval=50ms")
			.properties(properties)
			.run();
	}

}
