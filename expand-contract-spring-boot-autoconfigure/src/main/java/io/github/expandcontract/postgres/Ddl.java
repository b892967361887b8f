package io.github.expandcontract.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The one place where statements run that need strong locks. A transaction of ours
 * <ol>
 * <li>takes a connection of its own, apart from any transaction of the caller;</li>
 * <li>bounds every wait for a lock by {@code lock_timeout}, and the time it may sit idle
 * with locks in its hands, both for this transaction only, so that nothing is left behind
 * on a pooled connection, whatever the pooling;</li>
 * <li>is rolled back as a whole when a lock does not come or a deadlock is found, and is
 * tried again after a random pause, a bounded number of times.</li>
 * </ol>
 * The last failure names the sessions that held the locks.
 */
public final class Ddl {

	private static final Log logger = LogFactory.getLog(Ddl.class);

	private static final String IDLE_LIMIT = "30s";

	// What runs once holds the heartbeats of all instances too. If its machine is gone,
	// it
	// has to end before their leases do.
	private static final String IDLE_LIMIT_ONCE = "3s";

	private final DataSource dataSource;

	private final LockRetry retry;

	private final Duration concurrentBudget;

	private final LockListener listener;

	private final JdbcTemplate jdbc;

	private final Blockers blockers;

	private final ScheduledThreadPoolExecutor watchers = watchers();

	/**
	 * Creates an executor.
	 * @param dataSource a data source whose user owns the changing tables
	 * @param retry how locks are asked for
	 */
	public Ddl(DataSource dataSource, LockRetry retry) {
		this(dataSource, retry, Duration.ofHours(6), LockListener.NONE);
	}

	/**
	 * Creates an executor.
	 * @param dataSource a data source whose user owns the changing tables
	 * @param retry how locks are asked for
	 * @param concurrentBudget how long a statement may take that runs concurrently with
	 * readers and writers, at least a second
	 * @param listener is told of what stands in the way
	 */
	public Ddl(DataSource dataSource, LockRetry retry, Duration concurrentBudget, LockListener listener) {
		this.dataSource = dataSource;
		this.retry = retry;
		this.concurrentBudget = concurrentBudget;
		this.listener = listener;
		this.jdbc = new JdbcTemplate(dataSource);
		this.blockers = new Blockers(this.jdbc);
	}

	/**
	 * Runs work in a transaction, again and again until its locks come. The work must do
	 * nothing outside the database, for it may run more than once.
	 * @param <T> the type of the result
	 * @param step what the work does, for messages
	 * @param work the work, given the transaction
	 * @return what the work returned
	 * @throws LockUnavailableException if the locks did not come in all attempts
	 */
	public <T extends @Nullable Object> T inTransaction(String step, Function<JdbcOperations, T> work) {
		for (int attempt = 1;; attempt++) {
			try {
				return attempt(step, attempt, this.retry.lockTimeout(), IDLE_LIMIT, work);
			}
			catch (LockUnavailableException ex) {
				if (attempt >= this.retry.attempts() || !pause(this.retry.pauseAfter(attempt))) {
					throw ex;
				}
				logger.info("Attempt " + attempt + " of " + this.retry.attempts() + ": " + ex.getDescription());
			}
		}
	}

	/**
	 * Runs work in a transaction, once.
	 * @param <T> the type of the result
	 * @param step what the work does, for messages
	 * @param lockTimeout how long to wait for a lock, at least a millisecond
	 * @param work the work, given the transaction
	 * @return what the work returned
	 * @throws LockUnavailableException if a lock did not come
	 */
	public <T extends @Nullable Object> T once(String step, Duration lockTimeout, Function<JdbcOperations, T> work) {
		return attempt(step, 1, lockTimeout, IDLE_LIMIT_ONCE, work);
	}

	/**
	 * Runs a statement that PostgreSQL refuses inside a transaction, such as
	 * {@code CREATE INDEX CONCURRENTLY}. Its waits block no reader and no writer, so no
	 * lock timeout is put on it: one would end a build half way. It has a budget as a
	 * whole, and while it waits the log names the sessions that it waits for. A build
	 * that fails leaves an invalid index, which the caller looks for by
	 * {@code indisvalid} and drops.
	 * @param step what the statement does, for messages
	 * @param sql the statement
	 * @throws LockUnavailableException if a timeout set on the role or database ended it,
	 * a deadlock was found, or the time was used up
	 */
	public void concurrently(String step, String sql) {
		Connection connection = open();
		List<BlockingSession> blockers = new CopyOnWriteArrayList<>();
		Future<?> watch = null;
		try {
			connection.setAutoCommit(true);
			JdbcTemplate template = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
			template.setQueryTimeout((int) Math.max(1, this.concurrentBudget.toSeconds()));
			Integer pid = template.queryForObject("SELECT pg_catalog.pg_backend_pid()", Integer.class);
			long period = Math.max(1, this.retry.lockTimeout().toMillis());
			watch = this.watchers.scheduleWithFixedDelay(() -> watchBuild(step, pid, blockers), period, period,
					TimeUnit.MILLISECONDS);
			template.execute(sql);
		}
		catch (SQLException ex) {
			throw new UncategorizedSQLException(step, sql, ex);
		}
		catch (RuntimeException ex) {
			if (isLockTrouble(ex)) {
				this.listener.blocked(step, true, List.copyOf(blockers));
				throw new LockUnavailableException(step, blockers, ex);
			}
			throw ex;
		}
		finally {
			if (watch != null) {
				watch.cancel(false);
			}
			close(connection);
		}
	}

