package io.github.expandcontract.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.expandcontract.Phase;
import io.github.expandcontract.autoconfigure.ExpandContractAutoConfiguration;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.phase.Admission;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An application with the repositories in it, on a pool of its own.
 */
final class Instance implements AutoCloseable {

	private static final ChangeDeclaration CHANGE = ChangeDeclaration.renameColumn(BenchmarkDatabase.TABLE, "username",
			"handle");

	private static final long PATIENCE_SECONDS = 60;

	private final ConfigurableApplicationContext context;

	private Instance(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Starts an application that has the starter and a change.
	 */
	static Instance withChange(BenchmarkDatabase database) {
		return start(database, Changing.class);
	}

	/**
	 * Starts an application that has the starter and no change.
	 */
	static Instance withoutChange(BenchmarkDatabase database) {
		return start(database, Application.class);
	}

	/**
	 * Starts an application that has no starter.
	 */
	static Instance withoutStarter(BenchmarkDatabase database) {
		return start(database, Application.class,
				"--spring.autoconfigure.exclude=" + ExpandContractAutoConfiguration.class.getName());
	}

	private static Instance start(BenchmarkDatabase database, Class<?> application, String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		// Stronger than system properties that are empty.
		database.properties().forEach((name, value) -> all.add("--" + name + "=" + value));
		all.addAll(List.of("--spring.datasource.hikari.maximum-pool-size=2", "--spring.main.banner-mode=off",
				"--logging.level.root=warn", "--spring.aop.proxy-target-class=true"));
		return new Instance(
				new SpringApplicationBuilder(application).web(WebApplicationType.NONE).run(all.toArray(String[]::new)));
	}

	Users annotated() {
		return this.context.getBean(AnnotatedUsers.class);
	}

	Users handWritten(Phase phase) {
		return this.context.getBean(phase.name(), HandWrittenUsers.class);
	}

	/**
	 * Takes the change to a phase, and waits until it is there.
	 */
	void walk(Phase target) {
		Operations operations = this.context.getBean(Operations.class);
		if (!operations.override(CHANGE.id(), target, "benchmark")) {
			throw new IllegalStateException("There is no change " + CHANGE.id());
		}
		Admission admission = this.context.getBean(Admission.class);
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		while (admission.current().phases().get(CHANGE.id()) != target) {
			if (System.nanoTime() - deadline > 0) {
				throw new IllegalStateException(target + " is not reached: " + operations.status(CHANGE.id()));
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		AnnotatedUsers annotatedUsers(JdbcClient client) {
			return new AnnotatedUsers(client);
		}

		@Bean("DUAL_WRITE")
		HandWrittenUsers dualWrite(JdbcClient client) {
			return new HandWrittenUsers(client, UserTexts.DUAL_WRITE);
		}

		@Bean("SWITCH_READS")
		HandWrittenUsers switchReads(JdbcClient client) {
			return new HandWrittenUsers(client, UserTexts.SWITCH_READS);
		}

	}

	static class Changing extends Application {

		@Bean
		ChangeDeclaration handle() {
			return CHANGE;
		}

	}

}
