package io.github.expandcontract.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;

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
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An application with the repositories in it. All of them share one pool, and so in turn
 * the very same connection: whether the scheduler puts the server's process beside this
 * one or on another processor makes more of a difference than all that is measured here.
 */
final class Instance implements AutoCloseable {

	private static final ChangeDeclaration CHANGE = ChangeDeclaration.renameColumn(BenchmarkDatabase.TABLE, "username",
			"handle");

	private static final ChangeDeclaration KEPT_NAME = ChangeDeclaration.changeType(BenchmarkDatabase.TABLE, "handle",
			"handle", "text", "handle::text", "handle::varchar(100)");

	// Enough for all rows to be filled beside the traffic
	private static final long PATIENCE_SECONDS = 1_800;

	private final ConfigurableApplicationContext context;

	private final ChangeDeclaration change;

	private Instance(ConfigurableApplicationContext context, ChangeDeclaration change) {
		this.context = context;
		this.change = change;
	}

	/**
	 * Starts an application that has the starter and a change.
	 */
	static Instance withChange(HikariDataSource pool) {
		return start(pool, CHANGE, Changing.class);
	}

	/**
	 * Starts an application that has the starter and a change that it makes in place.
	 */
	static Instance inPlace(HikariDataSource pool) {
		return start(pool, CHANGE, Changing.class, "--expand-contract.changes." + CHANGE.id() + ".strategy=in-place");
	}

	/**
	 * Starts an application that has the starter and a change of type under one name.
	 */
	static Instance keptName(HikariDataSource pool) {
		return start(pool, KEPT_NAME, Keeping.class);
	}

	/**
	 * Starts an application that has the starter and no change.
	 */
	static Instance withoutChange(HikariDataSource pool) {
		return start(pool, CHANGE, Application.class);
	}

	/**
	 * Starts an application that has no starter.
	 */
	static Instance withoutStarter(HikariDataSource pool) {
		return start(pool, CHANGE, Application.class,
				"--spring.autoconfigure.exclude=" + ExpandContractAutoConfiguration.class.getName());
	}

	private static Instance start(HikariDataSource pool, ChangeDeclaration change, Class<?> application,
			String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.addAll(List.of("--spring.main.banner-mode=off", "--logging.level.root=warn"));
		return new Instance(new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.initializers((context) -> ((GenericApplicationContext) context).registerBean("dataSource",
					DataSource.class, () -> pool, (definition) -> definition.setDestroyMethodName("")))
			.run(all.toArray(String[]::new)), change);
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
		if (!operations.override(this.change.id(), target, "benchmark")) {
			throw new IllegalStateException("There is no change " + this.change.id());
		}
		Admission admission = this.context.getBean(Admission.class);
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		while (admission.current().phases().get(this.change.id()) != target) {
			if (System.nanoTime() - deadline > 0) {
				throw new IllegalStateException(target + " is not reached: " + operations.status(this.change.id()));
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

	static class Keeping extends Application {

		@Bean
		ChangeDeclaration type() {
			return KEPT_NAME;
		}

	}

	static class Changing extends Application {

		@Bean
		ChangeDeclaration handle() {
			return CHANGE;
		}

	}

}
