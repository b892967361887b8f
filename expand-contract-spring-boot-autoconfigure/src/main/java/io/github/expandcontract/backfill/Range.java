package io.github.expandcontract.backfill;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A claimed part of a table. Positions are values of the integer key, or else places in
 * the heap: the block number times 65,536 plus the offset of a {@code ctid}.
 *
 * @param id its id in our table
 * @param jobId the job
 * @param leaf the table that holds the rows
 * @param keyColumn the integer key, {@code null} if positions are places in the heap
 * @param next the first position not yet examined
 * @param upper the last position
 * @param batchSize rows in the last batch, 0 before the first
 * @param fence the fencing number of this claim: a higher one in the table means that the
 * lease was taken over
 */
record Range(long id, long jobId, TableName leaf, @Nullable String keyColumn, long next, long upper, int batchSize,
		long fence) {

	/** Positions per heap block. */
	static final long BLOCK = 65_536;

	static String tid(long position) {
		return "(" + (position / BLOCK) + "," + (position % BLOCK) + ")";
	}

	/**
	 * A stretch in words, a single row where it is one.
	 */
	static String describe(String leaf, @Nullable String keyColumn, long from, long upper) {
		boolean single = from == upper;
		if (keyColumn == null) {
			return leaf + " ctid " + tid(from) + (single ? "" : " to " + tid(upper));
		}
		return leaf + " " + keyColumn + " " + from + (single ? "" : " to " + upper);
	}

}
