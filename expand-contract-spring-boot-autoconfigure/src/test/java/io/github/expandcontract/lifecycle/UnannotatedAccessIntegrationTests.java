package io.github.expandcontract.lifecycle;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.expandcontract.Phase;
import io.github.expandcontract.actuate.ExpandContractEndpoint;
import io.github.expandcontract.actuate.UnannotatedDescriptor;
import io.github.expandcontract.jdbc.StatementCounts;
import io.github.expandcontract.jdbc.StatementRefusedException;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What becomes of statements that come from outside of annotated repositories, and what
 * an operator sees of them.
 */
class UnannotatedAccessIntegrationTests {

	private static final String INSERT = "INSERT INTO users (handle, email) VALUES (?, 'secret')";

	private static final String SHOWN = "INSERT INTO users (handle, email) VALUES (?, ?)";

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	@Test
	void warnRunsThemAsTheyAreAndSaysSoOnceForEachText() {
		run("warn", (context) -> {
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			ListAppender<ILoggingEvent> log = new ListAppender<>();
			Logger logger = (Logger) LoggerFactory.getLogger("io.github.expandcontract.jdbc.UnannotatedStatements");
			log.start();
			logger.addAppender(log);
			try {
				template.update(INSERT, "ada");
				template.update(INSERT.replace("secret", "other"), "bob");
				template.update("/* trace 1 */ " + INSERT, "cleo");
				template.execute("UPDATE users SET handle = 'dora' WHERE handle = 'cleo' AND id < 1000");
				template.queryForList("SELECT email FROM users");
				context.getBean(UserQueries.class).insertAndReturnRow("eve");
			}
			finally {
				logger.detachAppender(log);
			}
			assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage)
				.hasSize(2)
				.allSatisfy((message) -> assertThat(message).contains("@ExpandContractRepository")
					.doesNotContain("secret", "dora"))
				.anySatisfy((message) -> assertThat(message).endsWith(SHOWN));
			assertThat(shown(context)).extracting(UnannotatedDescriptor::sql, UnannotatedDescriptor::count)
				.containsExactly(tuple(SHOWN, 3L),
						tuple("UPDATE users SET handle = ? WHERE handle = ? AND id < ?", 1L));
			assertThat(context.getBean(StatementCounts.class).unannotated()).isEqualTo(4);
			// The trigger has kept the columns in step.
			assertThat(users()).containsOnlyKeys("ada", "bob", "dora", "eve")
				.allSatisfy((username, handle) -> assertThat(handle).isEqualTo(username));
		});
	}

	@Test
	void rewriteTreatsThemAsIfTheyWereAnnotated() {
		run("rewrite", (context) -> {
			this.plain.execute("ALTER TABLE users DISABLE TRIGGER USER");
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			template.update(INSERT, "ada");
			template.update(INSERT, "bob");
			context.getBean(UserQueries.class).insertAndReturnRow("eve");
			assertThat(users()).containsOnlyKeys("ada", "bob", "eve")
				.allSatisfy((username, handle) -> assertThat(handle).isEqualTo(username));
			assertThat(shown(context)).extracting(UnannotatedDescriptor::sql, UnannotatedDescriptor::count)
				.containsExactly(tuple(SHOWN, 2L));
			assertThat(context.getBean(StatementCounts.class).unannotated()).isEqualTo(2);
		});
	}

	@Test
	void failRefusesThemAndShowsThem() {
		run("fail", (context) -> {
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			for (String name : List.of("ada", "bob")) {
				assertThatExceptionOfType(InvalidDataAccessApiUsageException.class)
					.isThrownBy(() -> template.update(INSERT, name))
					.withMessageContaining("INSERT INTO users")
					.withMessageContaining("does not come from an annotated repository")
					.withMessageContaining("expand-contract.unannotated-access")
					.withRootCauseInstanceOf(StatementRefusedException.class);
			}
			assertThat(template.queryForList("SELECT email FROM users")).isEmpty();
			context.getBean(UserQueries.class).insertAndReturnRow("eve");
			assertThat(users()).containsOnlyKeys("eve");
			assertThat(shown(context)).extracting(UnannotatedDescriptor::sql, UnannotatedDescriptor::count)
				.containsExactly(tuple(SHOWN, 2L));
			assertThat(context.getBean(StatementCounts.class).unannotated()).isEqualTo(2);
			assertThat(context.getBean(StatementCounts.class).refused()).isEqualTo(2);
		});
	}

	private void run(String access, Consumer<ConfigurableApplicationContext> test) {
		try (ConfigurableApplicationContext context = LifecycleApplication.start(this.database,
				"management.endpoints.web.exposure.include=expandcontract",
				"expand-contract.unannotated-access=" + access)) {
			LifecycleApplication.WALK.to(Phase.DUAL_WRITE, context);
			test.accept(context);
		}
	}

	private static List<UnannotatedDescriptor> shown(ConfigurableApplicationContext context) {
		return context.getBean(ExpandContractEndpoint.class).overview().unannotated();
	}

	private Map<String, String> users() {
		return this.plain.query("SELECT username, handle FROM users", (results) -> {
			Map<String, String> users = new java.util.HashMap<>();
			while (results.next()) {
				users.put(results.getString(1), results.getString(2));
			}
			return users;
		});
	}

}
