package io.github.expandcontract.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.LockUnavailableException;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.ServerVersion;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ColumnStepsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMillis(300);

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private final ColumnChange change = rename("users", "username", "handle");

	private static RenameColumn rename(String table, String oldColumn, String newColumn) {
		return new RenameColumn("users-handle", new TableName("public", table), oldColumn, newColumn, "User.handle");
	}

	private ColumnSteps steps() {
		return steps(this.database.dataSource(), SyncMode.BOTH);
	}

	private static ColumnSteps steps(DataSource dataSource, SyncMode sync) {
		return new ColumnSteps(new Ddl(dataSource, new LockRetry(PATIENCE, 60, Duration.ofMillis(100))), sync);
	}

	private void users() {
		this.jdbc.execute("""
				CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
				  username varchar(40) COLLATE "C" NOT NULL)
				""");
	}

	private void contract(ColumnSteps steps, ColumnChange contracted) {
		steps.contract(contracted, PATIENCE, (transaction) -> {
		});
	}

	private void reopen(ColumnSteps steps, ColumnChange reopened) {
		steps.reopen(reopened, PATIENCE, (transaction) -> {
		});
	}

	@Test
	void addsTheColumnAsOldIsAndTheTrigger() {
		users();
		ColumnSteps steps = steps();
		assertThat(steps.inspect(this.change)).isEqualTo(Situation.OLD_ONLY);
		steps.expand(this.change);
		steps.expand(this.change);
		assertThat(steps.inspect(this.change)).isEqualTo(Situation.BOTH);
		assertThat(steps.hasTrigger(this.change)).isTrue();
		assertThat(this.jdbc.queryForObject("""
				SELECT format_type(atttypid, atttypmod) || ' ' || attcollation::regcollation || ' ' || attnotnull
				FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'handle'
				""", String.class)).isEqualTo("character varying(40) \"C\" false");
	}

	@Test
	void twoInstancesThatExpandAtOnceDoItOnce() throws Exception {
		users();
		List<CompletableFuture<Void>> instances = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			instances.add(CompletableFuture.runAsync(() -> steps().expand(this.change)));
		}
		for (CompletableFuture<Void> instance : instances) {
			instance.get(60, TimeUnit.SECONDS);
		}
		assertThat(steps().hasTrigger(this.change)).isTrue();
		this.jdbc.execute("INSERT INTO users (username) VALUES ('ada')");
		assertThat(handles()).containsExactly("ada|ada");
	}

	private List<String> handles() {
		return this.jdbc.queryForList("""
				SELECT coalesce(username, '-') || '|' || coalesce(handle, '-') FROM users ORDER BY id
				""", String.class);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			INSERT INTO users (username) VALUES ('a');                                a|a
			INSERT INTO users (handle) VALUES ('a');                                  a|a
			INSERT INTO users (username, handle) VALUES ('a', 'b');                   b|b
			INSERT INTO users DEFAULT VALUES;                                         guest|guest
			INSERT INTO users (username) VALUES (NULL);                               -|-
			INSERT INTO users (username) VALUES ('trim ');                            trim|trim
			""")
	void insertKeepsBothInStep(String sql, String expected) {
		plainUsers();
		this.jdbc.execute(sql.contains("trim") ? sql.replace("trim ", "trim  ") : sql);
		assertThat(handles()).containsExactly(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			username = 'b';                  b|b
			handle = 'b';                    b|b
			handle = 'b', username = 'c';    c|b
			handle = handle;                 a|a
			username = NULL;                 -|-
			handle = NULL;                   -|-
			id = id;                         trimmed|trimmed
			""")
	void updateDerivesTheSideThatDidNotChange(String assignment, String expected) {
		plainUsers();
		this.jdbc.execute("INSERT INTO users (username) VALUES ('a')");
		if (assignment.equals("id = id")) {
			this.jdbc.execute("""
					CREATE OR REPLACE FUNCTION trim_name() RETURNS trigger LANGUAGE plpgsql AS
					$$ BEGIN NEW.username := 'trimmed'; RETURN NEW; END $$
					""");
		}
		this.jdbc.execute("UPDATE users SET " + assignment);
		assertThat(handles()).containsExactly(expected);
	}

	private void plainUsers() {
		this.jdbc.execute("""
				CREATE TABLE users (id bigserial PRIMARY KEY, username text DEFAULT 'guest');
				CREATE FUNCTION trim_name() RETURNS trigger LANGUAGE plpgsql AS
				$$ BEGIN NEW.username := rtrim(NEW.username); RETURN NEW; END $$;
				CREATE TRIGGER trim_name BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION trim_name()
				""");
		steps().expand(this.change);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			json;    {"a":1};     {"a":2}
			xml;     <a/>;        <b/>
			point;   (1,2);       (1,3)
			box;     (1,1),(0,0); (2,2),(1,1)
			numeric; 1.0;         1.00
			json[];  {1};         {2}
			""")
	void noticesChangesInTypesWithoutEqualityAndInEqualValuesThatDiffer(String type, String before, String after) {
		this.jdbc.execute("CREATE TABLE users (id bigserial PRIMARY KEY, username " + type + ")");
		steps().expand(this.change);
		this.jdbc.update("INSERT INTO users (username) VALUES (?::text::" + type + ")", before);
		this.jdbc.update("UPDATE users SET username = ?::text::" + type, after);
		assertThat(this.jdbc.queryForObject("SELECT handle::text FROM users", String.class))
			.isEqualTo(this.jdbc.queryForObject("SELECT username::text FROM users", String.class))
			.contains(after);
	}

	@Test
	void isSilentForTheBackfill() {
		plainUsers();
		this.jdbc.execute("INSERT INTO users (username) VALUES ('a')");
		this.jdbc.execute("BEGIN; SET LOCAL expand_contract.sync = 'off'; UPDATE users SET handle = 'x'; COMMIT");
		assertThat(handles()).containsExactly("a|x");
	}

	@Test
	void aRoleThatMayOnlyWriteTheTableCanStillWriteIt() {
		plainUsers();
		this.jdbc.execute(
				"""
						DROP ROLE IF EXISTS plain_writer;
						CREATE ROLE plain_writer; GRANT ALL ON users TO plain_writer; GRANT ALL ON users_id_seq TO plain_writer;
						BEGIN; SET LOCAL ROLE plain_writer; INSERT INTO users (username) VALUES ('a'); UPDATE users SET handle = 'b';
						COMMIT; DROP OWNED BY plain_writer; DROP ROLE plain_writer
						""");
		assertThat(handles()).containsExactly("b|b");
	}

	@Test
	void copiesIndexesAsTheyAre() {
		this.jdbc.execute(
				"""
						CREATE TABLE users (id bigint PRIMARY KEY, username text, email text);
						CREATE UNIQUE INDEX plain ON users (username)%s;
						CREATE INDEX expression ON users (lower(username), (username || 'username' || email)) INCLUDE (email);
						CREATE INDEX partial ON users (email) WHERE username <> 'username' AND username IS NOT NULL;
						CREATE INDEX ordered ON users (username COLLATE "C" text_pattern_ops DESC NULLS LAST) WITH (fillfactor = 70);
						CREATE INDEX included ON users (email) INCLUDE (username);
						CREATE INDEX elsewhere ON users (email)
						"""
					.formatted(ServerVersion.since(15, this.jdbc, " NULLS NOT DISTINCT", "")));
		ColumnSteps steps = steps();
		steps.expand(this.change);
		assertThat(steps.missingCopies(this.change)).containsExactlyInAnyOrder("plain", "expression", "partial",
				"ordered", "included");
		steps.copyIndexes(this.change);
		steps.copyIndexes(this.change);
		assertThat(steps.missingCopies(this.change)).isEmpty();
		assertThat(this.jdbc.queryForList("""
				SELECT regexp_replace(pg_get_indexdef(indexrelid), '^CREATE (.*) ON .* USING', '\\1')
				FROM pg_index WHERE indrelid = 'users'::regclass AND pg_get_indexdef(indexrelid) LIKE '%handle%'
				""", String.class)).hasSize(5)
			.noneMatch((definition) -> definition.startsWith("UNIQUE"))
			.anyMatch((definition) -> definition.contains("(lower(handle), (((handle || 'username'::text) || email)))")
					&& definition.contains("INCLUDE (email)"))
			.anyMatch((definition) -> definition
				.endsWith("(email) WHERE ((handle <> 'username'::text) AND (handle IS NOT NULL))"))
			.anyMatch((definition) -> definition
				.endsWith("(handle COLLATE \"C\" text_pattern_ops DESC NULLS LAST) WITH (fillfactor='70')"))
			.anyMatch((definition) -> definition.endsWith("(email) INCLUDE (handle)"));
		contract(steps, this.change);
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM pg_index WHERE indrelid = 'users'::regclass",
				Integer.class))
			.isEqualTo(7);
	}

	@Test
	void rebuildsAnInvalidCopy() {
		users();
		this.jdbc.execute("CREATE INDEX by_name ON users (username)");
		ColumnSteps steps = steps();
		steps.expand(this.change);
		steps.copyIndexes(this.change);
		this.jdbc.execute("""
				UPDATE pg_index SET indisvalid = false WHERE indrelid = 'users'::regclass
				AND pg_get_indexdef(indexrelid) LIKE '%handle%'
				""");
		assertThat(steps.missingCopies(this.change)).containsExactly("by_name");
		steps.copyIndexes(this.change);
		assertThat(steps.missingCopies(this.change)).isEmpty();
	}

	@Test
	void twoInstancesThatCopyIndexesAtOnceBothSucceed() throws Exception {
		users();
		this.jdbc.execute("""
				INSERT INTO users (username) SELECT 'u' || n FROM generate_series(1, 50000) n;
				CREATE INDEX by_name ON users (username)
				""");
		steps().expand(this.change);
		List<CompletableFuture<Void>> instances = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			instances.add(CompletableFuture.runAsync(() -> steps().copyIndexes(this.change)));
		}
		for (CompletableFuture<Void> instance : instances) {
			instance.get(60, TimeUnit.SECONDS);
		}
		assertThat(steps().missingCopies(this.change)).isEmpty();
	}

	@Test
	void looksAgainWhereAnotherInstanceEndsItsBuildWhileTheDropWaits() throws Exception {
		users();
		this.jdbc.execute("CREATE INDEX by_name ON users (username)");
		steps().expand(this.change);
		steps().copyIndexes(this.change);
		String copy = """
				indrelid = 'users'::regclass AND pg_get_indexdef(indexrelid) LIKE '%handle%'
				""";
		Long built = this.jdbc.queryForObject("SELECT indexrelid FROM pg_index WHERE " + copy, Long.class);
		this.jdbc.execute("UPDATE pg_index SET indisvalid = false WHERE " + copy);
		CompletableFuture<Void> late;
		try (Connection other = this.database.dataSource().getConnection(); Statement end = other.createStatement()) {
			other.setAutoCommit(false);
			end.execute("UPDATE pg_index SET indisvalid = true WHERE " + copy);
			late = CompletableFuture.runAsync(() -> steps().copyIndexes(this.change));
			while (!Boolean.TRUE.equals(this.jdbc.queryForObject("""
					SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
					  AND wait_event_type = 'Lock' AND query LIKE 'DROP INDEX CONCURRENTLY%')
					""", Boolean.class))) {
				assertThat(late).isNotDone();
				Thread.sleep(5);
			}
			other.commit();
		}
		late.get(60, TimeUnit.SECONDS);
		assertThat(steps().missingCopies(this.change)).isEmpty();
		assertThat(this.jdbc.queryForObject("SELECT indexrelid FROM pg_index WHERE " + copy, Long.class))
			.as("the other's index is not built once more")
			.isEqualTo(built);
	}

	@Test
	void contractAndReopenKeepAllThatHangsOnTheColumn() {
		this.jdbc.execute(
				"""
						CREATE ROLE %1$s;
						CREATE TABLE names (name text PRIMARY KEY);
						CREATE TABLE users (id bigint PRIMARY KEY, username text COLLATE "C" NOT NULL DEFAULT 'x' CONSTRAINT once UNIQUE
						  REFERENCES names CHECK (username <> ''), email text);
						CREATE TABLE logins (who text REFERENCES users (username));
						COMMENT ON COLUMN users.username IS 'the name';
						GRANT SELECT (username) ON users TO %1$s;
						ALTER TABLE users ALTER COLUMN username SET STATISTICS 321;
						CREATE STATISTICS both_of_them ON username, email FROM users;
						CREATE VIEW active AS SELECT username FROM users;
						CREATE INDEX lowered ON users (lower(username));
						INSERT INTO names VALUES ('ada'); INSERT INTO users VALUES (1, 'ada', 'a@b'); INSERT INTO logins VALUES ('ada')
						"""
					.formatted(this.database.role("reader")));
		List<Map<String, Object>> before = description("username");
		ColumnSteps steps = steps();
		assertThat(steps.heldCutover(this.change)).isTrue();
		steps.expand(this.change);
		for (int round = 0; round < 2; round++) {
			contract(steps, this.change);
			contract(steps, this.change);
			assertThat(steps.inspect(this.change)).isEqualTo(Situation.NEW_ONLY);
			assertThat(steps.hasTrigger(this.change)).isFalse();
			assertThat(description("handle")).isEqualTo(before);
			reopen(steps, this.change);
			assertThat(steps.inspect(this.change)).isEqualTo(Situation.BOTH);
			assertThat(steps.hasTrigger(this.change)).isTrue();
			assertThat(description("username")).isEqualTo(before);
			steps.check(this.change);
		}
		this.jdbc.execute("UPDATE users SET email = 'c'");
		assertThat(this.jdbc.queryForObject("SELECT username FROM active", String.class)).isEqualTo("ada");
	}

	private List<Map<String, Object>> description(String column) {
		return this.jdbc.queryForList(
				"""
						SELECT attnum::text AS what, format_type(atttypid, atttypmod) || attnotnull || attcollation::text
						  || coalesce(attacl::text, '') || coalesce(attstattarget, -1)
						  || coalesce(col_description(attrelid, attnum), '') AS how
						FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = ?
						UNION ALL SELECT 'default', pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'users'::regclass
						UNION ALL SELECT conname, replace(pg_get_constraintdef(oid), ?, '?') FROM pg_constraint
						WHERE conrelid IN ('users'::regclass, 'logins'::regclass)
						UNION ALL SELECT indexrelid::regclass::text, replace(pg_get_indexdef(indexrelid), ?, '?') FROM pg_index
						WHERE indrelid = 'users'::regclass
						UNION ALL SELECT 'statistics', replace(pg_get_statisticsobjdef(oid), ?, '?') FROM pg_statistic_ext
						UNION ALL SELECT 'view', replace(pg_get_viewdef('active'), 'username', '') IS NOT NULL || ''
						ORDER BY 1, 2
						""",
				column, column, column, column);
	}

	@ParameterizedTest
	@CsvSource({ "expand", "contract" })
	void trafficNeverQueuesBehindAStepForLongerThanTheLockTimeout(String step) throws Exception {
		users();
		this.jdbc.execute("INSERT INTO users (username) VALUES ('a')");
		ColumnSteps steps = steps();
		if (step.equals("contract")) {
			steps.expand(this.change);
		}
		AtomicBoolean stop = new AtomicBoolean();
		AtomicLong longest = new AtomicLong();
		AtomicLong statements = new AtomicLong();
		AtomicLong refusals = new AtomicLong();
		CompletableFuture<Void> traffic;
		CompletableFuture<Void> work;
		try (Connection holder = this.database.dataSource().getConnection();
				Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("SELECT * FROM users");
			traffic = CompletableFuture.runAsync(() -> traffic(stop, longest, statements));
			work = CompletableFuture.runAsync(() -> {
				if (step.equals("expand")) {
					steps.expand(this.change);
				}
				else {
					contractUntilItComes(steps, refusals);
				}
			});
			waitUntilQueued(statements, refusals, step);
			assertThat(work).isNotDone();
			holder.rollback();
		}
		work.get(60, TimeUnit.SECONDS);
		stop.set(true);
		traffic.get(60, TimeUnit.SECONDS);
		assertThat(steps.inspect(this.change)).isEqualTo(step.equals("expand") ? Situation.BOTH : Situation.NEW_ONLY);
		assertThat(Duration.ofNanos(longest.get())).isLessThan(PATIENCE.multipliedBy(5));
	}

	private void contractUntilItComes(ColumnSteps steps, AtomicLong refusals) {
		while (true) {
			try {
				contract(steps, this.change);
				return;
			}
			catch (LockUnavailableException ex) {
				assertThat(ex.getBlockers()).isNotEmpty();
				refusals.incrementAndGet();
			}
		}
	}

	private void waitUntilQueued(AtomicLong statements, AtomicLong refusals, String step) {
		int seen = 0;
		long mark = 0;
		while (seen < 2 || (step.equals("contract") && refusals.get() < 2)) {
			Boolean waiting = this.jdbc.queryForObject("""
					SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'users'::regclass AND NOT granted
					  AND mode = 'AccessExclusiveLock')
					""", Boolean.class);
			if (Boolean.TRUE.equals(waiting) && statements.get() > mark) {
				seen++;
				mark = statements.get();
			}
		}
	}

	private void traffic(AtomicBoolean stop, AtomicLong longest, AtomicLong statements) {
		try (Connection connection = this.database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			while (!stop.get()) {
				long start = System.nanoTime();
				statement.execute("SELECT count(*) FROM users");
				longest.accumulateAndGet(System.nanoTime() - start, Math::max);
				statements.incrementAndGet();
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void contractRollsBackWhatRanAlongsideWhenTheLockDoesNotCome() throws Exception {
		users();
		this.jdbc.execute("CREATE TABLE phase (name text); INSERT INTO phase VALUES ('before')");
		ColumnSteps steps = steps();
		steps.expand(this.change);
		try (Connection holder = this.database.dataSource().getConnection();
				Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("SELECT * FROM users");
			assertThatExceptionOfType(LockUnavailableException.class).isThrownBy(() -> steps.contract(this.change,
					PATIENCE, (transaction) -> transaction.execute("UPDATE phase SET name = 'after'")));
		}
		assertThat(this.jdbc.queryForObject("SELECT name FROM phase", String.class)).isEqualTo("before");
		steps.contract(this.change, PATIENCE, (transaction) -> transaction.execute("UPDATE phase SET name = 'after'"));
		assertThat(this.jdbc.queryForObject("SELECT name FROM phase", String.class)).isEqualTo("after");
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE VIEW hasty AS SELECT handle FROM users",
			"ALTER TABLE users ADD hasty text GENERATED ALWAYS AS (upper(handle)) STORED" })
	void contractNamesWhatUsesTheCopy(String sql) {
		users();
		ColumnSteps steps = steps();
		steps.expand(this.change);
		this.jdbc.execute(sql);
		assertThat(steps.dependents(this.change)).filteredOn(Dependent::blocking)
			.extracting(Dependent::identity)
			.singleElement()
			.asString()
			.contains("hasty");
		assertThatExceptionOfType(DependentObjectException.class).isThrownBy(() -> contract(steps, this.change))
			.withMessageContaining("hasty");
		assertThat(steps.hasTrigger(this.change)).isTrue();
	}

	@Test
	void tellsWhatBreaksFromWhatIsCarriedAlong() {
		users();
		this.jdbc.execute("""
				CREATE VIEW active AS SELECT username FROM users;
				CREATE FUNCTION find_user(text) RETURNS SETOF users LANGUAGE plpgsql AS
				$$ BEGIN RETURN QUERY SELECT * FROM users WHERE username = $1; END $$;
				CREATE FUNCTION unrelated() RETURNS text LANGUAGE sql AS $$ SELECT 'usernames of users'::text $$;
				CREATE POLICY own ON users USING (username = current_user);
				CREATE PUBLICATION changes FOR TABLE users
				""");
		ColumnSteps steps = steps();
		steps.expand(this.change);
		this.jdbc.execute("CREATE VIEW hasty AS SELECT handle FROM users");
		List<Dependent> dependents = steps.dependents(this.change);
		assertThat(dependents).filteredOn(Dependent::blocking)
			.extracting(Dependent::identity)
			.containsExactlyInAnyOrder("find_user(text)", "hasty");
		assertThat(dependents).filteredOn((dependent) -> !dependent.blocking())
			.extracting(Dependent::kind)
			.contains("view", "policy", "publication");
	}

	@Test
	void quotesNamesOfAnyKind() {
		String oldName = "Ünder \"select\" " + "x".repeat(45);
		String newName = "n".repeat(63);
		ColumnChange odd = new RenameColumn("odd-id's", new TableName("Order", "user"), oldName, newName, "User.odd");
		String column = "\"" + oldName.replace("\"", "\"\"") + "\"";
		this.jdbc.execute("CREATE SCHEMA \"Order\"; CREATE TABLE \"Order\".\"user\" (id int PRIMARY KEY, " + column
				+ " text UNIQUE); CREATE INDEX \"Odd index\" ON \"Order\".\"user\" (lower(" + column + "))");
		ColumnSteps steps = steps();
		for (int round = 0; round < 2; round++) {
			steps.expand(odd);
			steps.copyIndexes(odd);
			assertThat(steps.missingCopies(odd)).isEmpty();
			this.jdbc.update("INSERT INTO \"Order\".\"user\" (id, " + newName + ") VALUES (?, ?)", round, "v" + round);
			contract(steps, odd);
			assertThat(steps.inspect(odd)).isEqualTo(Situation.NEW_ONLY);
			reopen(steps, odd);
		}
		assertThat(this.jdbc.queryForList("SELECT " + column + " FROM \"Order\".\"user\" ORDER BY 1", String.class))
			.containsExactly("v0", "v1");
	}

	@Test
	void takesAPartitionedTableThrough() {
		this.jdbc.execute("""
				CREATE TABLE users (id bigint, gone int, username text) PARTITION BY RANGE (id);
				ALTER TABLE users DROP COLUMN gone;
				CREATE TABLE users_1 PARTITION OF users FOR VALUES FROM (0) TO (10);
				CREATE TABLE users_2 PARTITION OF users FOR VALUES FROM (10) TO (20) PARTITION BY LIST (id);
				CREATE TABLE users_2_a PARTITION OF users_2 DEFAULT;
				CREATE INDEX by_name ON users (lower(username))
				""");
		ColumnSteps steps = steps();
		steps.expand(this.change);
		this.jdbc.execute("INSERT INTO users (id, username) VALUES (1, 'a'), (11, 'b')");
		steps.copyIndexes(this.change);
		steps.copyIndexes(this.change);
		assertThat(steps.missingCopies(this.change)).isEmpty();
		assertThat(handles()).containsExactly("a|a", "b|b");
		contract(steps, this.change);
		reopen(steps, this.change);
		this.jdbc.execute("UPDATE users_2_a SET username = 'c'");
		assertThat(handles()).containsExactly("a|-", "c|c");
	}

	@Test
	void withoutATriggerTheCopyStaysAndGetsTheFormerNameOnTheWayBack() {
		this.jdbc.execute("""
				CREATE TABLE users (id bigserial PRIMARY KEY, username text NOT NULL DEFAULT 'guest');
				COMMENT ON COLUMN users.username IS 'the name';
				CREATE INDEX by_name ON users (username)
				""");
		ColumnSteps steps = steps(this.database.dataSource(), SyncMode.APPLICATION);
		steps.expand(this.change);
		for (int round = 0; round < 2; round++) {
			assertThat(steps.hasTrigger(this.change)).isFalse();
			this.jdbc.execute("INSERT INTO users (username, handle) VALUES ('a', 'a')");
			steps.copyIndexes(this.change);
			steps.relaxOld(this.change);
			this.jdbc.execute("INSERT INTO users (username, handle) VALUES (NULL, 'b')");
			contract(steps, this.change);
			assertThat(steps.inspect(this.change)).isEqualTo(Situation.NEW_ONLY);
			assertThat(this.jdbc.queryForObject("""
					SELECT attnotnull || col_description(attrelid, attnum) || pg_get_expr(adbin, adrelid)
					  || (SELECT string_agg(indexrelid::regclass::text, ',') FROM pg_index
					    WHERE indrelid = attrelid AND attnum = ANY (indkey::int2[]))
					FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
					WHERE attrelid = 'users'::regclass AND attname = 'handle'
					""", String.class)).isEqualTo("truethe name'guest'::textby_name");
			reopen(steps, this.change);
			steps.check(this.change);
			assertThat(this.jdbc.queryForList("SELECT 1 FROM users WHERE username NOT IN ('a', 'b')")).isEmpty();
			assertThat(this.jdbc.queryForList("SELECT 1 FROM users WHERE handle IS NOT NULL")).isEmpty();
			this.jdbc.execute("UPDATE users SET handle = username");
			steps.restoreOld(this.change);
			assertThat(this.jdbc.queryForObject("""
					SELECT attnotnull FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'username'
					""", Boolean.class)).isTrue();
		}
	}

	@Test
	void withoutATriggerRefusesWhatWouldBeLost() {
		this.jdbc.execute("CREATE TABLE users (id int PRIMARY KEY, username text UNIQUE)");
		assertThatExceptionOfType(UnsupportedChangeException.class)
			.isThrownBy(() -> steps(this.database.dataSource(), SyncMode.APPLICATION).check(this.change))
			.withMessageContaining("users_username_key")
			.withMessageContaining("'both'");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					CREATE TABLE other (id int);                                                                 does not exist
					CREATE VIEW users AS SELECT 1 AS username;                                                   not a table
					CREATE TABLE users (id int, user_name text);                                                 Did you mean "user_name"?
					CREATE TABLE users (id int, username text, handle text);                                     not the copy
					CREATE TABLE users (id int, username int GENERATED ALWAYS AS (id + 1) STORED);               generated column
					CREATE TABLE users (username int GENERATED ALWAYS AS IDENTITY);                              identity column
					CREATE TABLE users (id int, username text, PRIMARY KEY (id, username));                      primary key
					CREATE TABLE users (id int, username text) PARTITION BY LIST (username);                     partition key
					CREATE TABLE users (id int, username int PRIMARY KEY) ~ CREATE TABLE c (u int CONSTRAINT cu REFERENCES users);  foreign keys cu of c
					CREATE TABLE users (id int, username serial PRIMARY KEY);                                    come from users_username_seq
					CREATE TABLE users (id int, username text) PARTITION BY LIST ((lower(username)));            partition key
					CREATE TABLE p (id int, username text) ~ CREATE TABLE users () INHERITS (p);                 inherits
					CREATE TABLE users (id int, username text) ~ CREATE TABLE c () INHERITS (users);             inherit
					CREATE TYPE t AS (username text) ~ CREATE TABLE users OF t;                                  composite type
					""")
	void refusesBeforeAnythingIsTouched(String sql, String reason) {
		this.jdbc.execute(sql.replace("~", ";"));
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps().expand(this.change))
			.withMessageContaining(reason)
			.withMessageContaining("users-handle")
			.satisfies((ex) -> assertThat(
					ex.getAction().contains("expand-contract.changes.users-handle.strategy=in-place"))
				.isEqualTo(reason
					.matches("generated column|identity column|primary key|partition key|foreign keys.*|come from.*")));
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM pg_namespace WHERE nspname = 'expand_contract'",
				Integer.class))
			.isZero();
	}

	@Test
	void refusesNamesThatNoColumnCanHave() {
		users();
		for (ColumnChange impossible : List.of(rename("users", "username", "xmin"),
				rename("users", "username", "ü".repeat(32)), rename("users", "username", "username"))) {
			assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps().check(impossible));
		}
	}

	@Test
	void refusesACopyWhoseTypeIsNotOldsAnyMore() {
		users();
		ColumnSteps steps = steps(this.database.dataSource(), SyncMode.APPLICATION);
		steps.expand(this.change);
		this.jdbc.execute("ALTER TABLE users ALTER COLUMN username TYPE varchar(80)");
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps.check(this.change))
			.withMessageContaining("character varying(80)");
	}

	@Test
	void anInstanceWithoutTriggerLeavesTheTriggerOfOthersUntilContract() {
		users();
		steps().expand(this.change);
		ColumnSteps application = steps(this.database.dataSource(), SyncMode.APPLICATION);
		application.expand(this.change);
		assertThat(application.hasTrigger(this.change)).isTrue();
		contract(application, this.change);
		assertThat(application.inspect(this.change)).isEqualTo(Situation.NEW_ONLY);
		assertThat(application.hasTrigger(this.change)).isFalse();
	}

	@Test
	void expandBringsBackATriggerThatSomeoneDropped() {
		users();
		steps().expand(this.change);
		String name = this.jdbc.queryForObject("""
				SELECT tgname FROM pg_trigger WHERE tgrelid = 'users'::regclass AND tgname LIKE 'zzz%ins%'
				""", String.class);
		this.jdbc.execute("DROP TRIGGER " + name + " ON users");
		assertThat(steps().hasTrigger(this.change)).isFalse();
		steps().expand(this.change);
		assertThat(steps().hasTrigger(this.change)).isTrue();
	}

	@Test
	void worksWithAPoolOfTwoAndLeavesItsConnectionsAsTheyWere() {
		users();
		this.jdbc.execute("CREATE INDEX by_name ON users (username)");
		try (HikariDataSource pool = this.database.pool(2)) {
			ColumnSteps steps = steps(pool, SyncMode.BOTH);
			steps.expand(this.change);
			steps.copyIndexes(this.change);
			contract(steps, this.change);
			reopen(steps, this.change);
			JdbcTemplate pooled = new JdbcTemplate(pool);
			assertThat(pooled.queryForObject("SHOW lock_timeout", String.class)).isEqualTo("0");
			assertThat(pooled.queryForObject("SHOW statement_timeout", String.class)).isEqualTo("0");
		}
	}

	@Test
	void contractOfAPartitionedTableLetsGoWhenOnePartitionIsHeldAndComesThroughLater() throws Exception {
		this.jdbc.execute("CREATE TABLE users (id bigint, username text) PARTITION BY LIST (id)");
		for (int i = 0; i < 8; i++) {
			this.jdbc.execute("CREATE TABLE users_" + i + " PARTITION OF users FOR VALUES IN (" + i + ")");
		}
		ColumnSteps steps = steps();
		steps.expand(this.change);
		try (Connection holder = this.database.dataSource().getConnection();
				Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("SELECT * FROM users_7");
			assertThatExceptionOfType(LockUnavailableException.class).isThrownBy(() -> contract(steps, this.change));
		}
		contract(steps, this.change);
		assertThat(steps.inspect(this.change)).isEqualTo(Situation.NEW_ONLY);
	}

	@Test
	void namesTheGrantsThatAreMissingAndTheyAreEnough() {
		users();
		String role = this.database.role("poor");
		this.jdbc.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'; GRANT ALL ON users TO " + role);
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.database.url().replaceAll("user=[^&]*", "user=" + role));
		dataSource.setUser(role);
		dataSource.setPassword("secret");
		ColumnSteps poor = steps(dataSource, SyncMode.BOTH);
		assertThatExceptionOfType(MissingPrivilegeException.class).isThrownBy(() -> poor.expand(this.change))
			.satisfies((ex) -> {
				assertThat(ex.getAction()).contains("ALTER TABLE").contains("GRANT CREATE ON DATABASE");
				this.jdbc.execute(ex.getAction().substring(ex.getAction().indexOf(": ") + 2));
			});
		poor.expand(this.change);
		poor.copyIndexes(this.change);
		contract(poor, this.change);
	}

	@Test
	void thePlanIsWhatRuns() {
		users();
		this.jdbc.execute("CREATE INDEX by_name ON users (username); CREATE SCHEMA expand_contract");
		List<Step> plan = new ArrayList<>(steps().plan(this.change, Phase.EXPAND, Phase.EXPAND));
		for (Phase phase = Phase.EXPAND; phase != Phase.CONTRACT; phase = phase.toward(Phase.CONTRACT).orElseThrow()) {
			plan.addAll(steps().plan(this.change, phase, phase.toward(Phase.CONTRACT).orElseThrow()));
		}
		assertThat(plan).extracting(Step::sql)
			.anyMatch((sql) -> sql.startsWith("CREATE INDEX CONCURRENTLY"))
			.anyMatch((sql) -> sql.startsWith("ALTER TABLE \"public\".\"users\" RENAME COLUMN"));
		plan.forEach((step) -> this.jdbc
			.execute(step.sql().startsWith("LOCK") ? "BEGIN; " + step.sql() + "; COMMIT" : step.sql()));
		assertThat(steps().inspect(this.change)).isEqualTo(Situation.NEW_ONLY);
	}

}
