package io.github.expandcontract.lifecycle;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.jdbc.SchemaViewReader;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.schema.ColumnSteps;
import io.github.expandcontract.sql.ColumnRule;
import io.github.expandcontract.sql.Reading;
import io.github.expandcontract.sql.Rewriting;
import io.github.expandcontract.sql.SchemaView;
import io.github.expandcontract.sql.StatementRewriter;
import io.github.expandcontract.sql.Writing;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A table of a million rows on its way through the phases, with a unique column and one
 * that is not: in each phase and under every way of keeping the columns in step, each
 * statement finds its rows by the index that it used before the change. Nobody but the
 * engine itself analyzes the table on the way.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlansThroughPhasesIntegrationTests {

	private static final TableName USERS = new TableName("public", "users");

	private static final RenameColumn HANDLE = new RenameColumn("users-handle", USERS, "username", "handle", "test");

	private static final RenameColumn ALIAS = new RenameColumn("users-alias", USERS, "nick", "alias", "test");

	private static final List<RenameColumn> CHANGES = List.of(HANDLE, ALIAS);

	private static final List<String> MODES = List.of("force_custom_plan", "force_generic_plan");

	private static final Map<String, Asked> STATEMENTS = statements();

	private static final TestDatabase DATABASE = TestDatabase.create();

	private static final JdbcTemplate JDBC = DATABASE.jdbc();

	private static final ColumnSteps STEPS = new ColumnSteps(new Ddl(DATABASE.dataSource(), LockRetry.defaults()),
			SyncMode.BOTH);

	private static final Map<String, Plans.Plan> BEFORE = new LinkedHashMap<>();

	private static Connection connection;

	private static Plans plans;

	/**
	 * A statement with parameters, and their values as literals.
	 */
	private record Asked(String sql, String arguments) {

		boolean concerns(RenameColumn change) {
			return this.sql.contains(change.newColumn());
		}

	}

	private static Map<String, Asked> statements() {
		Map<String, Asked> all = new LinkedHashMap<>();
		for (String column : List.of("handle", "alias")) {
			String value = column.equals("handle") ? "'user500000'" : "'nick70000'";
			String end = column.equals("handle") ? "'user500005'" : "'nick70003'";
			add(all, column, "point", "SELECT id, $ FROM users WHERE $ = ?", value);
			add(all, column, "star", "SELECT * FROM users WHERE $ = ?", value);
			add(all, column, "range", "SELECT id FROM users WHERE $ >= ? AND $ < ?", value + ", " + end);
			add(all, column, "between", "SELECT $ FROM users u WHERE u.$ BETWEEN ? AND ? ORDER BY u.$ LIMIT 9",
					value + ", " + end);
			add(all, column, "order and limit", "SELECT $, email FROM users ORDER BY $ LIMIT 10", "");
			add(all, column, "order downwards", "SELECT u.* FROM users u ORDER BY u.$ DESC LIMIT 10", "");
			add(all, column, "page", "SELECT id, $ FROM users WHERE $ > ? ORDER BY $ LIMIT 20", value);
			add(all, column, "keyset", "SELECT $, id FROM users WHERE ($, id) > (?, ?) ORDER BY $, id LIMIT 20",
					value + ", 7");
			add(all, column, "list", "SELECT id FROM users WHERE $ IN (?, ?, 'x')", value + ", " + end);
			add(all, column, "any", "SELECT id, $ FROM users WHERE $ = ANY (?::text[])", "ARRAY[" + value + "]");
			add(all, column, "join", """
					SELECT o.id, u.$ FROM orders o JOIN users u ON u.$ = o.buyer WHERE o.id BETWEEN ? AND ?""", "5, 9");
			add(all, column, "outer join", """
					SELECT o.id, u.email FROM orders o LEFT JOIN users u ON u.$ = o.buyer WHERE o.id = ?""", "5");
			add(all, column, "exists", """
					SELECT o.id FROM orders o WHERE o.id BETWEEN ? AND ?
					AND EXISTS (SELECT 1 FROM users u WHERE u.$ = o.buyer AND u.email <> 'x')""", "5, 9");
			add(all, column, "scalar subquery",
					"SELECT o.id, (SELECT max(u.email) FROM users u WHERE u.$ = o.buyer) FROM orders o WHERE o.id = ?",
					"5");
			add(all, column, "common table expression", """
					WITH found AS (SELECT id, $ FROM users WHERE $ = ?) SELECT f.$ FROM found f""", value);
			add(all, column, "least", "SELECT min($), max($) FROM users", "");
			add(all, column, "groups in order", """
					SELECT $, count(*) FROM users WHERE $ > ? GROUP BY $ ORDER BY $ LIMIT 5""", value);
			add(all, column, "numbered", """
					SELECT id, row_number() OVER (ORDER BY $) FROM users WHERE $ > ? ORDER BY $ LIMIT 5""", value);
			add(all, column, "lock", "SELECT id FROM users WHERE $ = ? FOR UPDATE SKIP LOCKED", value);
			add(all, column, "update by it", "UPDATE users SET email = ? WHERE $ = ?", "'e', " + value);
			add(all, column, "update of it", "UPDATE users SET $ = ? WHERE $ = ?", "'new', " + value);
			add(all, column, "update returning", "UPDATE users SET $ = ? WHERE id = ? RETURNING *", "'new', 7");
			add(all, column, "update from", """
					UPDATE users u SET email = o.buyer FROM orders o WHERE u.$ = o.buyer AND o.id = ?""", "5");
			add(all, column, "delete", "DELETE FROM users WHERE $ = ? RETURNING id", value);
			add(all, column, "delete using", "DELETE FROM users u USING orders o WHERE u.$ = o.buyer AND o.id = ?",
					"5");
			add(all, column, "insert where absent",
					"""
							INSERT INTO users (id, handle) SELECT ?, 'fresh' WHERE NOT EXISTS (SELECT 1 FROM users WHERE $ = ?)""",
					"0, " + value);
		}
		add(all, "alias", "null", "SELECT id FROM users WHERE $ IS NULL ORDER BY $ LIMIT 5", "");
		add(all, "alias", "prefix", "SELECT id, $ FROM users WHERE $ LIKE 'nick7000%'", "");
		add(all, "alias", "lower case", "SELECT id, $ FROM users WHERE lower($) = lower(?)", "'NICK70000'");
		add(all, "alias", "partial", "SELECT id FROM users WHERE email = ? AND $ = 'nick5'", "'mail25'");
		add(all, "handle", "upsert", """
				INSERT INTO users (id, $, email) VALUES (?, ?, ?)
				ON CONFLICT ($) DO UPDATE SET email = EXCLUDED.email RETURNING id, $""", "0, 'user7', 'e'");
		add(all, "handle", "upsert of nothing", "INSERT INTO users (id, $) VALUES (?, ?) ON CONFLICT ($) DO NOTHING",
				"0, 'user7'");
		add(all, "handle", "both columns", "SELECT handle, alias FROM users WHERE handle = ? AND alias = ?",
				"'user7', 'nick7'");
		return all;
	}

	private static void add(Map<String, Asked> all, String column, String name, String sql, String arguments) {
		all.put(name + " of " + column, new Asked(sql.replace("$", column), arguments));
	}

	@BeforeAll
	static void createTables() throws SQLException {
		JDBC.execute("""
				CREATE TABLE users (id bigint PRIMARY KEY, username text NOT NULL UNIQUE, nick text, email text);
				INSERT INTO users SELECT i, 'user' || i, CASE WHEN i % 20 > 0 THEN 'nick' || i / 5 END, 'mail' || i
					FROM generate_series(1, 1000000) i;
				CREATE INDEX users_nick ON users (nick);
				CREATE INDEX users_prefix ON users (nick text_pattern_ops);
				CREATE INDEX users_lower ON users (lower(nick));
				CREATE INDEX users_partial ON users (email) WHERE nick = 'nick5';
				CREATE TABLE orders (id bigint PRIMARY KEY, buyer text);
				INSERT INTO orders SELECT i, 'user' || i FROM generate_series(1, 10000) i""");
		JDBC.execute("VACUUM ANALYZE users");
		JDBC.execute("VACUUM ANALYZE orders");
		connection = DATABASE.dataSource().getConnection();
		plans = new Plans(connection, Map.of("username", "handle", "nick", "alias"));
		plans.indexesChanged();
		for (String name : STATEMENTS.keySet()) {
			for (String mode : MODES) {
				String sql = STATEMENTS.get(name).sql().replace("handle", "username").replace("alias", "nick");
				BEFORE.put(name + mode, plan(name, numbered(sql, null), mode));
			}
		}
	}

	@AfterAll
	static void close() throws SQLException {
		connection.close();
	}

	@Test
	@Order(1)
	void statementsUseIndexesBefore() {
		assertThat(BEFORE).allSatisfy((name, plan) -> {
			assertThat(plan.usesIndex()).as(name + plan).isTrue();
			assertThat(plan.accesses().keySet()).noneMatch((access) -> access.startsWith("users as a whole"));
		});
	}

	@Test
	@Order(2)
	void findRowsInEveryPhaseAsBefore() throws Exception {
		List<String> worse = new ArrayList<>();
		CHANGES.forEach(STEPS::expand);
		List<String> wrong = new ArrayList<>();
		for (Phase phase : List.of(Phase.EXPAND, Phase.DUAL_WRITE, Phase.BACKFILL, Phase.SWITCH_READS,
				Phase.STOP_DUAL_WRITE)) {
			if (phase == Phase.SWITCH_READS) {
				fill();
				plans.indexesChanged();
			}
			for (SyncMode sync : SyncMode.values()) {
				List<RenameColumn> possible = (sync != SyncMode.APPLICATION) ? CHANGES : List.of(ALIAS);
				List<ColumnRule> rules = possible.stream()
					.flatMap((change) -> ColumnRule.of(change, phase, sync).stream())
					.toList();
				worse.addAll(worse(rules, phase + " with " + sync));
			}
			if (phase == Phase.DUAL_WRITE) {
				wrong.addAll(worse(CHANGES.stream()
					.flatMap((change) -> ColumnRule.of(change, phase, SyncMode.BOTH).stream())
					.map((rule) -> new ColumnRule(rule.change(), rule.column(), Reading.FALLBACK, Reading.FALLBACK,
							Writing.BOTH, true))
					.toList(), "wrong rule"));
			}
		}
		CHANGES.forEach((change) -> STEPS.contract(change, Duration.ofSeconds(10), (jdbc) -> {
		}));
		plans.indexesChanged();
		worse.addAll(worse(List.of(), "CONTRACT"));
		assertThat(wrong).as("plans that are found to be worse where predicates fall back")
			.hasSizeGreaterThan(STATEMENTS.size());
		assertThat(worse).isEmpty();
	}

	/**
	 * As the backfill does, silent for the triggers, but at once.
	 */
	private static void fill() {
		new TransactionTemplate(new JdbcTransactionManager(JDBC.getDataSource())).executeWithoutResult((status) -> {
			JDBC.execute("SET LOCAL expand_contract.sync = 'off'");
			JDBC.execute("UPDATE users SET handle = username, alias = nick");
		});
		CHANGES.forEach(STEPS::copyIndexes);
	}

	/**
	 * The statements that are run in a worse way than before the change.
	 */
	private static List<String> worse(List<ColumnRule> rules, String when) throws SQLException {
		SchemaView view = new SchemaViewReader(JDBC, () -> List.of("public"), CHANGES).read();
		StatementRewriter rewriter = new StatementRewriter(view, rules);
		List<String> worse = new ArrayList<>();
		for (Map.Entry<String, Asked> statement : STATEMENTS.entrySet()) {
			Asked asked = statement.getValue();
			boolean ruled = CHANGES.stream()
				.filter(asked::concerns)
				.allMatch((change) -> rules.isEmpty() || rules.stream().anyMatch((rule) -> rule.change() == change));
			if (!ruled) {
				continue;
			}
			Rewriting rewriting = rewriter.rewrite(asked.sql());
			assertThat(rewriting).as(statement.getKey() + " at " + when).isNotInstanceOf(Rewriting.Refused.class);
			String sql = numbered((rewriting instanceof Rewriting.Rewritten rewritten) ? rewritten.sql() : asked.sql(),
					rewriting);
			for (String mode : MODES) {
				Plans.Plan before = BEFORE.get(statement.getKey() + mode);
				Plans.Plan now = plan(statement.getKey(), sql, mode);
				if (!now.isAsGoodAs(before)) {
					worse.add("%s at %s, %s: %s%n  before %s%n  now    %s".formatted(statement.getKey(), when, mode,
							sql, before, now));
				}
			}
		}
		return worse;
	}

	private static Plans.Plan plan(String name, String sql, String mode) throws SQLException {
		return plans.of(sql, STATEMENTS.get(name).arguments(), mode);
	}

	/**
	 * Puts numbers in place of the parameters.
	 */
	private static String numbered(String sql, Rewriting rewriting) {
		Matcher matcher = Pattern.compile("\\?").matcher(sql);
		StringBuilder numbered = new StringBuilder();
		for (int i = 1; matcher.find(); i++) {
			int original = (rewriting instanceof Rewriting.Rewritten rewritten) ? rewritten.parameters().original(i)
					: i;
			matcher.appendReplacement(numbered, "\\$" + original);
		}
		return matcher.appendTail(numbered).toString();
	}

}
