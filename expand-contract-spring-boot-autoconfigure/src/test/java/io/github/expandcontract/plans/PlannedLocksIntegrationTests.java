package io.github.expandcontract.plans;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.coordination.ChangePlan;
import io.github.expandcontract.schema.DropTableSteps;
import io.github.expandcontract.schema.LockLevel;
import io.github.expandcontract.schema.Step;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.TestDatabase;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Executes every statement of a plan by itself, in the order of the plan, and looks what
 * the server has locked.
 */
class PlannedLocksIntegrationTests {

	private static final TestDatabase DATABASE = TestDatabase.create();

	private static final HikariDataSource POOL = DATABASE.pool(5);

	private static final JdbcTemplate JDBC = new JdbcTemplate(POOL);

	private static final String GRANTED = """
			SELECT n.nspname || '.' || c.relname, l.relation = %2$d
			  OR l.relation IN (SELECT relid FROM pg_partition_tree(%2$d)), l.mode
			FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE l.pid = %1$s AND l.granted AND l.locktype = 'relation'
			AND (l.relation = %2$d OR c.relkind IN ('r', 'p') AND n.nspname = 'public')
			""";

	@BeforeAll
	static void tables() {
		EveryKind.migrate(JDBC);
		JDBC.execute("CREATE SCHEMA expand_contract");
		DropTableSteps.install(JDBC);
	}

	@AfterAll
	static void close() {
		POOL.close();
	}

	static Stream<Change> changes() {
		return EveryKind.changes(JDBC).stream();
	}

	@ParameterizedTest
	@MethodSource("changes")
	void lockThatIsStatedIsTheOneThatTheServerTakes(Change change) throws Exception {
		ChangePlan plan = Planning.planner(POOL, SyncMode.BOTH).preview(List.of(change)).get(0);
		long table = Objects.requireNonNull(
				JDBC.queryForObject("SELECT ?::regclass::oid::bigint", Long.class, change.table().quoted()));
		JDBC.update("UPDATE rides SET host = NULL WHERE host NOT IN (SELECT id FROM hosts)");
		SoftAssertions differences = new SoftAssertions();
		List<Step> steps = new Journey(change.table().name(), plan).all();
		assertThat(steps).isNotEmpty();
		for (Step step : steps) {
			if (!step.sql().startsWith("VACUUM")) {
				Locks stated = new Locks(step.lock(), step.others());
				Locks taken = step.sql().contains("CONCURRENTLY") ? beside(step, table) : within(step, table);
				boolean nothingThere = step.sql().startsWith("DROP TRIGGER IF EXISTS") && taken.equals(Locks.NONE);
				differences.assertThat(nothingThere ? stated : taken).as(step.sql()).isEqualTo(stated);
			}
		}
		differences.assertAll();
	}

	private static Locks within(Step step, long table) throws SQLException {
		try (Connection connection = POOL.getConnection(); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("SET LOCAL expand_contract.sync = 'off'");
			statement.execute(withValues(step.sql()));
			Locks locks = Locks.of(statement, "pg_backend_pid()", table);
			connection.commit();
			return locks;
		}
	}

