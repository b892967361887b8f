package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import java.time.Duration;

import javax.sql.DataSource;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.DropColumn;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * A column goes away.
 */
class DropColumnStepsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMillis(300);

	private static final String INSERT = "INSERT INTO users (id) VALUES (1)";

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	@BeforeEach
	void users() {
		this.jdbc.execute("CREATE TABLE users (id bigint PRIMARY KEY, name text, flag text NOT NULL)");
	}

	@Test
	void insertThatDoesNotNameTheColumnWorksFromTheFirstPhaseOn() {
		assertThatExceptionOfType(DataIntegrityViolationException.class).isThrownBy(() -> this.jdbc.update(INSERT));
		steps().check();
		steps().expand();
		this.jdbc.update(INSERT);
		this.jdbc.update("INSERT INTO users (id, flag) VALUES (2, 'legacy')");
		assertThat(steps().plan(Phase.EXPAND, Phase.EXPAND)).isEmpty();
		contract(steps());
		assertThat(steps().isOver()).isTrue();
		assertThat(this.jdbc.queryForList("SELECT * FROM users ORDER BY id"))
			.allSatisfy((row) -> assertThat(row).containsOnlyKeys("id", "name"));
		steps().check();
		steps().expand();
		contract(steps());
		assertThat(steps().plan(Phase.EXPAND, Phase.CONTRACT)).isEmpty();
	}

	@Test
	void columnWithADefaultStaysNotNull() {
		this.jdbc.execute("ALTER TABLE users ALTER COLUMN flag SET DEFAULT 'none'");
		assertThat(steps().plan(Phase.EXPAND, Phase.EXPAND)).isEmpty();
		steps().expand();
		this.jdbc.update(INSERT);
		assertThat(this.jdbc.queryForObject("SELECT flag FROM users", String.class)).isEqualTo("none");
	}

	@Test
	void thePlanIsWhatRuns() {
		List<Step> plan = new ArrayList<>(steps().plan(Phase.EXPAND, Phase.EXPAND));
		plan.addAll(steps().plan(Phase.STOP_DUAL_WRITE, Phase.CONTRACT));
		assertThat(plan).extracting(Step::sql).anyMatch((sql) -> sql.endsWith("DROP NOT NULL"));
		for (Step step : plan) {
			if (step.sql().startsWith("ALTER")) {
				this.jdbc.execute(step.sql());
			}
		}
		assertThat(steps().isOver()).isTrue();
	}

	@Test
	void goesOnWhereverItWasCut() {
		for (int cut = 1;; cut++) {
			this.jdbc.execute("DROP TABLE users");
			users();
			Interrupting cutting = new Interrupting(this.database.dataSource(), cut);
			try {
				steps(cutting).expand();
				contract(steps(cutting));
			}
			catch (RuntimeException ex) {
				assertThat(cutting.interrupted()).as(() -> String.valueOf(ex)).isTrue();
			}
			steps().check();
			if (!steps().isOver()) {
				steps().expand();
				contract(steps());
			}
			assertThat(steps().isOver()).isTrue();
			if (!cutting.interrupted()) {
				assertThat(cut).isGreaterThan(4);
				return;
			}
		}
	}

	@Test
	void tellsWhatBreaksFromWhatGoesAlong() {
		this.jdbc.execute("""
				ALTER TABLE users ADD CONSTRAINT flag_check CHECK (flag <> ''), ADD CONSTRAINT flag_key UNIQUE (flag),
				  ADD COLUMN twice text GENERATED ALWAYS AS (flag || flag) STORED;
				CREATE INDEX users_by_flag_and_name ON users (flag, name);
				CREATE TABLE orders (flag text CONSTRAINT orders_flag REFERENCES users (flag));
				CREATE VIEW flags AS SELECT flag FROM users;
				CREATE VIEW names AS SELECT name FROM users;
				CREATE FUNCTION flagged() RETURNS bigint LANGUAGE sql AS 'SELECT count(flag) FROM users';
				CREATE FUNCTION other() RETURNS bigint LANGUAGE sql AS 'SELECT count(name) FROM users';
				CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.flag := 1; RETURN NEW; END';
				CREATE TRIGGER stamp BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION stamp();
				CREATE POLICY flag_policy ON users USING (flag = 'x');
				""");
		assertThat(steps().dependents()).filteredOn(Dependent::blocking)
			.extracting(Dependent::identity)
			.containsExactlyInAnyOrder("flags", "flagged()", "stamp()", "constraint orders_flag on table orders",
					"policy flag_policy on table users", "column twice of table users");
		assertThat(steps().dependents()).filteredOn((dependent) -> !dependent.blocking())
			.extracting(Dependent::identity)
			.containsExactlyInAnyOrder("constraint flag_check on table users", "constraint flag_key on table users",
					"index users_by_flag_and_name");
		assertThatExceptionOfType(DependentObjectException.class).isThrownBy(() -> contract(steps()))
			.withMessageContaining("other objects depend on it");
		assertThat(steps().isOver()).isFalse();
	}

	@Test
	void generatedColumnDoesNotGoAlong() {
		this.jdbc.execute("ALTER TABLE users ADD twice text GENERATED ALWAYS AS (flag || flag) STORED");
		assertThat(steps().dependents()).extracting(Dependent::kind, Dependent::identity, Dependent::blocking)
			.containsExactly(tuple("generated column", "column twice of table users", true));
		assertThatExceptionOfType(DependentObjectException.class).isThrownBy(() -> contract(steps()))
			.withMessageContaining("other objects depend on it");
		assertThat(this.jdbc.queryForList("SELECT flag, twice FROM users")).isEmpty();
		this.jdbc.execute("ALTER TABLE users DROP twice");
		contract(steps());
		assertThat(steps().isOver()).isTrue();
	}

	@Test
	void indexByWhichReplicationFindsRowsBlocks() {
		this.jdbc.execute("""
				CREATE UNIQUE INDEX users_flag ON users (flag);
				ALTER TABLE users REPLICA IDENTITY USING INDEX users_flag""");
		assertThat(steps().dependents()).extracting(Dependent::identity, Dependent::blocking)
			.containsExactly(tuple("index users_flag", true));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ALTER TABLE users ADD PRIMARY KEY (id, flag)                       | primary key
			ALTER TABLE users INHERIT parent                                   | inherited
			ALTER TABLE users ALTER COLUMN flag TYPE required                  | domain forbids NULL
			DROP TABLE users; CREATE VIEW users AS SELECT 1 AS flag            | is not a table
			DROP TABLE users; CREATE TABLE users (flag text) PARTITION BY LIST (flag) | partitioned by the column
			DROP TABLE users; CREATE TABLE users (flag text) PARTITION BY LIST (lower(flag)) | partitioned by the column
			""")
	void refusesBeforeAnythingIsTouched(String sql, String reason) {
		this.jdbc.execute("""
				ALTER TABLE users DROP CONSTRAINT users_pkey;
				CREATE TABLE parent (flag text NOT NULL);
				CREATE DOMAIN required AS text NOT NULL""");
		this.jdbc.execute(sql);
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps().check())
			.withMessageContaining(reason);
	}

	private DropColumnSteps steps() {
		return steps(this.database.dataSource());
	}

	private static DropColumnSteps steps(DataSource dataSource) {
		return new DropColumnSteps(new Ddl(dataSource, LockRetry.defaults()),
				new DropColumn("users-flag", new TableName("public", "users"), "flag", "test"));
	}

	private static void contract(DropColumnSteps steps) {
		steps.contract(PATIENCE, (within) -> {
		});
	}

}
