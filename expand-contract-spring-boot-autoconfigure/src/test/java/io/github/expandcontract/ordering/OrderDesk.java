package io.github.expandcontract.ordering;

import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.testing.ChangeWalk;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application whose orders get a way of shipping and a total.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class OrderDesk {

	static final ChangeWalk SHIPPING = new ChangeWalk("orders-shipping-method");

	static final ChangeWalk TOTAL = new ChangeWalk("orders-total");

	static {
		// Two applications that start at once in one JVM would initialize it at once.
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
	}

	static ConfigurableApplicationContext open(String url, String... properties) {
		return open(OrderDesk.class, url, properties);
	}

	static ConfigurableApplicationContext open(Class<?> application, String url, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.datasource.url=" + url,
				"spring.datasource.hikari.maximum-pool-size=8", "spring.flyway.locations=classpath:ordering/migration",
				"spring.main.banner-mode=off", "expand-contract.heartbeat-interval=50ms"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new))
			.run();
	}

	/**
	 * Runs until it is killed.
	 * @param arguments the database's address and the properties
	 * @throws InterruptedException never
	 */
	public static void main(String[] arguments) throws InterruptedException {
		open(arguments[0], arguments[1].split(",", -1));
		Thread.currentThread().join();
	}

}
