package io.github.expandcontract.sql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.Conversion;
import io.github.expandcontract.change.DropColumn;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.postgres.TableName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class StatementRewriterTests {

	private static final TableName USERS = new TableName("public", "users");

	private static final RenameColumn CHANGE = new RenameColumn("users-handle", USERS, "username", "handle",
			"User.handle");

	private static Column column(String name, int position, @Nullable String defaultExpression,
			boolean defaultVolatile) {
		return new Column(name, position, "text", false, defaultExpression, defaultVolatile, false, false, null);
	}

	private static SchemaView view(@Nullable String defaultExpression, boolean defaultVolatile, String... searchPath) {
		Table table = new Table(1, USERS, false,
				List.of(column("id", 1, null, false), column("username", 2, defaultExpression, defaultVolatile),
						column("email", 3, null, false), column("handle", 4, null, false)),
				List.of("id"));
		Map<TableName, Set<String>> owners = new HashMap<>();
		owners.put(new TableName("public", "accounts"), Set.of("handle", "username"));
		owners.put(new TableName("pg_temp_3", "users"), Set.of("handle"));
		return new SchemaView(1, List.of(searchPath), Map.of(USERS, table),
				Set.of(new TableName("pg_temp_3", "users"), new TableName("tenant", "users")), owners,
				Set.of("lower", "upper"));
	}

	private static StatementRewriter rewriter(Phase phase) {
		return rewriter(phase, SyncMode.BOTH, view(null, false, "public"));
	}

	private static StatementRewriter rewriter(Phase phase, SyncMode sync, SchemaView view) {
		return new StatementRewriter(view, ColumnRule.of(CHANGE, phase, sync).stream().toList());
	}

	private static String text(Rewriting rewriting) {
		assertThat(rewriting).isInstanceOf(Rewriting.Rewritten.class);
		return ((Rewriting.Rewritten) rewriting).sql();
	}

	@Test
	void mapsParametersThatWereDuplicated() {
		Rewriting rewriting = rewriter(Phase.DUAL_WRITE)
			.rewrite("UPDATE users SET email = ?, handle = lower(?) || ? WHERE id = ? AND handle = ?");
		assertThat(rewriting).isInstanceOfSatisfying(Rewriting.Rewritten.class, (rewritten) -> {
			assertThat(rewritten.sql()).isEqualTo("UPDATE users SET email = ?, handle = lower(?) || ?, "
					+ "username = lower(?) || ? WHERE id = ? AND username = ?");
			ParameterMap parameters = rewritten.parameters();
			assertThat(parameters.count()).isEqualTo(5);
			assertThat(parameters.physicalCount()).isEqualTo(7);
			assertThat(parameters.physical(2)).containsExactly(2, 4);
			assertThat(parameters.physical(3)).containsExactly(3, 5);
			assertThat(parameters.physical(5)).containsExactly(7);
		});
	}

	@Test
	void mapsParametersOfManyRows() {
		String rows = IntStream.range(0, 1000).mapToObj((i) -> "(?, ?)").collect(Collectors.joining(", "));
		Rewriting rewriting = rewriter(Phase.DUAL_WRITE).rewrite("INSERT INTO users (handle, email) VALUES " + rows);
		assertThat(rewriting).isInstanceOfSatisfying(Rewriting.Rewritten.class, (rewritten) -> {
			assertThat(rewritten.parameters().physicalCount()).isEqualTo(3000);
			assertThat(rewritten.parameters().physical(1999)).containsExactly(2998, 2999);
		});
	}

	@ParameterizedTest
	@EnumSource(value = Phase.class, names = "CONTRACT", mode = EnumSource.Mode.EXCLUDE)
	void writesOldColumnAloneWhenATriggerAloneKeepsStep(Phase phase) {
		String column = (phase == Phase.STOP_DUAL_WRITE) ? "handle" : "username";
		Rewriting rewriting = rewriter(phase, SyncMode.TRIGGER, view(null, false, "public"))
			.rewrite("INSERT INTO users (email, handle) VALUES (lower(?), ?)");
		String text = (rewriting instanceof Rewriting.Rewritten rewritten) ? rewritten.sql()
				: "INSERT INTO users (email, handle) VALUES (lower(?), ?)";
		assertThat(text).isEqualTo("INSERT INTO users (email, " + column + ") VALUES (lower(?), ?)");
	}

	@Test
	void readsOldColumnAloneWithoutATrigger() {
		assertThat(text(rewriter(Phase.BACKFILL, SyncMode.APPLICATION, view(null, false, "public"))
			.rewrite("SELECT handle FROM users"))).isEqualTo("SELECT username AS handle FROM users");
	}

	@Test
	void leavesEverythingAloneAtContract() {
		assertThat(rewriter(Phase.CONTRACT).rewrite("SELECT handle, username FROM users"))
			.isEqualTo(new Rewriting.Untouched());
	}

	@Test
	void takesTheConflictTargetFromTheNewColumnWhereNothingKeepsTheOldOne() {
		assertThat(rewriter(Phase.STOP_DUAL_WRITE, SyncMode.APPLICATION, view(null, false, "public"))
			.rewrite("INSERT INTO users (handle) VALUES (?) ON CONFLICT (handle) DO NOTHING"))
			.isEqualTo(new Rewriting.Untouched());
	}

	@Test
	void volatileDefaultIsEvaluatedOnce() {
		SchemaView view = view("gen_random_uuid()", true, "public");
		assertThat(text(rewriter(Phase.DUAL_WRITE, SyncMode.BOTH, view)
			.rewrite("INSERT INTO users (id, handle) VALUES (1, DEFAULT)")))
			.isEqualTo("INSERT INTO users (id, username) VALUES (1, DEFAULT)");
		assertThat(
				text(rewriter(Phase.STOP_DUAL_WRITE, SyncMode.BOTH, view).rewrite("UPDATE users SET handle = DEFAULT")))
			.isEqualTo("UPDATE users SET username = DEFAULT");
		assertThat(rewriter(Phase.DUAL_WRITE, SyncMode.APPLICATION, view)
			.rewrite("INSERT INTO users (id, handle) VALUES (1, DEFAULT)")).isInstanceOf(Rewriting.Refused.class);
		assertThat(rewriter(Phase.DUAL_WRITE, SyncMode.APPLICATION, view).rewrite("INSERT INTO users (id) VALUES (1)"))
			.isInstanceOf(Rewriting.Refused.class);
	}

	@Test
	void defaultIsWrittenWhereNothingElseWould() {
		SchemaView view = view("'none'::text", false, "public");
		assertThat(text(
				rewriter(Phase.DUAL_WRITE, SyncMode.APPLICATION, view).rewrite("INSERT INTO users DEFAULT VALUES")))
			.isEqualTo("INSERT INTO users (handle) VALUES ('none'::text)");
		assertThat(rewriter(Phase.DUAL_WRITE, SyncMode.BOTH, view).rewrite("INSERT INTO users DEFAULT VALUES"))
			.isEqualTo(new Rewriting.Untouched());
	}

	@Test
	void orderByANameOfItemsThatDifferStaysAmbiguous() {
		StatementRewriter rewriter = rewriter(Phase.EXPAND);
		assertThat(text(rewriter.rewrite("SELECT handle, handle::varchar(3) FROM users ORDER BY handle")))
			.isEqualTo("SELECT username AS handle, username::varchar(3) AS handle FROM users ORDER BY handle");
		assertThat(text(rewriter.rewrite("SELECT a.*, u.handle FROM users u, accounts a ORDER BY handle")))
			.isEqualTo("SELECT a.*, u.username AS handle FROM users u, accounts a ORDER BY handle");
	}

	@Test
	void temporaryTableShadowsTheChangingOne() {
		StatementRewriter rewriter = rewriter(Phase.EXPAND, SyncMode.BOTH, view(null, false, "pg_temp_3", "public"));
		assertThat(rewriter.rewrite("SELECT handle FROM users")).isEqualTo(new Rewriting.Untouched());
		assertThat(text(rewriter.rewrite("SELECT handle FROM public.users")))
			.isEqualTo("SELECT username AS handle FROM public.users");
	}

	@Test
	void tableOfAnEarlierSchemaShadowsTheChangingOne() {
		assertThat(rewriter(Phase.EXPAND, SyncMode.BOTH, view(null, false, "tenant", "public"))
			.rewrite("SELECT username FROM users")).isEqualTo(new Rewriting.Untouched());
	}

	@Test
	void refusesAColumnListWithBothColumnsAndSaysHowALibraryMayHaveComeToIt() {
		assertThat(rewriter(Phase.EXPAND).rewrite("INSERT INTO users (username, email, handle) VALUES (?, ?, ?)"))
			.isInstanceOfSatisfying(Rewriting.Refused.class,
					(refused) -> assertThat(refused.action()).contains("Leave it out")
						.contains("\"handle\"")
						.contains("usingColumns"));
	}

	@Test
	void refusalNamesPositionReasonAndAction() {
		assertThat(rewriter(Phase.EXPAND).rewrite("SELECT id, username FROM users"))
			.isInstanceOfSatisfying(Rewriting.Refused.class, (refused) -> {
				assertThat(refused.position()).isEqualTo(11);
				assertThat(refused.reason()).contains("\"username\"").contains("'users-handle'");
				assertThat(refused.action()).contains("Name \"handle\" instead");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT xmlelement(name handle) FROM users", "SELECT u.x FROM users u ORDER BY v.handle",
			"SELECT (get(id)).handle FROM users", "SELECT id FROM users handle frobnicate handle",
			"SELECT x.* FROM users u, JSON_TABLE(u.email, '$' COLUMNS (handle text)) x",
			"ALTER TABLE users RENAME COLUMN username TO handle", "GRANT SELECT (handle) ON users TO x",
			"COMMENT ON COLUMN users.handle IS 'x'", "COPY users FROM STDIN", "CREATE TABLE t (LIKE users)",
			"CREATE RULE r AS ON INSERT TO users DO ALSO DELETE FROM x", "SELECT users.username.x FROM users",
			"SELECT handle FROM users u, users v", "SELECT NULL::users", "SELECT x::public.users[] FROM users",
			"UPDATE users SET (handle, email) = (?)", "INSERT INTO users AS u (id, username) VALUES (1, 2)",
			"SELECT 1 FROM users WHERE (handle",
			"MERGE INTO users USING x ON true WHEN MATCHED THEN UPDATE SET username = 1",
			"SELECT handle FROM users WHERE handle = $$x", "SELECT handle FROM users) x",
			"SELECT U&\"username\" FROM U&\"!0075sers\" UESCAPE '!'", "SELECT handle FROM users x y z" })
	void refusesWhatIsNotCertain(String sql) {
		for (Phase phase : Phase.values()) {
			if (phase != Phase.CONTRACT) {
				assertThat(rewriter(phase).rewrite(sql)).as(phase + ": " + sql).isInstanceOf(Rewriting.Refused.class);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ";", "hello", "'users", "SELECT 'users' FROM t",
			"/* users */ SELECT handle FROM t", "SELECT handle, username FROM accounts -- users",
			"SELECT users_handle FROM users_x", "TRUNCATE users", "GRANT SELECT ON users TO x",
			"SELECT u.id FROM users u WHERE u.email = 'handle'", "VACUUM users", "SELECT currval('users_id_seq')",
			"CREATE INDEX i ON users (email)", "BEGIN; DELETE FROM users; COMMIT" })
	void leavesAloneWhatNamesNoChangingColumn(String sql) {
		if (sql.equals("'users")) {
			assertThat(rewriter(Phase.DUAL_WRITE).rewrite(sql)).isInstanceOf(Rewriting.Refused.class);
			return;
		}
		assertThat(rewriter(Phase.DUAL_WRITE).rewrite(sql)).isEqualTo(new Rewriting.Untouched());
	}

	@Test
	void refusesKeysOfSeveralStatements() {
		assertThat(rewriter(Phase.EXPAND).rewrite("INSERT INTO users (handle) VALUES (1); SELECT 1", GeneratedKeys.ALL))
			.isInstanceOf(Rewriting.Refused.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "(", "[", "{fn ", "CASE WHEN ", "(SELECT ", "((SELECT 1) UNION (", "EXPLAIN ",
			"WITH x AS (", "SELECT 1 FROM (", "f(", "a JOIN ", "NOT ", "- ", "x::", "/*" })
	void deepNestingIsRefusedInBoundedTime(String part) {
		for (String prefix : List.of("SELECT handle FROM users WHERE ", "")) {
			String sql = prefix + part.repeat(200_000) + " handle FROM users";
			assertTimeoutPreemptively(Duration.ofSeconds(20),
					() -> assertThat(rewriter(Phase.DUAL_WRITE).rewrite(sql)).isNotNull());
		}
	}

	@Test
	void nestingThatIsUsualIsUnderstood() {
		String sql = "SELECT id FROM users WHERE " + "(".repeat(200) + "handle" + ")".repeat(200) + " = 'x'";
		assertThat(text(rewriter(Phase.EXPAND).rewrite(sql))).isEqualTo(sql.replace("handle", "username"));
	}

	@Test
	void megabytesTakeBoundedTime() {
		List<String> texts = new ArrayList<>();
		texts.add("SELECT id FROM users WHERE handle IN (" + "?, ".repeat(300_000) + "?)");
		texts.add("SELECT id FROM users WHERE " + "handle = ? OR ".repeat(100_000) + "false");
		texts.add("INSERT INTO users (handle) VALUES " + "(?), ".repeat(200_000) + "(?)");
		texts.add("SELECT 1 FROM users" + " UNION SELECT handle FROM users".repeat(40_000));
		texts.add("SELECT handle" + ", handle".repeat(100_000) + " FROM users");
		texts.add("SELECT u.handle FROM users u" + " JOIN t ON t.id = u.id AND t.x = u.handle".repeat(30_000));
		texts.add("UPDATE users SET handle = ?; ".repeat(40_000));
		texts
			.add("WITH " + "x AS (SELECT handle FROM users), ".repeat(30_000) + "y AS (SELECT 1) SELECT handle FROM x");
		texts.add("SELECT handle FROM users WHERE email = '" + "x".repeat(2_000_000) + "'");
		for (String sql : texts) {
			assertTimeoutPreemptively(Duration.ofSeconds(20),
					() -> assertThat(rewriter(Phase.DUAL_WRITE).rewrite(sql)).as(sql.substring(0, 60))
						.isInstanceOf(Rewriting.Rewritten.class));
		}
	}

	@Test
	void foreignTextIsUntouchedWhateverItIs() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (int i = 0; i < 20_000; i++) {
			String sql = random.ints(random.nextInt(60), 0, 0x250)
				.mapToObj(Character::toString)
				.collect(Collectors.joining());
			assertThat(rewriter(Phase.DUAL_WRITE).rewrite(sql)).as("seed " + seed + ": " + sql)
				.isEqualTo(new Rewriting.Untouched());
		}
	}

	@Test
	void randomTokensNeverThrow() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		List<String> words = List.of("SELECT", "FROM", "users", "handle", "username", "u", ".", ",", "(", ")", "*", "=",
				"WHERE", "JOIN", "ON", "USING", "AS", "?", "1", "'x'", "INSERT", "INTO", "VALUES", "UPDATE", "SET",
				"DELETE", "WITH", "RETURNING", "UNION", "ORDER", "BY", "GROUP", "CASE", "WHEN", "THEN", "END", "::",
				"[", "]", "{fn", "}", ";", "DISTINCT", "NOT", "IS", "NULL", "OVER", "MERGE", "CONFLICT", "DO",
				"NOTHING", "EXCLUDED", "LATERAL", "DEFAULT", "TABLE", "EXPLAIN", "CREATE", "COPY", "$$handle users$$",
				"NATURAL", "FOR", "LIMIT", "INTERVAL", "CAST", "EXTRACT", "ELSE", "accounts", "x", "lower");
		StatementRewriter rewriter = rewriter(Phase.DUAL_WRITE);
		for (int i = 0; i < 100_000; i++) {
			String sql = IntStream.range(0, 1 + random.nextInt(25))
				.mapToObj((j) -> words.get(random.nextInt(words.size())))
				.collect(Collectors.joining(" "));
			try {
				assertThat(rewriter.rewrite(sql, GeneratedKeys.ALL)).isNotNull();
			}
			catch (RuntimeException ex) {
				throw new AssertionError("seed " + seed + ": " + sql, ex);
			}
		}
	}

	@Test
	void mutilatedStatementsNeverThrow() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		StatementRewriter rewriter = rewriter(Phase.DUAL_WRITE);
		List<Corpus.Case> cases = Corpus.load();
		for (int i = 0; i < 50_000; i++) {
			StringBuilder sql = new StringBuilder(cases.get(random.nextInt(cases.size())).sql());
			for (int j = random.nextInt(4); j >= 0 && !sql.isEmpty(); j--) {
				int start = random.nextInt(sql.length());
				int end = Math.min(sql.length(), start + random.nextInt(8));
				String other = cases.get(random.nextInt(cases.size())).sql();
				int from = random.nextInt(other.length());
				sql.replace(start, end, other.substring(from, Math.min(other.length(), from + random.nextInt(12))));
			}
			try {
				assertThat(rewriter.rewrite(sql.toString())).isNotNull();
			}
			catch (RuntimeException ex) {
				throw new AssertionError("seed " + seed + ": " + sql, ex);
			}
		}
	}

	private static StatementRewriter rewriter(ColumnRule... rules) {
		return new StatementRewriter(view(null, false, "public"), List.of(rules));
	}

	private static ColumnRule leaving() {
		return leaving(Phase.SWITCH_READS).get(0);
	}

	private static List<ColumnRule> leaving(Phase phase) {
		return ColumnRule.of(new DropColumn("users-email", USERS, "email", "test"), phase, SyncMode.BOTH);
	}

	@Test
	void columnThatLeavesIsNotShown() {
		StatementRewriter rewriter = rewriter(leaving());
		assertThat(text(rewriter.rewrite("SELECT * FROM users"))).isEqualTo("SELECT id, username, handle FROM users");
		assertThat(text(rewriter.rewrite("INSERT INTO users VALUES (1, 'a', 'b')")))
			.isEqualTo("INSERT INTO users (id, username, handle) VALUES (1, 'a', 'b')");
		assertThat(text(rewriter.rewrite("SELECT u FROM users u")))
			.isEqualTo("SELECT u FROM (SELECT id, username, handle FROM users) u");
		assertThat(text(rewriter.rewrite("DELETE FROM users", GeneratedKeys.ALL)))
			.isEqualTo("DELETE FROM users RETURNING id, username, handle");
		assertThat(rewriter.rewrite("SELECT handle FROM users")).isEqualTo(new Rewriting.Untouched());
	}

	@Test
	void columnThatLeavesIsRefusedWithTheWayBack() {
		for (String sql : List.of("SELECT email FROM users", "UPDATE users SET email = 'x'",
				"INSERT INTO users (email) VALUES ('x')", "SELECT 1 FROM users u ORDER BY u.email")) {
			assertThat(rewriter(leaving()).rewrite(sql)).as(sql)
				.isInstanceOfSatisfying(Rewriting.Refused.class, (refused) -> {
					assertThat(refused.reason()).contains("\"email\"").contains("goes away by the change");
					assertThat(refused.action()).contains("Leave it out").contains("'backfill'");
				});
		}
	}

	@Test
	void columnThatLeavesIsThereUntilReadsSwitch() {
		assertThat(leaving(Phase.BACKFILL)).isEmpty();
		assertThat(leaving(Phase.STOP_DUAL_WRITE)).hasSize(1);
		assertThat(leaving(Phase.CONTRACT)).isEmpty();
	}

	private static AddColumn added(String column, String from) {
		return new AddColumn("users-" + column, USERS, column, "text",
				new Conversion("upper(" + from + ")", List.of(from), List.of("upper(", ")")), null, "User." + column);
	}

	private static ColumnRule rule(Change change, Phase phase) {
		return ColumnRule.of(change, phase, SyncMode.BOTH).get(0);
	}

	@Test
	void valueThatFollowsFromAChangingColumnIsReadByItsRule() {
		ColumnRule added = rule(added("email", "handle"), Phase.EXPAND);
		assertThat(text(rewriter(added, rule(CHANGE, Phase.EXPAND)).rewrite("SELECT u.email FROM users u")))
			.isEqualTo("SELECT COALESCE(u.email, CAST(upper(u.username) AS text)) AS email FROM users u");
		assertThat(text(rewriter(added, rule(CHANGE.inPlace(), Phase.EXPAND)).rewrite("SELECT email FROM users")))
			.isEqualTo("SELECT COALESCE(email, CAST(upper(username) AS text)) AS email FROM users");
		assertThat(text(rewriter(added, rule(CHANGE, Phase.EXPAND)).rewrite("UPDATE users SET handle = 'x'")))
			.isEqualTo("UPDATE users SET email = COALESCE(email, CAST(upper(username) AS text)), username = 'x'");
	}

	@Test
	void valuesThatFollowFromEachOtherAreRefused() {
		assertThat(rewriter(rule(added("email", "handle"), Phase.EXPAND), rule(added("handle", "email"), Phase.EXPAND))
			.rewrite("SELECT email FROM users")).isInstanceOfSatisfying(Rewriting.Refused.class,
					(refused) -> assertThat(refused.reason()).contains("follows from itself"));
	}

	@Test
	void columnWithOneValueForAllRowsRunsAsItIs() {
		AddColumn change = new AddColumn("users-email", USERS, "email", "text",
				new Conversion("'x'", List.of(), List.of("'x'")), null, "User.email");
		for (Phase phase : Phase.values()) {
			assertThat(ColumnRule.of(change, phase, SyncMode.BOTH)).isEmpty();
		}
	}

	@Test
	void rowThatMayBeMissingIsReadThroughADerivedTableWhereNothingTellsIt() {
		Table table = new Table(1, USERS, false, view(null, false).tables().get(USERS).columns(), List.of());
		SchemaView view = new SchemaView(1, List.of("public"), Map.of(USERS, table), Set.of(), Map.of(), Set.of());
		assertThat(text(new StatementRewriter(view, List.of(rule(added("email", "handle"), Phase.EXPAND)))
			.rewrite("SELECT u.email FROM logs l LEFT JOIN users u ON u.id = l.id")))
			.isEqualTo("SELECT u.email FROM logs l LEFT JOIN (SELECT id, username, "
					+ "COALESCE(email, CAST(upper(handle) AS text)) AS email, handle FROM users) u ON u.id = l.id");
	}

	@Test
	void nameThatIsKeptIsTheOneToSay() {
		ChangeType converted = ChangeDeclaration
			.changeType("users", "handle", "handle_2", "text", "lower(handle)", "handle_2")
			.on(USERS);
		ChangeType kept = new ChangeType("users-handle", USERS, "handle", "handle_2", true, "text", converted.upward(),
				converted.downward(), true, "User.handle");
		assertThat(ColumnRule.of(kept, Phase.CONTRACT, SyncMode.BOTH)).isEmpty();
		assertThat(text(rewriter(rule(kept, Phase.SWITCH_READS)).rewrite("SELECT handle FROM users WHERE handle = ?")))
			.isEqualTo("SELECT handle_2 AS handle FROM users WHERE handle_2 = ?");
		assertThat(rewriter(rule(kept, Phase.EXPAND)).rewrite("SELECT handle_2 FROM users")).isInstanceOfSatisfying(
				Rewriting.Refused.class, (refused) -> assertThat(refused.action()).contains("Name \"handle\" instead"));
	}

}
