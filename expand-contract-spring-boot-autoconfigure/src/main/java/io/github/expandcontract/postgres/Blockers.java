package io.github.expandcontract.postgres;

import java.time.OffsetDateTime;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

/**
 * Looks who stands before a session of ours in the queue for a lock.
 */
final class Blockers {

	private static final Log logger = LogFactory.getLog(Blockers.class);

	private final JdbcOperations jdbc;

	private volatile boolean mayEndAutovacuum = true;

	Blockers(JdbcOperations jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Adds those who have come since it was last looked.
	 * @param pid the process id of our session
	 * @param found those who are known
	 * @return the added ones
	 */
	List<BlockingSession> look(@Nullable Integer pid, List<BlockingSession> found) {
		try {
			List<BlockingSession> news = read(pid).stream()
				.filter((blocker) -> found.stream().noneMatch((seen) -> seen.pid() == blocker.pid()))
				.toList();
			found.addAll(news);
			return news;
		}
		catch (RuntimeException ex) {
			logger.debug("The blocking sessions could not be read", ex);
			return List.of();
		}
	}

	/*
	 * Of sessions of others a role without pg_read_all_stats sees the process id alone,
	 * and that it vacuums.
	 */
	private List<BlockingSession> read(@Nullable Integer pid) {
		return this.jdbc.query("""
				SELECT b.pid, coalesce(nullif(a.application_name, ''), a.backend_type,
				    CASE WHEN v.pid IS NOT NULL THEN 'VACUUM' WHEN n.pid IS NOT NULL THEN 'ANALYZE' END),
				  a.state, a.query_start,
				  coalesce(a.backend_type = 'autovacuum worker', v.pid IS NOT NULL OR n.pid IS NOT NULL)
				FROM (SELECT DISTINCT pg_catalog.unnest(pg_catalog.pg_blocking_pids(?)) AS pid) b
				LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
				LEFT JOIN pg_catalog.pg_stat_progress_vacuum v ON v.pid = b.pid
				LEFT JOIN pg_catalog.pg_stat_progress_analyze n ON n.pid = b.pid
				ORDER BY b.pid
				""", (row, number) -> new BlockingSession(row.getInt(1), row.getString(2), row.getString(3),
				row.getObject(4, OffsetDateTime.class), row.getBoolean(5)), pid);
	}

	/**
	 * Ends autovacuums that stand before us, as the server itself does for whoever waits
	 * longer than its {@code deadlock_timeout}, and like it not those that prevent a
	 * wraparound. They begin again by themselves.
	 */
	void endAutovacuum(@Nullable Integer pid, List<BlockingSession> found) {
		if (!this.mayEndAutovacuum || found.stream().noneMatch(BlockingSession::autovacuum)) {
			return;
		}
		try {
			// Materialized, or the function might be called for others before they are
			// left out
			this.jdbc.queryForList("""
					WITH autovacuum AS MATERIALIZED (
					  SELECT pid FROM pg_catalog.pg_stat_activity
					  WHERE pid = ANY (pg_catalog.pg_blocking_pids(?)) AND backend_type = 'autovacuum worker'
					    AND query NOT LIKE '%(to prevent wraparound)')
					SELECT pid FROM autovacuum WHERE pg_catalog.pg_cancel_backend(pid)
					""", Integer.class, pid)
				.forEach((ended) -> logger.info("The autovacuum of session " + ended
						+ " has been asked to let go of a table that is to be changed; it begins again by itself"));
		}
		catch (RuntimeException ex) {
			// Superusers may, and since PostgreSQL 18 who has pg_signal_autovacuum_worker
			this.mayEndAutovacuum = false;
			logger.debug("This user may not end an autovacuum", ex);
		}
	}

}
