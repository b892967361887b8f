package io.github.expandcontract.backfill;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.backfill.RangePlanner.Planned;
import io.github.expandcontract.postgres.TableName;

/**
 * Jobs and ranges as rows. All times are the database's.
 */
final class RangeStore {

	private static final String CLAIM = """
			UPDATE expand_contract.backfill_range r
			SET lease_until = clock_timestamp() + ? * interval '1 millisecond', fence = fence + 1
			WHERE r.id =
			""";

	private static final String CLAIMED = """
			RETURNING id, job_id, leaf_schema, leaf_name, key_column, next_position, upper_bound,
				COALESCE(batch_size, 0) AS batch_size, fence
			""";

	private RangeStore() {
	}

	static Optional<Job> job(String changeId, Direction direction, JdbcOperations jdbc) {
		return jdbc
			.query("""
					SELECT id, pass, finished_at IS NOT NULL AS finished FROM expand_contract.backfill_job
					WHERE change_id = ? AND direction = ?
					""",
					(result, row) -> new Job(result.getLong("id"), result.getInt("pass"),
							result.getBoolean("finished")),
					changeId, direction.key())
			.stream()
			.findFirst();
	}

	/**
	 * Creates the job with its first ranges, unless another instance has.
	 */
	static void create(String changeId, Direction direction, List<Planned> ranges, JdbcOperations jdbc) {
		jdbc.query("""
				INSERT INTO expand_contract.backfill_job (change_id, direction) VALUES (?, ?)
				ON CONFLICT (change_id, direction) DO NOTHING RETURNING id
				""", (result) -> {
			insert(result.getLong(1), ranges, jdbc);
		}, changeId, direction.key());
	}

	static void insert(long jobId, List<Planned> ranges, JdbcOperations jdbc) {
		jdbc.batchUpdate("""
				INSERT INTO expand_contract.backfill_range
					(job_id, leaf_schema, leaf_name, key_column, lower_bound, upper_bound, next_position, estimate)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?)
				""", ranges, 500, (statement, range) -> {
			statement.setLong(1, jobId);
			statement.setString(2, range.leaf().name().schema());
			statement.setString(3, range.leaf().name().name());
			statement.setString(4, range.leaf().keyColumn());
			statement.setLong(5, range.lower());
			statement.setLong(6, range.upper());
			statement.setLong(7, range.lower());
			statement.setLong(8, range.estimate());
		});
	}

	/**
	 * Takes a range that nobody holds, or whose holder has not been heard of for the
	 * length of its lease, and with it the ranges of other jobs that begin at the same
	 * position. One that several jobs have before them comes first; one that has failed
	 * is taken by itself.
	 * @param jobs the jobs, all of the same table
	 * @return the ranges in the order of their ids, empty if all are done or held
	 */
	static List<Range> claim(Collection<Long> jobs, Duration lease, JdbcOperations jdbc) {
		Long[] ids = jobs.toArray(Long[]::new);
		List<Range> claimed = new ArrayList<>(jdbc.query(CLAIM + """
				(SELECT f.id FROM expand_contract.backfill_range f LEFT JOIN (
					SELECT leaf_schema, leaf_name, next_position, count(*) AS jobs FROM expand_contract.backfill_range
					WHERE job_id = ANY (?) AND NOT done AND lease_until < clock_timestamp() AND error_message IS NULL
					GROUP BY leaf_schema, leaf_name, next_position) s
					ON s.leaf_schema = f.leaf_schema AND s.leaf_name = f.leaf_name
						AND s.next_position = f.next_position AND f.error_message IS NULL
				WHERE f.job_id = ANY (?) AND NOT f.done AND f.lease_until < clock_timestamp()
				ORDER BY s.jobs DESC NULLS LAST, f.id LIMIT 1 FOR UPDATE OF f SKIP LOCKED)
				""" + CLAIMED, RangeStore::range, lease.toMillis(), ids, ids));
		if (ids.length > 1 && !claimed.isEmpty()) {
			Range first = claimed.get(0);
			claimed.addAll(jdbc.query(CLAIM + """
					ANY (ARRAY(SELECT f.id FROM expand_contract.backfill_range f
					JOIN expand_contract.backfill_range first ON first.id = ? AND first.error_message IS NULL
					WHERE f.job_id = ANY (?) AND f.job_id <> first.job_id AND NOT f.done
						AND f.lease_until < clock_timestamp() AND f.error_message IS NULL
						AND f.leaf_schema = first.leaf_schema AND f.leaf_name = first.leaf_name
						AND f.key_column IS NOT DISTINCT FROM first.key_column
						AND f.next_position = first.next_position
					FOR UPDATE OF f SKIP LOCKED))
					""" + CLAIMED, RangeStore::range, lease.toMillis(), first.id(), ids));
			claimed.sort(Comparator.comparingLong(Range::id));
		}
		return claimed;
	}

	private static Range range(ResultSet result, int row) throws SQLException {
		return new Range(result.getLong("id"), result.getLong("job_id"),
				new TableName(result.getString("leaf_schema"), result.getString("leaf_name")),
				result.getString("key_column"), result.getLong("next_position"), result.getLong("upper_bound"),
				result.getInt("batch_size"), result.getLong("fence"));
	}

