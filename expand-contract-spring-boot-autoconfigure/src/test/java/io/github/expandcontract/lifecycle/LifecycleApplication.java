package io.github.expandcontract.lifecycle;

import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.testing.TestDatabase;
import org.mybatis.spring.boot.autoconfigure.MybatisAutoConfiguration;

import io.github.expandcontract.testing.ChangeWalk;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/**
 * The application that the lifecycle tests take through the phases.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = { JooqAutoConfiguration.class, MybatisAutoConfiguration.class })
@Import({ UserQueries.class, JpaUsers.class })
class LifecycleApplication {

	static final ChangeWalk WALK = new ChangeWalk("users-handle");

	static {
		// Two applications that start at once in one JVM would initialize it at once.
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
	}

	static ConfigurableApplicationContext start(String url, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.datasource.url=" + url,
				"spring.datasource.hikari.maximum-pool-size=8", "spring.flyway.locations=classpath:lifecycle/migration",
				"spring.main.banner-mode=off", "expand-contract.heartbeat-interval=50ms"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(LifecycleApplication.class).web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new))
			.run();
	}

	static ConfigurableApplicationContext start(TestDatabase database, String... properties) {
		return start(database.url(), properties);
	}

}