	/**
	 * One that runs in no transaction, which waits for a writer and can be looked at
	 * meanwhile. That it waits for the writer's transaction shows that its own lock has
	 * been granted beside the writer's.
	 */
	private static Locks beside(Step step, long table) throws Exception {
		String name = Objects.requireNonNull(JDBC.queryForObject("SELECT ?::oid::regclass::text", String.class, table));
		try (Connection writer = POOL.getConnection();
				Statement writing = writer.createStatement();
				Connection connection = POOL.getConnection();
				Statement statement = connection.createStatement()) {
			writer.setAutoCommit(false);
			writing.execute("LOCK TABLE " + name + " IN ROW EXCLUSIVE MODE");
			String pid;
			try (ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
				row.next();
				pid = row.getString(1);
			}
			CompletableFuture<Void> running = CompletableFuture.runAsync(() -> {
				try {
					statement.execute(step.sql());
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			});
			String waiting = "SELECT count(*) FROM pg_locks WHERE pid = " + pid + " AND NOT granted";
			ChangeWalk.await(() -> running.isDone() || Objects.equals(JDBC.queryForObject(waiting, Long.class), 1L),
					step::sql);
			Locks locks;
			try (Statement looking = writer.createStatement()) {
				locks = Locks.of(looking, pid, table);
			}
			writer.rollback();
			running.get(60, TimeUnit.SECONDS);
			return locks;
		}
	}

	private static String withValues(String sql) {
		return sql.replaceAll("\\?::tid\\[\\]", "'{}'::tid[]")
			.replaceFirst("\\?::tid", "'(0,0)'::tid")
			.replaceFirst("\\?::tid", "'(9,9)'::tid")
			.replaceFirst("\\?::tid", "'(0,0)'::tid")
			.replaceFirst("\\?::tid", "'(9,9)'::tid")
			.replaceFirst("\\?", "0")
			.replaceFirst("\\?", "1000000")
			.replaceFirst("\\?", "1000")
			.replaceFirst("\\?", "0");
	}

	@Test
	void vacuumKeepsOutNeitherReadersNorWriters() throws SQLException {
		String vacuum = "VACUUM (SKIP_LOCKED, TRUNCATE FALSE) \"public\".\"hosts\"";
		assertThat(Planning.planner(POOL, SyncMode.BOTH)
			.preview(changes().filter((change) -> change.id().equals("tariffs-amount")).toList())
			.get(0)
			.moves()).flatMap((move) -> move.steps())
			.filteredOn((step) -> step.sql().startsWith("VACUUM"))
			.isNotEmpty()
			.allMatch((step) -> step.lock() == LockLevel.SHARE_UPDATE_EXCLUSIVE && step.sql().contains("SKIP_LOCKED"));
		try (Connection other = POOL.getConnection();
				Statement locking = other.createStatement();
				Connection connection = POOL.getConnection();
				Statement statement = connection.createStatement()) {
			other.setAutoCommit(false);
			locking.execute("LOCK TABLE hosts IN ROW EXCLUSIVE MODE");
			statement.execute(vacuum);
			assertThat(String.valueOf(statement.getWarnings())).isEqualTo("null");
			other.rollback();
			locking.execute("LOCK TABLE hosts IN SHARE UPDATE EXCLUSIVE MODE");
			statement.execute(vacuum);
			assertThat(String.valueOf(statement.getWarnings())).contains("skipping vacuum");
			other.rollback();
		}
	}

	/**
	 * The strongest locks of a session.
	 *
	 * @param own on the changing table and its partitions
	 * @param others on each other table, if it keeps out anybody
	 */
	private record Locks(LockLevel own, Map<String, LockLevel> others) {

		static final Locks NONE = new Locks(LockLevel.NONE, Map.of());

		static Locks of(Statement statement, String pid, long table) throws SQLException {
			LockLevel own = LockLevel.NONE;
			Map<String, LockLevel> others = new TreeMap<>();
			try (ResultSet rows = statement.executeQuery(GRANTED.formatted(pid, table))) {
				while (rows.next()) {
					LockLevel level = level(rows.getString(3));
					if (rows.getBoolean(2)) {
						own = (level.compareTo(own) > 0) ? level : own;
					}
					else if (level != LockLevel.NONE) {
						others.merge(rows.getString(1), level, (one, two) -> (one.compareTo(two) > 0) ? one : two);
					}
				}
			}
			return new Locks(own, others);
		}

		private static LockLevel level(String mode) {
			return switch (mode) {
				case "AccessShareLock", "RowShareLock", "RowExclusiveLock" -> LockLevel.NONE;
				case "ShareUpdateExclusiveLock" -> LockLevel.SHARE_UPDATE_EXCLUSIVE;
				case "ShareLock" -> LockLevel.SHARE;
				case "ShareRowExclusiveLock" -> LockLevel.SHARE_ROW_EXCLUSIVE;
				case "AccessExclusiveLock" -> LockLevel.ACCESS_EXCLUSIVE;
				default -> throw new IllegalStateException(mode);
			};
		}

	}

}
