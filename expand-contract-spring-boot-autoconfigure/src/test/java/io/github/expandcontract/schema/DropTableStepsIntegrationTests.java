package io.github.expandcontract.schema;

import java.time.Duration;

import javax.sql.DataSource;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.DropTable;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.schema.DropTableSteps.Place;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A table goes away.
 */
class DropTableStepsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMillis(300);

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	@BeforeEach
	void tables() {
		this.jdbc.execute("CREATE SCHEMA expand_contract");
		DropTableSteps.install(this.jdbc);
		TableUse.install(this.jdbc);
		this.jdbc.execute("""
				CREATE TABLE users (id bigint PRIMARY KEY);
				CREATE TABLE audit (id bigserial PRIMARY KEY, user_id bigint REFERENCES users, note text UNIQUE);
				INSERT INTO users VALUES (1);
				INSERT INTO audit (user_id, note) VALUES (1, 'a'), (NULL, 'b')""");
	}

	@Test
	void isSetAsideAndComesBackWithEverything() {
		String before = description();
		steps().check();
		aside(steps());
		assertThat(steps().place()).isEqualTo(Place.ASIDE);
		assertThat(this.jdbc.queryForObject("SELECT to_regclass('audit')", String.class)).isNull();
		steps().check();
		aside(steps());
		back(steps());
		assertThat(steps().place()).isEqualTo(Place.PRESENT);
		assertThat(description()).isEqualTo(before);
		back(steps());
		this.jdbc.update("INSERT INTO audit (user_id, note) VALUES (1, 'c')");
		aside(steps());
		contract(steps());
		assertThat(steps().place()).isEqualTo(Place.GONE);
		contract(steps());
		assertThat(this.jdbc.queryForList("SELECT * FROM expand_contract.table_aside")).isEmpty();
	}

	private String description() {
		return this.jdbc.queryForObject("""
				SELECT string_agg(pg_get_constraintdef(oid) || conname, ', ' ORDER BY conname)
				  || pg_get_serial_sequence('audit', 'id') || (SELECT string_agg(a::text, ' ' ORDER BY id) FROM audit a)
				FROM pg_constraint WHERE conrelid = 'audit'::regclass""", String.class);
	}

	@Test
	void goesOnWhereverItWasCut() {
		for (int cut = 1;; cut++) {
			Interrupting cutting = new Interrupting(this.database.dataSource(), cut);
			try {
				aside(steps(cutting));
				back(steps(cutting));
				aside(steps(cutting));
				contract(steps(cutting));
			}
			catch (RuntimeException ex) {
				assertThat(cutting.interrupted()).as(() -> String.valueOf(ex)).isTrue();
			}
			steps().check();
			if (steps().place() == Place.PRESENT) {
				aside(steps());
			}
			if (steps().place() == Place.ASIDE) {
				contract(steps());
			}
			assertThat(steps().place()).isEqualTo(Place.GONE);
			if (!cutting.interrupted()) {
				assertThat(cut).isGreaterThan(12);
				return;
			}
			this.jdbc.execute("CREATE TABLE audit (id bigserial PRIMARY KEY)");
		}
	}

	@Test
	void comesNotBackOverAnotherTableOfItsName() {
		aside(steps());
		this.jdbc.execute("CREATE TABLE audit (id int)");
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> back(steps()))
			.withMessageContaining("another public.audit");
		this.jdbc.execute("DROP TABLE audit");
		back(steps());
		assertThat(steps().place()).isEqualTo(Place.PRESENT);
	}

	@Test
	void comesBackToItsSchemaWhenTheDeclarationNamesNone() {
		this.jdbc.execute("CREATE SCHEMA crm; ALTER TABLE audit SET SCHEMA crm");
		aside(steps(this.database.dataSource(), new TableName("crm", "audit")));
		back(steps());
		assertThat(this.jdbc.queryForObject("SELECT to_regclass('crm.audit')", String.class)).isEqualTo("crm.audit");
	}

	@Test
	void tellsWhatBreaksFromWhatGoesAlong() {
		this.jdbc.execute(
				"""
						CREATE TABLE remarks (audit bigint CONSTRAINT remarks_audit REFERENCES audit);
						CREATE VIEW notes AS SELECT note FROM audit;
						CREATE POLICY audit_policy ON audit USING (note <> '');
						CREATE FUNCTION audited() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT max(id) FROM audit); END';
						CREATE FUNCTION other() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM users';
						""");
		assertThat(steps().dependents()).filteredOn(Dependent::blocking)
			.extracting(Dependent::identity)
			.containsExactlyInAnyOrder("notes", "audited()", "constraint remarks_audit on table remarks");
		aside(steps());
		assertThat(steps().dependents()).filteredOn(Dependent::blocking)
			.extracting(Dependent::kind)
			.containsExactlyInAnyOrder("view", "function", "table constraint");
		assertThatExceptionOfType(DependentObjectException.class).isThrownBy(() -> contract(steps()));
		assertThat(steps().place()).isEqualTo(Place.ASIDE);
	}

	@Test
	void countsWhoReadsAndWritesSinceThePhaseBegan() {
		TableUse use = new TableUse(new Ddl(this.database.dataSource(), LockRetry.defaults()));
		TableName audit = new TableName("public", "audit");
		this.jdbc.queryForList("SELECT * FROM audit WHERE note = 'none'");
		awaitCounters("seq_scan + idx_scan > 0 AND n_tup_ins = 2");
		use.read("audit-drop", 1, audit, Duration.ZERO);
		assertThat(use.last("audit-drop", 1)).hasValueSatisfying((counts) -> {
			assertThat(counts.scans()).isZero();
			assertThat(counts.writes()).isZero();
		});
		this.jdbc.update("UPDATE audit SET note = 'x' WHERE note = 'a'");
		awaitCounters("n_tup_upd = 1");
		use.read("audit-drop", 1, audit, Duration.ofHours(1));
		assertThat(use.last("audit-drop", 1).orElseThrow().writes()).isZero();
		use.read("audit-drop", 1, audit, Duration.ZERO);
		assertThat(use.last("audit-drop", 1)).hasValueSatisfying((counts) -> {
			assertThat(counts.scans()).isPositive();
			assertThat(counts.writes()).isOne();
		});
		this.jdbc.queryForList("SELECT pg_stat_reset()");
		awaitCounters("n_tup_upd = 0");
		use.read("audit-drop", 1, audit, Duration.ZERO);
		assertThat(use.last("audit-drop", 1).orElseThrow().writes()).isOne();
		use.read("audit-drop", 2, audit, Duration.ZERO);
		assertThat(use.last("audit-drop", 2).orElseThrow().writes()).isZero();
		assertThat(use.last("audit-drop", 1)).isEmpty();
	}

	/**
	 * The server tells of them a moment after the session that made them has ended.
	 */
	private void awaitCounters(String condition) {
		ChangeWalk.await(
				() -> this.jdbc.queryForObject(
						"SELECT count(*) FROM pg_stat_user_tables WHERE relname = 'audit' AND " + condition,
						Long.class) == 1,
				() -> String.valueOf(this.jdbc.queryForList("SELECT * FROM pg_stat_user_tables")));
	}

	@Test
	void thePlanIsWhatRuns() {
		for (Step step : steps().plan(Phase.EXPAND, Phase.CONTRACT)) {
			this.jdbc.execute(step.sql());
		}
		assertThat(steps().place()).isEqualTo(Place.GONE);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					CREATE VIEW audit AS SELECT 1 AS id                                | is not a table
					CREATE TABLE audit (id int) PARTITION BY LIST (id)                 | it is partitioned
					CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE audit PARTITION OF p DEFAULT | partition of another
					CREATE TABLE audit (id int); CREATE TABLE child () INHERITS (audit) | inheritance
					""")
	void refusesBeforeAnythingIsTouched(String sql, String reason) {
		this.jdbc.execute("DROP TABLE audit");
		this.jdbc.execute(sql);
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps().check())
			.withMessageContaining(reason);
	}

	private DropTableSteps steps() {
		return steps(this.database.dataSource());
	}

	private static DropTableSteps steps(DataSource dataSource) {
		return steps(dataSource, new TableName("public", "audit"));
	}

	private static DropTableSteps steps(DataSource dataSource, TableName table) {
		return new DropTableSteps(new Ddl(dataSource, LockRetry.defaults()),
				new DropTable("audit-drop", table, "test"));
	}

	private static void aside(DropTableSteps steps) {
		steps.setAside(PATIENCE, (within) -> {
		});
	}

	private static void back(DropTableSteps steps) {
		steps.bringBack(PATIENCE, (within) -> {
		});
	}

	private static void contract(DropTableSteps steps) {
		steps.contract(PATIENCE, (within) -> {
		});
	}

}
