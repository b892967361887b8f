package io.github.expandcontract.lifecycle;

import java.util.regex.Pattern;

import io.github.expandcontract.Phase;
import io.github.expandcontract.actuate.ChangeDescriptor;
import io.github.expandcontract.actuate.ChangeDescriptor.EvidenceDescriptor;
import io.github.expandcontract.actuate.ExpandContractEndpoint;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What keeps a running application from taking away what others still use, and how an
 * operator lets it pass.
 */
class EvidenceIntegrationTests {

	private static final String EXPOSED = "management.endpoints.web.exposure.include=expandcontract";

	private static final String LEGACY = "SELECT email FROM users WHERE username = 'secret'";

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate legacy = this.database.jdbc();

	@Test
	void statementOfAnyoneThatNamesTheOldColumnBlocksContractUntilItIsAccepted() {
		try (ConfigurableApplicationContext context = start()) {
			// Not in the schema of the application: no migration may find it there.
			this.legacy.execute("CREATE SCHEMA monitoring");
			this.legacy.execute("CREATE EXTENSION pg_stat_statements SCHEMA monitoring");
			makeRoom("monitoring");
			LifecycleApplication.WALK.to(Phase.STOP_DUAL_WRITE, context);
			awaitEvidenceReading();
			context.getBean(UserRepository.class).save(new User(null, "ada", null));
			context.getBean(UserQueries.class).insertAndReturnRow("eve");
			this.legacy.execute(LEGACY);
			ask(context, Phase.CONTRACT);
			awaitVerdict(context, "statements", "blocks");
			assertThat(evidence(context, "statements").detail()).contains("1 times by postgres")
				.contains("WHERE username = $1")
				.contains("\"evidence\":\"statements\"")
				.doesNotContain("secret")
				.doesNotContain("INSERT");
			assertThat(LifecycleApplication.WALK.phase(context)).isEqualTo(Phase.STOP_DUAL_WRITE);
			ChangeWalk.await(() -> String.join("", change(context).waitsFor()).contains("WHERE username = $1"),
					() -> String.valueOf(change(context)));

			ChangeDescriptor accepted = endpoint(context).act("users-handle", "accept", null, "ada", "statements");
			assertThat(accepted).isNotNull();
			ChangeWalk.await(() -> LifecycleApplication.WALK.phase(context) == Phase.CONTRACT,
					() -> String.valueOf(change(context)));
			assertThat(this.legacy.queryForList("SELECT accepted_by FROM expand_contract.acceptance", String.class))
				.containsExactly("ada");
		}
	}

	@Test
	void whatWasAcceptedInOnePhaseStandsAgainInTheNext() {
		try (ConfigurableApplicationContext context = start()) {
			this.legacy.execute("CREATE EXTENSION pg_stat_statements");
			makeRoom("public");
			LifecycleApplication.WALK.to(Phase.STOP_DUAL_WRITE, context);
			awaitEvidenceReading();
			this.legacy.execute("ALTER TABLE users DISABLE TRIGGER USER");
			this.legacy.execute(LEGACY);
			ask(context, Phase.CONTRACT);
			awaitVerdict(context, "statements", "blocks");
			endpoint(context).act("users-handle", "accept", null, "ada", "statements");
			assertThat(evidence(context, "statements").verdict()).isEqualTo("ok");
			assertThat(evidence(context, "statements").detail()).startsWith("Accepted by ada at ");
			this.legacy.execute("ALTER TABLE users ENABLE TRIGGER USER");
		}
		try (ConfigurableApplicationContext context = start(
				"expand-contract.changes.users-handle.phase=switch-reads")) {
			LifecycleApplication.WALK.to(Phase.SWITCH_READS, context);
			LifecycleApplication.WALK.to(Phase.STOP_DUAL_WRITE, context);
			awaitEvidenceReading();
			this.legacy.execute(LEGACY);
			ask(context, Phase.CONTRACT);
			awaitVerdict(context, "statements", "blocks");
		}
	}

	@Test
	void disabledTriggerBlocksWithTheStatementThatEnablesIt() {
		try (ConfigurableApplicationContext context = start()) {
			LifecycleApplication.WALK.to(Phase.SWITCH_READS, context);
			this.legacy.execute("ALTER TABLE users DISABLE TRIGGER USER");
			ask(context, Phase.STOP_DUAL_WRITE);
			awaitVerdict(context, "synchronization", "blocks");
			String detail = evidence(context, "synchronization").detail();
			assertThat(detail).contains("ALTER TABLE \"public\".\"users\" ENABLE TRIGGER ");
			detail.lines()
				.flatMap(
						(line) -> Pattern.compile("ALTER TABLE \\S+ ENABLE TRIGGER \"[^\"]+\"").matcher(line).results())
				.forEach((statement) -> this.legacy.execute(statement.group()));
			ChangeWalk.await(() -> LifecycleApplication.WALK.phase(context) == Phase.STOP_DUAL_WRITE,
					() -> String.valueOf(change(context)));
			this.legacy.execute("DROP TRIGGER \"" + this.legacy.queryForObject("""
					SELECT tgname FROM pg_trigger
					 WHERE tgrelid = 'users'::regclass AND tgname LIKE 'zzz%upd%'""", String.class) + "\" ON users");
			ask(context, Phase.CONTRACT);
			awaitVerdict(context, "synchronization", "blocks");
			assertThat(evidence(context, "synchronization").detail()).contains("is gone", "Restart one instance");
		}
	}

