package io.github.expandcontract.backfill;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;

/**
 * Fills the rows of one stretch of a range.
 *
 * <ol>
 * <li>The rows of the stretch are examined in the order of their position.
 * <li>Those that are not in step are locked. A row that somebody else has locked is
 * skipped and met again in a later sweep, so the batch never waits for a row.
 * <li>The locked rows are updated, if they are still not in step.
 * </ol>
 * For several changes that is done first for the rows that need all of them, so that such
 * a row is read and written once, and then for the changes that have rows left. One
 * UPDATE for rows of which each needs another change would have to give back a value to a
 * column that is not to be filled, converted to the common type of both.
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

	private final List<RowChange> changes;

	Batch(Direction direction, List<RowChange> changes) {
		this.direction = direction;
		this.changes = changes;
	}

	/**
	 * What a batch did.
	 *
	 * @param examined rows looked at
	 * @param reached the last position that was examined
	 * @param filled what it did for each of the changes, in their order
	 */
	record Outcome(long examined, long reached, List<Filled> filled) {

	}

	/**
	 * What a batch did for one change.
	 *
	 * @param differing how many rows were not in step
	 * @param copied how many of those were filled
	 */
	record Filled(long differing, long copied) {

		boolean complete() {
			return this.differing == this.copied;
		}

		/**
		 * Both, where the later one has looked at the same rows again.
		 */
		Filled then(Filled later) {
			return new Filled(this.copied + later.differing, this.copied + later.copied);
		}

	}

	/**
	 * Examines up to {@code rows} rows.
	 * @param stretch where they are
	 * @param rows how many rows at most
	 * @param rowsPerBlock how many rows a heap block held so far, where they are found by
	 * their place
	 */
	Outcome run(Stretch stretch, int rows, double rowsPerBlock, JdbcOperations jdbc) {
		Outcome together = (stretch.keyColumn() != null) ? byKey(stretch, stretch.keyColumn(), rows, jdbc)
				: byPlace(stretch.upToBlocks((long) (rows / Math.max(1, rowsPerBlock))), jdbc);
		List<Integer> left = IntStream.range(0, this.changes.size())
			.filter((index) -> !together.filled().get(index).complete())
			.boxed()
			.toList();
		return (this.changes.size() == 1 || left.isEmpty()) ? together
				: rest(together, left, stretch.upTo(together.reached()), jdbc);
	}

	/**
	 * Goes on with those that have rows left: together if they are fewer than before,
	 * else each by itself.
	 */
	private Outcome rest(Outcome together, List<Integer> left, Stretch stretch, JdbcOperations jdbc) {
		List<List<Integer>> groups = (left.size() < this.changes.size()) ? List.of(left)
				: left.stream().map(List::of).toList();
		List<Filled> filled = new ArrayList<>(together.filled());
		for (List<Integer> group : groups) {
			List<Filled> rest = new Batch(this.direction, group.stream().map(this.changes::get).toList())
				.run(stretch, Integer.MAX_VALUE, 1, jdbc)
				.filled();
			for (int index = 0; index < group.size(); index++) {
				filled.set(group.get(index), filled.get(group.get(index)).then(rest.get(index)));
			}
		}
		return new Outcome(together.examined(), together.reached(), filled);
	}

	private Outcome byKey(Stretch stretch, String keyColumn, int rows, JdbcOperations jdbc) {
		return outcome(jdbc, byKey(stretch.leaf(), keyColumn),
				(examined, greatest) -> (examined < rows) ? stretch.upper() : greatest, stretch.next(), stretch.upper(),
				rows, stretch.next());
	}

	/**
	 * The statement for a table with an integer key.
	 */
	String byKey(TableName leaf, String keyColumn) {
		String key = "t." + Identifiers.quote(keyColumn);
		return """
				WITH examined AS MATERIALIZED (
					SELECT %1$s AS position, %2$s FROM ONLY %3$s t
					WHERE %1$s >= ? AND %1$s <= ? ORDER BY %1$s LIMIT ?
				), locked AS MATERIALIZED (
					SELECT t.ctid AS place FROM ONLY %3$s t
					WHERE %1$s >= ? AND %1$s <= (SELECT max(position) FROM examined) AND %4$s
					%5$s OF t SKIP LOCKED
				), copied AS (
					UPDATE ONLY %3$s t SET %6$s FROM locked WHERE t.ctid = locked.place AND %4$s RETURNING 1
				)
				SELECT count(*), max(position), (SELECT count(*) FROM copied), %7$s FROM examined
				""".formatted(key, each((index) -> condition(index) + " AS " + differs(index)), leaf.quoted(),
				condition(), this.direction.rowLock(), assignments(), counts());
	}

	private Outcome byPlace(Stretch stretch, JdbcOperations jdbc) {
		String from = Range.tid(stretch.next());
		String to = Range.tid(stretch.upper());
		return outcome(jdbc, byPlace(stretch.leaf()), (examined, greatest) -> stretch.upper(), from, to, from, to);
	}

	/**
	 * The statement for a table without one.
	 */
	String byPlace(TableName leaf) {
		return """
				WITH examined AS MATERIALIZED (
					SELECT %1$s FROM ONLY %2$s t WHERE t.ctid >= ?::tid AND t.ctid <= ?::tid
				), locked AS MATERIALIZED (
					SELECT t.ctid AS place FROM ONLY %2$s t
					WHERE t.ctid >= ?::tid AND t.ctid <= ?::tid AND %3$s
					%4$s OF t SKIP LOCKED
				), copied AS (
					UPDATE ONLY %2$s t SET %5$s FROM locked WHERE t.ctid = locked.place AND %3$s RETURNING 1
				)
				SELECT count(*), 0, (SELECT count(*) FROM copied), %6$s FROM examined
				""".formatted(each((index) -> condition(index) + " AS " + differs(index)), leaf.quoted(), condition(),
				this.direction.rowLock(), assignments(), counts());
	}

	private Outcome outcome(JdbcOperations jdbc, String sql, Reached reached, Object... parameters) {
		Outcome outcome = jdbc.queryForObject(sql, (result, row) -> {
			List<Filled> filled = new ArrayList<>();
			for (int index = 0; index < this.changes.size(); index++) {
				filled.add(new Filled(result.getLong(4 + index), result.getLong(3)));
			}
			return new Outcome(result.getLong(1), reached.position(result.getLong(1), result.getLong(2)), filled);
		}, parameters);
		if (outcome == null) {
			throw new IllegalStateException("An aggregate without groups has one row");
		}
		return outcome;
	}

	private static String differs(int index) {
		return "differs_" + (index + 1);
	}

	private String counts() {
		return each((index) -> "count(*) FILTER (WHERE " + differs(index) + ")");
	}

	private String condition(int index) {
		return this.direction.differs(this.changes.get(index));
	}

	private String condition() {
		return this.changes.stream().map(this.direction::differs).collect(Collectors.joining(" AND "));
	}

	private String assignments() {
		return this.changes.stream().map(this.direction::assignment).collect(Collectors.joining(", "));
	}

	private String each(Function<Integer, String> text) {
		return IntStream.range(0, this.changes.size()).boxed().map(text).collect(Collectors.joining(", "));
	}

	@FunctionalInterface
	private interface Reached {

		long position(long examined, long greatest);

	}

}