	/**
	 * Locks the range for the length of the transaction, so that its lease cannot be
	 * taken over in the midst of a batch.
	 * @return where to go on, empty if the lease has been taken over or the range is gone
	 */
	static Optional<Long> lock(Range range, JdbcOperations jdbc) {
		return jdbc.query("""
				SELECT next_position FROM expand_contract.backfill_range
				WHERE id = ? AND fence = ? AND NOT done FOR UPDATE
				""", (result, row) -> result.getLong(1), range.id(), range.fence()).stream().findFirst();
	}

	/**
	 * Moves the cursor in the transaction of the batch.
	 */
	static void advance(Range range, Batch.Outcome outcome, Batch.Filled filled, int batchSize, Duration took,
			Duration lease, JdbcOperations jdbc) {
		boolean done = outcome.reached() >= range.upper();
		jdbc.update("""
				UPDATE expand_contract.backfill_range
				SET next_position = ?, done = ?, rows_examined = rows_examined + ?,
					rows_differing = rows_differing + ?, rows_copied = rows_copied + ?, batch_size = ?,
					busy_millis = busy_millis + ?, attempts = 0, error_sqlstate = NULL, error_message = NULL,
					lease_until = clock_timestamp() + ? * interval '1 millisecond'
				WHERE id = ?
				""", done ? outcome.reached() : outcome.reached() + 1, done, outcome.examined(), filled.differing(),
				filled.copied(), batchSize, Math.max(1, took.toMillis()), lease.toMillis(), range.id());
	}

	/**
	 * Lets go of a range before its end.
	 */
	static void release(Range range, JdbcOperations jdbc) {
		jdbc.update("""
				UPDATE expand_contract.backfill_range SET lease_until = '-infinity' WHERE id = ? AND fence = ?
				""", range.id(), range.fence());
	}

	static void finish(Range range, JdbcOperations jdbc) {
		jdbc.update("UPDATE expand_contract.backfill_range SET done = true WHERE id = ? AND fence = ?", range.id(),
				range.fence());
	}

	/**
	 * Keeps the error and lets the range rest, longer each time.
	 */
	static void failed(Range range, String sqlState, String message, JdbcOperations jdbc) {
		jdbc.update(
				"""
						UPDATE expand_contract.backfill_range
						SET error_sqlstate = ?, error_message = ?, attempts = attempts + 1,
							lease_until = clock_timestamp() + least(30000, 200 * 2 ^ least(attempts, 10)) * interval '1 millisecond'
						WHERE id = ? AND fence = ?
						""",
				sqlState, message, range.id(), range.fence());
	}

	/**
	 * Lets go of a range that is to go on with smaller batches.
	 */
	static void shrink(Range range, int batchSize, JdbcOperations jdbc) {
		jdbc.update("""
				UPDATE expand_contract.backfill_range SET batch_size = ?, lease_until = '-infinity'
				WHERE id = ? AND fence = ?
				""", batchSize, range.id(), range.fence());
	}

	/**
	 * Divides what is left of a range at {@code middle}, the last position of the first
	 * half. Both halves are free to be claimed.
	 */
	static void split(Range range, long middle, JdbcOperations jdbc) {
		int halves = jdbc.update("""
				INSERT INTO expand_contract.backfill_range
					(job_id, leaf_schema, leaf_name, key_column, lower_bound, upper_bound, next_position, estimate)
				SELECT job_id, leaf_schema, leaf_name, key_column, ?, upper_bound, ?, estimate / 2
				FROM expand_contract.backfill_range WHERE id = ? AND fence = ? AND NOT done FOR UPDATE
				""", middle + 1, middle + 1, range.id(), range.fence());
		if (halves == 1) {
			jdbc.update(
					"""
							UPDATE expand_contract.backfill_range
							SET upper_bound = ?, estimate = estimate - estimate / 2, lease_until = '-infinity', batch_size = NULL
							WHERE id = ?
							""",
					middle, range.id());
		}
	}

	/**
	 * Whether the first pass has come through another tenth of the rows since anyone was
	 * told so. One caller is.
	 */
	static boolean anotherTenth(long jobId, JdbcOperations jdbc) {
		return jdbc.update("""
				WITH progress AS (
					SELECT 10 * sum(rows_examined) / greatest(1, sum(CASE WHEN done THEN rows_examined
						ELSE greatest(rows_examined, estimate) END)) AS tenths, sum(rows_copied) AS copied
					FROM expand_contract.backfill_range WHERE job_id = ?)
				UPDATE expand_contract.backfill_job j SET vacuumed_tenths = floor(p.tenths)
				FROM progress p
				WHERE j.id = ? AND j.pass = 0 AND p.copied > 0 AND floor(p.tenths) > j.vacuumed_tenths
				""", jobId, jobId) == 1;
	}

	static void waitingFor(long jobId, String reason, JdbcOperations jdbc) {
		jdbc.update("""
				UPDATE expand_contract.backfill_job SET waiting_for = nullif(?, '')
				WHERE id = ? AND COALESCE(waiting_for, '') <> ?
				""", reason, jobId, reason);
	}

	/**
	 * A job.
	 *
	 * @param id its id in our table
	 * @param pass 0 for the first pass, then the number of the sweep
	 * @param finished whether a sweep found nothing left
	 */
	record Job(long id, int pass, boolean finished) {

	}

}
