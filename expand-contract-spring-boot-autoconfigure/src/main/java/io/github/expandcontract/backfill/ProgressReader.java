package io.github.expandcontract.backfill;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.RowChange;

/**
 * Reads from our tables how far a job has come.
 */
final class ProgressReader {

	private static final int MOST_ERRORS = 20;

	private ProgressReader() {
	}

	static BackfillProgress read(RowChange change, Direction direction, JdbcOperations jdbc) {
		boolean paused = Pauses.paused(change.id(), jdbc);
		return jdbc.query("""
				SELECT j.id, j.pass, j.started_at, j.finished_at, j.waiting_for, j.rows_left,
					CASE WHEN j.pass = 0 THEN r.examined ELSE j.rows_examined END AS done,
					CASE WHEN j.pass = 0 THEN r.total ELSE j.rows_examined END AS total,
					j.rows_copied + r.copied AS copied, r.open, r.held, r.failed,
					CASE WHEN r.busy_millis > 0 THEN r.examined * 1000.0 / r.busy_millis * r.held ELSE 0 END AS rate
				FROM expand_contract.backfill_job j CROSS JOIN LATERAL (
					SELECT COALESCE(sum(rows_examined), 0)::bigint AS examined,
						COALESCE(sum(rows_copied), 0)::bigint AS copied,
						COALESCE(sum(CASE WHEN done THEN rows_examined
							ELSE greatest(rows_examined, estimate) END), 0)::bigint AS total,
						COALESCE(sum(busy_millis), 0)::bigint AS busy_millis,
						count(*) FILTER (WHERE NOT done) AS open,
						count(*) FILTER (WHERE NOT done AND error_message IS NOT NULL) AS failed,
						count(*) FILTER (WHERE NOT done AND error_message IS NULL
							AND lease_until >= clock_timestamp()) AS held
					FROM expand_contract.backfill_range WHERE job_id = j.id) r
				WHERE j.change_id = ? AND j.direction = ?
				""", (result, row) -> progress(result, paused, jdbc), change.id(), direction.key())
			.stream()
			.findFirst()
			.orElseGet(() -> new BackfillProgress(0, 0, 0, 0, null, paused, "It has not been prepared.", List.of(),
					null, null));
	}

	private static BackfillProgress progress(ResultSet result, boolean paused, JdbcOperations jdbc)
			throws SQLException {
		long done = result.getLong("done");
		long total = result.getLong("total");
		double rate = paused ? 0 : result.getDouble("rate");
		boolean first = result.getInt("pass") == 0;
		Duration eta = (first && rate > 0) ? Duration.ofMillis((long) ((total - done) * 1000 / rate)) : null;
		return new BackfillProgress(done, total, result.getLong("copied"), rate, eta, paused, state(result, paused),
				errors(result.getLong("id"), jdbc), instant(result.getTimestamp("started_at")),
				instant(result.getTimestamp("finished_at")));
	}

	private static String state(ResultSet result, boolean paused) throws SQLException {
		String waitingFor = result.getString("waiting_for");
		if (result.getTimestamp("finished_at") != null) {
			return "It is complete.";
		}
		if (paused) {
			return "It is paused by an operator.";
		}
		if (result.getLong("failed") > 0) {
			return result.getLong("failed") + " ranges cannot be finished because of errors.";
		}
		if (waitingFor != null) {
			return waitingFor;
		}
		if (result.getInt("pass") > 0) {
			return "Sweep " + result.getInt("pass") + " looks for rows that were left, " + result.getLong("open")
					+ " ranges to go; the pass before it left " + result.getLong("rows_left")
					+ " rows locked by others.";
		}
		return result.getLong("open") + " ranges to go, " + result.getLong("held") + " being worked on.";
	}

	private static List<BackfillError> errors(long jobId, JdbcOperations jdbc) {
		return jdbc.query("""
				SELECT leaf_schema || '.' || leaf_name AS leaf, key_column, next_position, upper_bound,
					error_sqlstate, error_message
				FROM expand_contract.backfill_range
				WHERE job_id = ? AND NOT done AND error_message IS NOT NULL ORDER BY id LIMIT ?
				""",
				(result, row) -> new BackfillError(
						Range.describe(result.getString("leaf"), result.getString("key_column"),
								result.getLong("next_position"), result.getLong("upper_bound")),
						result.getString("error_sqlstate"), result.getString("error_message")),
				jobId, MOST_ERRORS);
	}

	private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
		return (timestamp != null) ? timestamp.toInstant() : null;
	}

}
