package io.github.expandcontract.pricing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.expandcontract.Phase;
import io.github.expandcontract.coordination.ChangeStatus;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.phase.Admission;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application whose prices were cents and become decimals.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Shop {

	static final String CHANGE = "products-price-decimal";

	static {
		// Two applications that start at once in one JVM would initialize it at once.
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
	}

	static ConfigurableApplicationContext open(String url, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.datasource.url=" + url,
				"spring.datasource.hikari.maximum-pool-size=8", "spring.flyway.locations=classpath:pricing/migration",
				"spring.main.banner-mode=off", "expand-contract.heartbeat-interval=50ms"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(Shop.class).web(WebApplicationType.NONE)
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

	static ChangeStatus status(ApplicationContext context) {
		return context.getBean(Operations.class).status(CHANGE).orElseThrow();
	}

	static Phase phase(ApplicationContext context) {
		return context.getBean(Admission.class).current().phases().get(CHANGE);
	}

	/**
	 * Asks for a phase and waits until every given instance runs in it.
	 */
	static void walk(Phase target, ApplicationContext... contexts) {
		contexts[0].getBean(Operations.class).override(CHANGE, target, "test");
		for (ApplicationContext context : contexts) {
			await(() -> phase(context) == target, () -> target + " is not reached: " + status(contexts[0]));
		}
	}

	static void await(BooleanSupplier condition, Supplier<String> otherwise) {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - deadline > 0) {
				throw new AssertionError(otherwise.get());
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
		}
	}

}
