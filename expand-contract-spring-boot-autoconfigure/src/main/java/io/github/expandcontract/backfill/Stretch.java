package io.github.expandcontract.backfill;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * The part of a table that a batch may go over.
 *
 * @param leaf the table that holds the rows
 * @param keyColumn the integer key, {@code null} if positions are places in the heap
 * @param next the first position
 * @param upper the last position
 */
record Stretch(TableName leaf, @Nullable String keyColumn, long next, long upper) {

	Stretch upTo(long position) {
		return new Stretch(this.leaf, this.keyColumn, this.next, position);
	}

	/**
	 * So many blocks of it, one at least, where positions are places in the heap.
	 */
	Stretch upToBlocks(long blocks) {
		return upTo(Math.min(this.upper, (this.next / Range.BLOCK + Math.max(1, blocks)) * Range.BLOCK - 1));
	}

}
