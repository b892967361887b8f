package io.github.expandcontract.postgres;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DdlIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@BeforeEach
	void createTable() {
		this.database.jdbc().execute("CREATE TABLE users (id bigint PRIMARY KEY)");
	}

	@Test
	void namesTheBlockingSessionWhenTheLockDoesNotCome() throws Exception {
		Ddl ddl = new Ddl(this.database.dataSource(), LockRetry.defaults());
		try (Connection holder = this.database.dataSource().getConnection();
				Statement statement = holder.createStatement()) {
			statement.execute("SET application_name = 'nightly-report'");
			holder.setAutoCommit(false);
			statement.execute("SELECT * FROM users");
			assertThatExceptionOfType(LockUnavailableException.class)
				.isThrownBy(() -> ddl.once("lock users", Duration.ofMillis(600), (jdbc) -> {
					jdbc.execute("LOCK TABLE users");
					return "locked";
				}))
				.withMessageContaining("nightly-report")
				.withMessageContaining("idle in transaction")
				.satisfies((ex) -> assertThat(ex.getBlockers()).hasSize(1));
		}
	}

	@Test
	void tellsWhoAnAttemptAndABuildWaitFor() throws Exception {
		List<String> told = new CopyOnWriteArrayList<>();
		Ddl ddl = new Ddl(this.database.dataSource(), new LockRetry(Duration.ofMillis(300), 2, Duration.ofMillis(10)),
				Duration.ofMinutes(5), (step, gaveUp, blockers) -> blockers
					.forEach((blocker) -> told.add(step + " " + gaveUp + " " + blocker.applicationName())));
		CompletableFuture<Void> build;
		try (Connection holder = this.database.dataSource().getConnection();
				Statement statement = holder.createStatement()) {
			statement.execute("SET application_name = 'nightly-report'");
			holder.setAutoCommit(false);
			statement.execute("INSERT INTO users VALUES (1)");
			assertThatExceptionOfType(LockUnavailableException.class)
				.isThrownBy(() -> ddl.inTransaction("lock users", (jdbc) -> {
					jdbc.execute("LOCK TABLE users");
					return "locked";
				}));
			assertThat(told).contains("lock users true nightly-report");
			build = CompletableFuture
				.runAsync(() -> ddl.concurrently("index users", "CREATE INDEX CONCURRENTLY by_id ON users (id)"));
			while (!told.contains("index users false nightly-report")) {
				assertThat(build).isNotDone();
				Thread.onSpinWait();
			}
			holder.rollback();
		}
		build.get(60, TimeUnit.SECONDS);
	}

	/**
	 * One that takes long enough: a tenth of a second for each page.
	 */
	@Test
	void anAutovacuumGivesWayToWhoMayEndItAndIsNamedToOthers() {
		TestDatabase database = TestDatabase.onServerWith(Map.of("autovacuum", "on", "autovacuum_naptime", "1"));
		JdbcTemplate jdbc = database.jdbc();
		String owner = database.role("owner");
		jdbc.execute(
				"""
						CREATE TABLE users (id bigint PRIMARY KEY) WITH (autovacuum_vacuum_threshold = 1,
						  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1);
						INSERT INTO users SELECT generate_series(1, 40000); DELETE FROM users WHERE id % 2 = 0;
						"""
						+ "CREATE ROLE " + owner + " LOGIN PASSWORD 'o'; ALTER TABLE users OWNER TO " + owner);
		awaitAutovacuum(jdbc);
		PGSimpleDataSource owned = new PGSimpleDataSource();
		owned.setUrl(database.url().replaceFirst("\\?.*", ""));
		owned.setUser(owner);
		owned.setPassword("o");
		assertThatExceptionOfType(LockUnavailableException.class)
			.isThrownBy(() -> lockUsers(new Ddl(owned, LockRetry.defaults())))
			.withMessageContaining("VACUUM")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("deadlock_timeout").contains("pg_cancel_backend("));
		awaitAutovacuum(jdbc);
		lockUsers(new Ddl(database.dataSource(), LockRetry.defaults()));
	}

	private static void lockUsers(Ddl ddl) {
		ddl.once("lock users", Duration.ofMillis(700), (jdbc) -> {
			jdbc.execute("LOCK TABLE users");
			return "locked";
		});
	}

	private static void awaitAutovacuum(JdbcTemplate jdbc) {
		long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
		while (jdbc.queryForObject("""
				SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
				WHERE l.relation = 'users'::regclass AND a.backend_type = 'autovacuum worker'
				""", Integer.class) == 0) {
			assertThat(System.nanoTime()).as("no autovacuum has come").isLessThan(end);
			LockSupport.parkNanos(20_000_000);
		}
	}

	@Test
	void succeedsOnceTheLockIsFree() throws Exception {
		Ddl ddl = new Ddl(this.database.dataSource(),
				new LockRetry(Duration.ofMillis(100), 100, Duration.ofMillis(50)));
		AtomicInteger attempts = new AtomicInteger();
		CompletableFuture<String> step;
		try (Connection holder = this.database.dataSource().getConnection();
				Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("SELECT * FROM users");
			step = CompletableFuture.supplyAsync(() -> ddl.inTransaction("lock users", (jdbc) -> {
				attempts.incrementAndGet();
				jdbc.execute("LOCK TABLE users");
				return "locked";
			}));
			while (attempts.get() < 3) {
				Thread.onSpinWait();
			}
			assertThat(step).isNotDone();
			holder.rollback();
		}
		assertThat(step.get(30, TimeUnit.SECONDS)).isEqualTo("locked");
	}

	@Test
	void leavesThePooledConnectionAsItWas() {
		try (HikariDataSource pool = this.database.pool(1)) {
			JdbcTemplate jdbc = new JdbcTemplate(pool);
			jdbc.execute("SET lock_timeout = '7s'");
			Ddl ddl = new Ddl(pool, LockRetry.defaults());
			ddl.inTransaction("look", (transaction) -> {
				assertThat(transaction.queryForObject("SHOW lock_timeout", String.class)).isEqualTo("500ms");
				return "";
			});
			assertThat(jdbc.queryForObject("SHOW lock_timeout", String.class)).isEqualTo("7s");
			assertThat(jdbc.queryForObject("SHOW statement_timeout", String.class)).isEqualTo("0");
			assertThat(jdbc.queryForObject("SHOW idle_in_transaction_session_timeout", String.class)).isEqualTo("0");
		}
	}

	@Test
	void whatRunsOnceEndsByItselfBeforeTheLeasesOfThoseItHolds() {
		Ddl ddl = new Ddl(this.database.dataSource(), LockRetry.defaults());
		String limit = ddl.once("look", Duration.ofSeconds(1),
				(jdbc) -> jdbc.queryForObject("SHOW idle_in_transaction_session_timeout", String.class));
		assertThat(limit).isEqualTo("3s");
	}

	@Test
	void rollsBackWhenTheWorkFails() {
		Ddl ddl = new Ddl(this.database.dataSource(), LockRetry.defaults());
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> ddl.inTransaction("fail", (jdbc) -> {
			jdbc.execute("DROP TABLE users");
			throw new IllegalStateException("no");
		}));
		assertThat(new Catalog(ddl.jdbc()).resolve(null, "users")).isPresent();
	}

}
