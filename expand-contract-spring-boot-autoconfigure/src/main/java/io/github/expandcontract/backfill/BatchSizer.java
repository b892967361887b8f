package io.github.expandcontract.backfill;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Chooses the number of rows in the next batch so that batches take the target time.
 *
 * <ol>
 * <li>A batch that took five times the target divides the size by ten at once.
 * <li>Else the size is what fits the target by the p90 of the time per row in the last
 * ten batches, growing at most by half at a time. A batch that found less than half of
 * its rows at the end of a range says nothing about that.
 * <li>The size stays between one row and the largest allowed.
 * </ol>
 */
final class BatchSizer {

	private static final int REMEMBERED = 10;

	private static final double GROWTH = 1.5;

	private final long targetNanos;

	private final int max;

	private final Deque<Long> recent = new ArrayDeque<>();

	private int size;

	BatchSizer(Duration target, int initial, int max) {
		this.targetNanos = target.toNanos();
		this.max = max;
		this.size = Math.max(1, Math.min(initial, max));
	}

	int size() {
		return this.size;
	}

	void took(Duration duration, long rows) {
		long nanos = Math.max(1, duration.toNanos());
		if (nanos >= 5 * this.targetNanos) {
			this.recent.clear();
			this.size = Math.max(1, this.size / 10);
			return;
		}
		if (rows * 2 < this.size) {
			return;
		}
		this.recent.addLast(Math.max(1, nanos / rows));
		if (this.recent.size() > REMEMBERED) {
			this.recent.removeFirst();
		}
		double fits = (double) this.targetNanos / p90();
		this.size = (int) Math.max(1, Math.min(this.max, Math.min(fits, Math.ceil(this.size * GROWTH))));
	}

	private long p90() {
		long[] sorted = this.recent.stream().mapToLong(Long::longValue).sorted().toArray();
		return sorted[(int) Math.ceil(sorted.length * 0.9) - 1];
	}

}
