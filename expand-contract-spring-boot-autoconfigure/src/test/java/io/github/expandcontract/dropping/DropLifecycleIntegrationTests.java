package io.github.expandcontract.dropping;

import io.github.expandcontract.Phase;
import io.github.expandcontract.coordination.ChangeStatus;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.DocPage;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A column and a table go away while an application runs.
 */
class DropLifecycleIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate legacy = this.database.jdbc();

	@Test
	void columnIsUnusedFirstThenGone() {
		try (ConfigurableApplicationContext context = start()) {
			CleanUp.Users users = context.getBean(CleanUp.Users.class);
			users.add("ada");
			this.legacy.update("INSERT INTO users (name, legacy_flag) VALUES ('bob', 'x')");
			users.forgotten();
			CleanUp.COLUMN.to(Phase.STOP_DUAL_WRITE, context);
			users.add("cleo");
			assertThat(users.columns()).containsExactly("id", "name");
			assertThatExceptionOfType(InvalidDataAccessApiUsageException.class).isThrownBy(users::forgotten)
				.withMessageContaining("legacy_flag");
			this.legacy.update("INSERT INTO users (name, legacy_flag) VALUES ('dora', 'y')");

			CleanUp.COLUMN.to(Phase.DUAL_WRITE, context);
			users.forgotten();
			assertThat(this.legacy.queryForList("SELECT legacy_flag FROM users ORDER BY id", String.class))
				.containsExactly(null, "x", null, "y");

			CleanUp.COLUMN.to(Phase.STOP_DUAL_WRITE, context);
			this.legacy.execute("CREATE VIEW flags AS SELECT legacy_flag FROM users");
			context.getBean(JdbcTemplate.class).queryForList("SELECT legacy_flag FROM users");
			ask(context, CleanUp.COLUMN, Phase.CONTRACT);
			awaitBlocked(context, CleanUp.COLUMN, "unannotated access");
			assertThat(detail(context, CleanUp.COLUMN, "dependents")).contains("view flags");
			assertThat(detail(context, CleanUp.COLUMN, "way back")).contains("From contract there is no way back");
			this.legacy.execute("DROP VIEW flags");
			context.getBean(Operations.class).accept(CleanUp.COLUMN.change(), "unannotated access", "ada");
			CleanUp.COLUMN.to(Phase.CONTRACT, context);
			users.add("eve");
			assertThat(users.columns()).containsExactly("id", "name");

			ask(context, CleanUp.COLUMN, Phase.SWITCH_READS);
			awaitBlocked(context, CleanUp.COLUMN, "way back");
			assertThat(detail(context, CleanUp.COLUMN, "way back")).contains("no way back from contract");
		}
		try (ConfigurableApplicationContext context = start()) {
			assertThat(CleanUp.COLUMN.phase(context)).isEqualTo(Phase.CONTRACT);
			context.getBean(CleanUp.Users.class).add("fred");
		}
	}

	@Test
	void tableIsSetAsideWhenNobodyUsesItAndGoneInTheEnd() {
		try (ConfigurableApplicationContext context = start()) {
			CleanUp.TABLE.to(Phase.SWITCH_READS, context);
			awaitCounters();
			this.legacy.update("UPDATE audit_2019 SET note = 'late' WHERE id = 1");
			awaitWrites();
			ask(context, CleanUp.TABLE, Phase.STOP_DUAL_WRITE);
			awaitBlocked(context, CleanUp.TABLE, "table statistics");
			assertThat(detail(context, CleanUp.TABLE, "table statistics")).contains("1 rows were written");
			context.getBean(Operations.class).accept(CleanUp.TABLE.change(), "table statistics", "ada");
			CleanUp.TABLE.to(Phase.STOP_DUAL_WRITE, context);
			assertThat(exists()).isFalse();
		}
		try (ConfigurableApplicationContext context = start(
				"expand-contract.changes.audit-2019-drop.phase=stop-dual-write")) {
			CleanUp.TABLE.to(Phase.SWITCH_READS, context);
			assertThat(this.legacy.queryForObject("SELECT count(*) FROM audit_2019", Long.class)).isEqualTo(100);
			CleanUp.TABLE.to(Phase.DUAL_WRITE, context);
			CleanUp.TABLE.to(Phase.CONTRACT, context);
			assertThat(exists()).isFalse();
			assertThat(this.legacy.queryForObject("""
					SELECT count(*) FROM pg_class
					 WHERE relnamespace = 'expand_contract'::regnamespace AND relname LIKE 'aside%'""", Long.class))
				.isZero();
		}
		try (ConfigurableApplicationContext context = start()) {
			assertThat(CleanUp.TABLE.phase(context)).isEqualTo(Phase.CONTRACT);
		}
	}

	@Test
	void pageShowsWhatRuns() {
		DocPage page = DocPage.read("drop.md");
		page.requireJavaIn(CleanUp.class);
		try (ConfigurableApplicationContext context = start()) {
			assertThat(context.getBean(Operations.class).declared()).hasSize(2);
			page.examples("sql").forEach(this.legacy::execute);
		}
	}

	private void awaitCounters() {
		ChangeWalk.await(() -> this.legacy.queryForObject("""
				SELECT count(*) FROM expand_contract.table_use u JOIN expand_contract.change c
				    ON c.id = u.change_id AND c.version = u.version""", Long.class) > 0, () -> "nothing is counted");
	}

	/**
	 * The server tells of them a moment after they were made.
	 */
	private void awaitWrites() {
		ChangeWalk.await(
				() -> this.legacy.queryForObject(
						"SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'audit_2019'", Long.class) > 0,
				() -> "the update is not counted");
	}

	private boolean exists() {
		return Boolean.TRUE
			.equals(this.legacy.queryForObject("SELECT to_regclass('audit_2019') IS NOT NULL", Boolean.class));
	}

	private static void ask(ConfigurableApplicationContext context, ChangeWalk walk, Phase target) {
		context.getBean(Operations.class).override(walk.change(), target, "ada");
	}

	private static void awaitBlocked(ConfigurableApplicationContext context, ChangeWalk walk, String name) {
		ChangeWalk.await(
				() -> status(context, walk).evidence()
					.stream()
					.anyMatch((row) -> row.name().equals(name) && row.verdict().name().equals("BLOCKS")),
				() -> String.valueOf(status(context, walk)));
	}

	private static String detail(ConfigurableApplicationContext context, ChangeWalk walk, String name) {
		return status(context, walk).evidence()
			.stream()
			.filter((row) -> row.name().equals(name))
			.findFirst()
			.orElseThrow()
			.detail();
	}

	private static ChangeStatus status(ConfigurableApplicationContext context, ChangeWalk walk) {
		return walk.status(context);
	}

	private ConfigurableApplicationContext start(String... properties) {
		return CleanUp.start(this.database.url(), properties);
	}

}