	@Test
	void unannotatedStatementOfAnyInstanceBlocksContract() {
		try (ConfigurableApplicationContext context = start()) {
			try (ConfigurableApplicationContext other = start()) {
				LifecycleApplication.WALK.to(Phase.SWITCH_READS, context, other);
				other.getBean(JdbcTemplate.class).queryForList("SELECT username FROM users WHERE id = 1");
				awaitReported("SWITCH_READS");
				LifecycleApplication.WALK.to(Phase.STOP_DUAL_WRITE, context, other);
				JdbcTemplate template = other.getBean(JdbcTemplate.class);
				template.queryForList("SELECT username, email FROM users WHERE username = 'secret'");
				template.queryForList("SELECT handle FROM users WHERE handle = 'username'");
				awaitReported("STOP_DUAL_WRITE");
			}
			ask(context, Phase.CONTRACT);
			awaitVerdict(context, "unannotated access", "blocks");
			assertThat(evidence(context, "unannotated access").detail()).contains("1 times on application/")
				.contains("SELECT username, email FROM users WHERE username = ?")
				.doesNotContain("secret")
				.doesNotContain("SELECT handle")
				.doesNotContain("WHERE id");
			endpoint(context).act("users-handle", "accept", null, null, "unannotated access");
			ChangeWalk.await(() -> LifecycleApplication.WALK.phase(context) == Phase.CONTRACT,
					() -> String.valueOf(change(context)));
		}
	}

	@Test
	void whereTheyAreRewrittenUnannotatedStatementsAreNoDanger() {
		try (ConfigurableApplicationContext context = start("expand-contract.unannotated-access=rewrite")) {
			LifecycleApplication.WALK.to(Phase.STOP_DUAL_WRITE, context);
			context.getBean(JdbcTemplate.class).queryForList("SELECT handle FROM users");
			LifecycleApplication.WALK.to(Phase.CONTRACT, context);
		}
	}

	private void awaitReported(String phase) {
		ChangeWalk.await(() -> this.legacy.queryForObject("""
				SELECT count(*) FROM expand_contract.unannotated_use u JOIN expand_contract.change c
				    ON c.id = u.change_id AND c.version = u.version
				 WHERE c.phase = ?""", Long.class, phase) > 0, () -> "nothing is reported in " + phase);
	}

	/**
	 * The statistics are the server's, and full of what other tests have run: to find
	 * room it forgets statements that came once.
	 */
	private void makeRoom(String schema) {
		this.legacy.execute("SELECT " + schema + ".pg_stat_statements_reset()");
	}

	private void awaitEvidenceReading() {
		ChangeWalk.await(() -> this.legacy.queryForObject("""
				SELECT count(*) FROM expand_contract.statement_reading r JOIN expand_contract.change c
				    ON c.id = r.change_id AND c.version = r.version""", Long.class) > 0, () -> "nothing is read");
	}

	private static void awaitVerdict(ConfigurableApplicationContext context, String name, String verdict) {
		ChangeWalk.await(() -> evidence(context, name).verdict().equals(verdict),
				() -> String.valueOf(change(context)));
	}

	private static EvidenceDescriptor evidence(ConfigurableApplicationContext context, String name) {
		return change(context).evidence()
			.stream()
			.filter((row) -> row.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new AssertionError("no " + name + " in " + change(context)));
	}

	private static void ask(ConfigurableApplicationContext context, Phase target) {
		endpoint(context).act("users-handle", "target", target, "ada", null);
	}

	private ConfigurableApplicationContext start(String... properties) {
		String[] all = new String[properties.length + 1];
		System.arraycopy(properties, 0, all, 1, properties.length);
		all[0] = EXPOSED;
		return LifecycleApplication.start(this.database, all);
	}

	private static ExpandContractEndpoint endpoint(ConfigurableApplicationContext context) {
		return context.getBean(ExpandContractEndpoint.class);
	}

	private static ChangeDescriptor change(ConfigurableApplicationContext context) {
		return endpoint(context).change("users-handle");
	}

}
