package io.github.expandcontract.backfill;

import java.util.Optional;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.TransactionException;

import io.github.expandcontract.postgres.TableName;

/**
 * Holds the backfill while sessions wait for a lock on the table or on one of its
 * partitions, and while a replica lags by more than ten seconds. It fails closed: where
 * the lag of a replica may not be read, the backfill waits.
 */
final class DatabaseThrottle implements BackfillThrottle {

	private static final int MOST_LAG_SECONDS = 10;

	private final Transactions transactions;

	DatabaseThrottle(Transactions transactions) {
		this.transactions = transactions;
	}

	@Override
	public Optional<String> hold(TableName table) {
		try {
			return this.transactions.call((jdbc) -> read(table, jdbc));
		}
		catch (DataAccessException | TransactionException ex) {
			return Optional.of("The signals that may hold the backfill cannot be read: " + BatchFailures.message(ex));
		}
	}

	private static Optional<String> read(TableName table, JdbcOperations jdbc) {
		return jdbc.query("""
				WITH RECURSIVE tree AS (
					SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
					WHERE n.nspname = ? AND c.relname = ?
					UNION
					SELECT i.inhrelid FROM pg_inherits i JOIN tree ON tree.oid = i.inhparent
				)
				SELECT (SELECT count(DISTINCT l.pid) FROM pg_locks l
						WHERE NOT l.granted AND l.pid <> pg_backend_pid()
							AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
							AND l.relation IN (SELECT oid FROM tree)) AS waiting,
					(SELECT count(*) FROM pg_stat_replication WHERE state IS NULL) AS unreadable,
					(SELECT COALESCE(max(extract(epoch FROM replay_lag)), 0)::bigint FROM pg_stat_replication) AS lag
				""", (result, row) -> {
			if (result.getLong("waiting") > 0) {
				return Optional.of(result.getLong("waiting") + " sessions wait for a lock on \"" + table + "\".");
			}
			if (result.getLong("unreadable") > 0) {
				return Optional.of("The lag of " + result.getLong("unreadable") + " replicas cannot be read: "
						+ "grant pg_read_all_stats to the user of the application.");
			}
			if (result.getLong("lag") > MOST_LAG_SECONDS) {
				return Optional
					.of("A replica lags by " + result.getLong("lag") + " s, more than " + MOST_LAG_SECONDS + " s.");
			}
			return Optional.<String>empty();
		}, table.schema(), table.name()).get(0);
	}

}
