package io.github.expandcontract.backfill;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.Identifiers;

/**
 * Fills the rows of one stretch of a range, in one statement.
 *
 * <ol>
 * <li>The rows of the stretch are examined in the order of their position.
 * <li>Those that are not in step are locked. A row that somebody else has locked is
 * skipped and met again in a later sweep, so the batch never waits for a row.
 * <li>The locked rows are updated, if they are still not in step.
 * </ol>
 *
 * <h2>Why no concurrent write is lost</h2> In READ COMMITTED {@code FOR UPDATE} locks the
 * newest committed version of a row, after evaluating the condition on it again. The
 * UPDATE computes the value from the version that it overwrites, under that lock; if a
 * writer came between the snapshot and the lock, the version it left is not the one the
 * snapshot shows, and the row is left for the next sweep. A writer who comes later finds
 * the row filled, and the sync trigger keeps it in step from there. The value is never
 * read in one statement and written in another.
 */
final class Batch {

	private final Direction direction;

	private final RowChange change;

	Batch(Direction direction, RowChange change) {
		this.direction = direction;
		this.change = change;
	}

	/**
	 * What a batch did.
	 *
	 * @param examined rows looked at
	 * @param differing how many were not in step
	 * @param copied how many of those were filled
	 * @param reached the last position that was examined
	 */
	record Outcome(long examined, long differing, long copied, long reached) {

	}

	/**
	 * Examines up to {@code rows} rows from {@code next}.
	 * @param rowsPerBlock how many rows a heap block held so far, for ranges of the heap
	 */
	Outcome run(Range range, long next, int rows, double rowsPerBlock, JdbcOperations jdbc) {
		String key = range.keyColumn();
		if (key != null) {
			return byKey(range, key, next, rows, jdbc);
		}
		long blocks = Math.max(1, (long) (rows / Math.max(1, rowsPerBlock)));
		long upto = Math.min(range.upper(), (next / Range.BLOCK + blocks) * Range.BLOCK - 1);
		return byPlace(range, next, upto, jdbc);
	}

	private Outcome byKey(Range range, String keyColumn, long next, int rows, JdbcOperations jdbc) {
		String key = "t." + Identifiers.quote(keyColumn);
		String sql = """
				WITH examined AS MATERIALIZED (
					SELECT %1$s AS position, %2$s AS differs FROM ONLY %3$s t
					WHERE %1$s >= ? AND %1$s <= ? ORDER BY %1$s LIMIT ?
				), locked AS MATERIALIZED (
					SELECT t.ctid AS place FROM ONLY %3$s t
					WHERE %1$s >= ? AND %1$s <= (SELECT max(position) FROM examined) AND %2$s
					%4$s OF t SKIP LOCKED
				), copied AS (
					UPDATE ONLY %3$s t SET %5$s FROM locked WHERE t.ctid = locked.place AND %2$s RETURNING 1
				)
				SELECT count(*), count(*) FILTER (WHERE differs), (SELECT count(*) FROM copied), max(position)
				FROM examined
				""".formatted(key, differs(), range.leaf().quoted(), this.direction.rowLock(), assignment());
		return outcome(jdbc, sql, (examined, greatest) -> (examined < rows) ? range.upper() : greatest, next,
				range.upper(), rows, next);
	}

	private Outcome byPlace(Range range, long next, long upto, JdbcOperations jdbc) {
		String sql = """
				WITH examined AS MATERIALIZED (
					SELECT %1$s AS differs FROM ONLY %2$s t WHERE t.ctid >= ?::tid AND t.ctid <= ?::tid
				), locked AS MATERIALIZED (
					SELECT t.ctid AS place FROM ONLY %2$s t
					WHERE t.ctid >= ?::tid AND t.ctid <= ?::tid AND %1$s
					%3$s OF t SKIP LOCKED
				), copied AS (
					UPDATE ONLY %2$s t SET %4$s FROM locked WHERE t.ctid = locked.place AND %1$s RETURNING 1
				)
				SELECT count(*), count(*) FILTER (WHERE differs), (SELECT count(*) FROM copied), 0
				FROM examined
				""".formatted(differs(), range.leaf().quoted(), this.direction.rowLock(), assignment());
		String from = Range.tid(next);
		String to = Range.tid(upto);
		return outcome(jdbc, sql, (examined, greatest) -> upto, from, to, from, to);
	}

	private Outcome outcome(JdbcOperations jdbc, String sql, Reached reached, Object... parameters) {
		Outcome outcome = jdbc.queryForObject(sql, (result, row) -> new Outcome(result.getLong(1), result.getLong(2),
				result.getLong(3), reached.position(result.getLong(1), result.getLong(4))), parameters);
		if (outcome == null) {
			throw new IllegalStateException("An aggregate without groups has one row");
		}
		return outcome;
	}

	private String differs() {
		return this.direction.differs(this.change);
	}

	private String assignment() {
		return this.direction.assignment(this.change);
	}

	@FunctionalInterface
	private interface Reached {

		long position(long examined, long greatest);

	}

}
