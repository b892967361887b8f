package io.github.expandcontract.lifecycle;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.expandcontract.Phase;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A long transaction of somebody else's stands in the way of our DDL.
 */
class LockIntegrationTests {

	private static final String LOCK_TIMEOUT = "expand-contract.lock.timeout=200ms";

	// A queue behind one attempt, and a machine that is busy.
	private static final long LONGEST_MILLIS = 2_000;

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	@Test
	void expandNeverMakesTrafficQueueForLongAndComesThroughAfterwards() throws Exception {
		LifecycleApplication.start(this.database, "expand-contract.enabled=false").close();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (Connection reader = readingTransaction()) {
			Traffic traffic = new Traffic().previousRelease(this.plain);
			Future<ConfigurableApplicationContext> starting = executor.submit(
					() -> LifecycleApplication.start(this.database, LOCK_TIMEOUT, "expand-contract.lock.attempts=200"));
			awaitBlockedAttempts();
			long before = traffic.operations();
			ChangeWalk.await(() -> traffic.operations() > before + 100, () -> "the traffic stands still");
			awaitBlockedAttempts();
			assertThat(starting.isDone()).isFalse();
			reader.rollback();
			try (ConfigurableApplicationContext context = starting.get(60, TimeUnit.SECONDS)) {
				assertThat(LifecycleApplication.WALK.phase(context)).isEqualTo(Phase.EXPAND);
				assertThat(traffic.longestMillis()).isLessThan(LONGEST_MILLIS);
				traffic.stopAndCompare(this.plain, "username");
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void contractNeverMakesTrafficQueueForLongAndComesThroughAfterwards() throws Exception {
		try (ConfigurableApplicationContext context = LifecycleApplication.start(this.database, LOCK_TIMEOUT)) {
			LifecycleApplication.WALK.to(Phase.STOP_DUAL_WRITE, context);
			Traffic traffic = new Traffic().newRelease(context);
			try (Connection reader = readingTransaction()) {
				context.getBean(Operations.class).override(LifecycleApplication.WALK.change(), Phase.CONTRACT, "test");
				ChangeWalk.await(() -> LifecycleApplication.WALK.status(context).state().waitsFor().contains("lock"),
						() -> String.valueOf(LifecycleApplication.WALK.status(context)));
				assertThat(LifecycleApplication.WALK.phase(context)).isEqualTo(Phase.STOP_DUAL_WRITE);
				long before = traffic.operations();
				ChangeWalk.await(() -> traffic.operations() > before + 100, () -> "the traffic stands still");
				reader.rollback();
			}
			LifecycleApplication.WALK.to(Phase.CONTRACT, context);
			// The hold itself is bounded by the cutover timeout of two seconds.
			assertThat(traffic.longestMillis()).isLessThan(2_000 + LONGEST_MILLIS);
			traffic.stopAndCompare(this.plain, "handle");
		}
	}

	private void awaitBlockedAttempts() {
		// The reader holds its lock all the time, so whoever is refused was in the queue.
		ChangeWalk.await(() -> this.plain.queryForObject("""
				SELECT count(*) FROM pg_locks
				 WHERE NOT granted AND relation = 'users'::regclass
				   AND mode IN ('ShareRowExclusiveLock', 'AccessExclusiveLock')""", Long.class) > 0,
				() -> "nothing of ours waits for the lock");
	}

	private Connection readingTransaction() throws SQLException {
		Connection connection = this.database.dataSource().getConnection();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT count(*) FROM users");
		}
		return connection;
	}

}
