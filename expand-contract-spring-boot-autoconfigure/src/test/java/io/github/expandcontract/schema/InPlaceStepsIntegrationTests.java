package io.github.expandcontract.schema;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.RenameInPlace;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.LockUnavailableException;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The one step of a rename in place, and what must be so before.
 */
class InPlaceStepsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private static final RenameInPlace CHANGE = new RenameInPlace("users-handle", new TableName("public", "users"),
			"username", "handle", "User.handle");

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private final Ddl ddl = new Ddl(this.database.dataSource(), new LockRetry(PATIENCE, 3, Duration.ofMillis(50)));

	private final InPlaceSteps steps = new InPlaceSteps(this.ddl);

	private void contract() {
		this.steps.contract(CHANGE, PATIENCE, (within) -> {
		});
	}

	private void reopen() {
		this.steps.reopen(CHANGE, PATIENCE, (within) -> {
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			CREATE TABLE users (username text PRIMARY KEY)
			CREATE TABLE users (username int GENERATED ALWAYS AS IDENTITY)
			CREATE TABLE users (id int, username int GENERATED ALWAYS AS (id * 2) STORED)
			CREATE TABLE users (id int, username int, twice int GENERATED ALWAYS AS (username * 2) STORED)
			CREATE TABLE users (id int, username uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE)
			""")
	void renamesWhatACopyCouldNotFollowAndBack(String table) {
		this.jdbc.execute(table);
		this.steps.check(CHANGE);
		contract();
		assertThat(columns("users")).contains("handle").doesNotContain("username");
		this.steps.check(CHANGE);
		reopen();
		assertThat(columns("users")).contains("username").doesNotContain("handle");
	}

	@Test
	void renamesAPartitionKeyInEveryPartitionAndWhatOthersInherit() {
		this.jdbc.execute("""
				CREATE TABLE users (username text) PARTITION BY LIST (username);
				CREATE TABLE users_a PARTITION OF users FOR VALUES IN ('a')
				""");
		this.steps.check(CHANGE);
		contract();
		assertThat(columns("users_a")).containsExactly("handle");
		this.jdbc
			.execute("DROP TABLE users; CREATE TABLE users (username text); CREATE TABLE more () INHERITS (users)");
		this.steps.check(CHANGE);
		contract();
		assertThat(columns("more")).containsExactly("handle");
	}

	@Test
	void touchesNoRowAndKeepsViewsIndexesAndKeys() {
		this.jdbc.execute("""
				CREATE TABLE users (username text PRIMARY KEY CHECK (username <> ''));
				CREATE TABLE orders (by_user text REFERENCES users);
				CREATE VIEW names AS SELECT username AS name FROM users;
				INSERT INTO users VALUES ('ada'); INSERT INTO orders VALUES ('ada')
				""");
		Integer file = this.jdbc.queryForObject("SELECT pg_relation_filenode('users')", Integer.class);
		contract();
		assertThat(this.jdbc.queryForObject("SELECT pg_relation_filenode('users')", Integer.class)).isEqualTo(file);
		assertThat(this.jdbc.queryForObject("SELECT name FROM names", String.class)).isEqualTo("ada");
		assertThat(this.jdbc.queryForList(
				"SELECT pg_get_constraintdef(oid) FROM pg_constraint "
						+ "WHERE conrelid = 'users'::regclass AND contype IN ('p', 'c') ORDER BY contype",
				String.class))
			.containsExactly("CHECK ((handle <> ''::text))", "PRIMARY KEY (handle)");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					CREATE TABLE users (id int);                                    has no column "username"
					CREATE TABLE users (username text, handle text);                exists already beside "username"
					CREATE VIEW users AS SELECT 'x'::text AS username;              not a table but a view
					CREATE TEMP TABLE users (username text);                        does not exist
					CREATE TYPE person AS (username text)~ CREATE TABLE users OF person;        composite type
					CREATE TABLE everyone (username text)~ CREATE TABLE users () INHERITS (everyone);       inherited from another table
					CREATE TABLE everyone (username text) PARTITION BY LIST (username)~ CREATE TABLE users PARTITION OF everyone DEFAULT;  is a partition
					CREATE TABLE users (username text)~ CREATE TABLE more (handle text) INHERITS (users);   has one of the new name
					CREATE TABLE users (username text)~ CREATE TABLE other (username text)~ CREATE TABLE more () INHERITS (users, other);  yet another table
					""")
	void refusesBeforeAnythingIsTouched(String tables, String reason) {
		this.jdbc.execute(tables.replace('~', ';'));
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> this.steps.check(CHANGE))
			.withMessageContaining(reason);
	}

	@Test
	void refusesWhatTheServerWouldRefuse() {
		for (String tables : List.of("CREATE TABLE everyone (username text); CREATE TABLE users () INHERITS (everyone)",
				"CREATE TABLE users (username text); CREATE TABLE more (handle text) INHERITS (users)",
				"CREATE TABLE users (username text); CREATE TABLE other (username text); "
						+ "CREATE TABLE more () INHERITS (users, other)")) {
			this.jdbc.execute(tables);
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(this::contract);
			assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> this.steps.check(CHANGE));
			this.jdbc.execute("DROP TABLE IF EXISTS users, everyone, other CASCADE");
		}
	}

	@Test
	void refusesBesideTheCopyOfTheOtherStrategyAndSaysHowToRemoveIt() {
		this.jdbc.execute("CREATE TABLE users (id int, username text)");
		new ColumnSteps(this.ddl, SyncMode.BOTH).expand(CHANGE.byCopy());
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> this.steps.check(CHANGE))
			.withMessageContaining("strategy 'copy' made is still there")
			.satisfies((refusal) -> this.jdbc
				.execute(refusal.getAction().substring(refusal.getAction().indexOf("DROP TRIGGER"))));
		this.steps.check(CHANGE);
		assertThat(this.jdbc.queryForList("SELECT 1 FROM pg_trigger WHERE NOT tgisinternal")).isEmpty();
	}

	@Test
	void functionThatSaysTheNameBlocksInBothDirections() {
		this.jdbc.execute("""
				CREATE TABLE users (username text);
				CREATE FUNCTION names() RETURNS SETOF text LANGUAGE sql AS 'SELECT username FROM users';
				CREATE VIEW everyone AS SELECT username FROM users
				""");
		assertThat(this.steps.dependents(CHANGE)).filteredOn(Dependent::blocking)
			.singleElement()
			.satisfies((dependent) -> assertThat(dependent.identity()).isEqualTo("names()"));
		this.jdbc.execute("DROP FUNCTION names()");
		contract();
		this.jdbc.execute("CREATE FUNCTION handles() RETURNS SETOF text LANGUAGE sql AS 'SELECT handle FROM users'");
		assertThat(this.steps.dependents(CHANGE)).filteredOn(Dependent::blocking)
			.singleElement()
			.satisfies((dependent) -> assertThat(dependent.identity()).isEqualTo("handles()"));
	}

	@Test
	void letsGoOfTheLockInTimeAndHasChangedNothing() throws Exception {
		this.jdbc.execute("CREATE TABLE users (username text); CREATE TABLE noted (at int)");
		try (Connection reader = this.database.dataSource().getConnection();
				Statement statement = reader.createStatement()) {
			reader.setAutoCommit(false);
			statement.execute("SELECT * FROM users");
			assertThatExceptionOfType(LockUnavailableException.class).isThrownBy(() -> this.steps.contract(CHANGE,
					Duration.ofMillis(50), (within) -> within.execute("INSERT INTO noted VALUES (1)")));
			reader.rollback();
		}
		assertThat(columns("users")).containsExactly("username");
		assertThat(this.jdbc.queryForList("SELECT * FROM noted")).isEmpty();
	}

	@Test
	void whatRunsIsWhatThePlanSaysAndMayRunAgain() {
		this.jdbc.execute("CREATE TABLE users (username text)");
		assertThat(this.steps.plan(CHANGE, Phase.EXPAND, Phase.STOP_DUAL_WRITE)).isEmpty();
		List<Step> plan = this.steps.plan(CHANGE, Phase.EXPAND, Phase.CONTRACT);
		assertThat(plan).extracting(Step::sql)
			.containsExactly("LOCK TABLE \"public\".\"users\" IN ACCESS EXCLUSIVE MODE",
					"ALTER TABLE \"public\".\"users\" RENAME COLUMN \"username\" TO \"handle\"");
		contract();
		contract();
		assertThat(columns("users")).containsExactly("handle");
		assertThat(this.steps.plan(CHANGE, Phase.CONTRACT, Phase.STOP_DUAL_WRITE)).extracting(Step::sql)
			.contains("ALTER TABLE \"public\".\"users\" RENAME COLUMN \"handle\" TO \"username\"");
		reopen();
		reopen();
		assertThat(columns("users")).containsExactly("username");
	}

	private List<String> columns(String table) {
		return this.jdbc.queryForList("SELECT attname FROM pg_attribute WHERE attrelid = ?::regclass "
				+ "AND attnum > 0 AND NOT attisdropped ORDER BY attnum", String.class, table);
	}

}
