package io.github.expandcontract.backfill;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.backfill.RangePlanner.Planned;
import io.github.expandcontract.postgres.TableName;

/**
 * What follows when all ranges of a pass are done.
 *
 * <ol>
 * <li>After the first pass, and after a sweep that found rows not in step, a new sweep
 * goes through the whole table again, with bounds frozen anew. It meets the rows that
 * were locked, that moved to another block or another key, or that came in without the
 * sync trigger.
 * <li>A sweep that found nothing finishes the job.
 * </ol>
 */
final class Sweeps {

	private static final long REST_MILLIS = 200;

	private final Transactions transactions;

	Sweeps(Transactions transactions) {
		this.transactions = transactions;
	}

	/**
	 * Opens the next sweep or finishes the job if it is time for that.
	 * @return whether there are new ranges to claim
	 */
	boolean advance(RangeStore.Job job, TableName table) {
		Tally tally = this.transactions.call((jdbc) -> tally(job, jdbc));
		if (tally == null) {
			return false;
		}
		if (tally.pass() > 0 && tally.differing() == 0) {
			this.transactions.run((jdbc) -> finish(tally, jdbc));
			return false;
		}
		List<Planned> ranges = this.transactions.call((jdbc) -> RangePlanner.plan(table, jdbc));
		return this.transactions.call((jdbc) -> open(tally, ranges, jdbc));
	}

	private static @Nullable Tally tally(RangeStore.Job job, JdbcOperations jdbc) {
		return jdbc
			.query("""
					SELECT j.id, j.pass, COALESCE(sum(r.rows_examined), 0)::bigint AS examined,
						COALESCE(sum(r.rows_differing), 0)::bigint AS differing,
						COALESCE(sum(r.rows_copied), 0)::bigint AS copied
					FROM expand_contract.backfill_job j LEFT JOIN expand_contract.backfill_range r ON r.job_id = j.id
					WHERE j.id = ? AND j.finished_at IS NULL AND j.next_pass_at <= clock_timestamp()
					GROUP BY j.id HAVING COALESCE(bool_and(r.done), true)
					""",
					(result, row) -> new Tally(result.getLong("id"), result.getInt("pass"), result.getLong("examined"),
							result.getLong("differing"), result.getLong("copied")),
					job.id())
			.stream()
			.findFirst()
			.orElse(null);
	}

	private static void finish(Tally tally, JdbcOperations jdbc) {
		jdbc.update("""
				UPDATE expand_contract.backfill_job
				SET finished_at = clock_timestamp(), waiting_for = NULL, rows_left = 0
				WHERE id = ? AND pass = ? AND finished_at IS NULL
				""", tally.jobId(), tally.pass());
	}

	/**
	 * The pass number is the fence here: of several instances one opens the sweep.
	 */
	private static boolean open(Tally tally, List<Planned> ranges, JdbcOperations jdbc) {
		long left = tally.differing() - tally.copied();
		boolean rest = tally.pass() > 0 && tally.copied() == 0;
		int opened = jdbc.update("""
				UPDATE expand_contract.backfill_job
				SET pass = pass + 1, rows_copied = rows_copied + ?,
					rows_examined = CASE WHEN pass = 0 THEN ? ELSE rows_examined END,
					next_pass_at = clock_timestamp() + ? * interval '1 millisecond', rows_left = ?
				WHERE id = ? AND pass = ? AND finished_at IS NULL
				""", tally.copied(), tally.examined(), rest ? REST_MILLIS : 0L, left, tally.jobId(), tally.pass());
		if (opened == 0) {
			return false;
		}
		jdbc.update("DELETE FROM expand_contract.backfill_range WHERE job_id = ?", tally.jobId());
		RangeStore.insert(tally.jobId(), ranges, jdbc);
		return true;
	}

	private record Tally(long jobId, int pass, long examined, long differing, long copied) {

	}

}