	/**
	 * Plain reads, each in a transaction of its own.
	 * @return a template without lock bounds
	 */
	public JdbcOperations jdbc() {
		return this.jdbc;
	}

	private <T extends @Nullable Object> T attempt(String step, int attempt, Duration lockTimeout, String idleLimit,
			Function<JdbcOperations, T> work) {
		Connection connection = open();
		boolean autoCommit = true;
		List<BlockingSession> blockers = new CopyOnWriteArrayList<>();
		Future<?> watch = null;
		try {
			autoCommit = connection.getAutoCommit();
			connection.setAutoCommit(false);
			JdbcTemplate transaction = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
			String patience = Math.max(1, lockTimeout.toMillis()) + "ms";
			transaction.execute("SET LOCAL lock_timeout = '" + patience + "'");
			transaction.execute("SET LOCAL statement_timeout = 0");
			transaction.execute("SET LOCAL idle_in_transaction_session_timeout = '" + idleLimit + "'");
			Integer pid = transaction.queryForObject("SELECT pg_catalog.pg_backend_pid()", Integer.class);
			long period = Math.max(1, lockTimeout.toMillis() / 3);
			watch = this.watchers.scheduleWithFixedDelay(() -> {
				this.blockers.look(pid, blockers);
				this.blockers.endAutovacuum(pid, blockers);
			}, period, period, TimeUnit.MILLISECONDS);
			T result = work.apply(transaction);
			connection.commit();
			return result;
		}
		catch (SQLException ex) {
			rollback(connection);
			if (isLockTrouble(ex)) {
				throw missed(step, attempt, lockTimeout, blockers, ex);
			}
			throw new UncategorizedSQLException(step, null, ex);
		}
		catch (RuntimeException | Error ex) {
			rollback(connection);
			if (isLockTrouble(ex)) {
				throw missed(step, attempt, lockTimeout, blockers, ex);
			}
			throw ex;
		}
		finally {
			if (watch != null) {
				watch.cancel(false);
			}
			restore(connection, autoCommit);
			close(connection);
		}
	}

	private LockUnavailableException missed(String step, int attempt, Duration lockTimeout,
			List<BlockingSession> blockers, Throwable cause) {
		this.listener.blocked(step, true, List.copyOf(blockers));
		return new LockUnavailableException(step, attempt, lockTimeout, blockers, cause);
	}

	/**
	 * Says once of each session that a build waits for it.
	 */
	private void watchBuild(String step, @Nullable Integer pid, List<BlockingSession> known) {
		List<BlockingSession> news = this.blockers.look(pid, known);
		if (!news.isEmpty()) {
			logger.info("The step '" + step + "' waits" + phase(pid) + " for "
					+ String.join(", ", news.stream().map(BlockingSession::describe).toList())
					+ ". It blocks no reader and no writer, and goes on when their transactions have ended.");
			this.listener.blocked(step, false, news);
		}
	}

	private String phase(@Nullable Integer pid) {
		try {
			return this.jdbc
				.queryForList("SELECT phase FROM pg_catalog.pg_stat_progress_create_index WHERE pid = ?", String.class,
						pid)
				.stream()
				.findFirst()
				.map((phase) -> " (" + phase + ")")
				.orElse("");
		}
		catch (RuntimeException ex) {
			logger.debug("The phase of the build could not be read", ex);
			return "";
		}
	}

	private static boolean isLockTrouble(Throwable failure) {
		return SqlStates.is(failure, SqlStates.LOCK_NOT_AVAILABLE, SqlStates.DEADLOCK_DETECTED,
				SqlStates.QUERY_CANCELED);
	}

	private static boolean pause(Duration pause) {
		try {
			Thread.sleep(pause.toMillis());
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private Connection open() {
		try {
			return this.dataSource.getConnection();
		}
		catch (SQLException ex) {
			throw new CannotGetJdbcConnectionException("No connection for DDL", ex);
		}
	}

	private static void rollback(Connection connection) {
		try {
			connection.rollback();
		}
		catch (SQLException ex) {
			logger.debug("Rollback failed; the server ends the transaction with the connection", ex);
		}
	}

	private static void restore(Connection connection, boolean autoCommit) {
		try {
			connection.setAutoCommit(autoCommit);
		}
		catch (SQLException ex) {
			logger.debug("Auto-commit could not be restored", ex);
		}
	}

	private static void close(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			logger.debug("Closing failed", ex);
		}
	}

	private static ScheduledThreadPoolExecutor watchers() {
		ScheduledThreadPoolExecutor watchers = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "expand-contract-lock-watch");
			thread.setDaemon(true);
			return thread;
		});
		watchers.setKeepAliveTime(10, TimeUnit.SECONDS);
		watchers.allowCoreThreadTimeOut(true);
		watchers.setRemoveOnCancelPolicy(true);
		return watchers;
	}

}
