package io.github.expandcontract.backfill;

import java.time.Duration;

/**
 * How the backfill works.
 *
 * @param initialBatchSize rows in the first batch
 * @param maxBatchSize most rows in a batch
 * @param targetBatchTime time that a batch should take
 * @param workers threads per instance, for whoever runs the workers
 * @param rangeLease how long a claimed range belongs to its worker without a sign of life
 * @param vacuum whether the table is vacuumed after each tenth of its rows
 * @param lockTimeout how long a statement waits for a lock
 */
public record BackfillSettings(int initialBatchSize, int maxBatchSize, Duration targetBatchTime, int workers,
		Duration rangeLease, boolean vacuum, Duration lockTimeout) {

	public BackfillSettings {
		if (initialBatchSize < 1 || maxBatchSize < initialBatchSize) {
			throw new IllegalArgumentException("A batch has at least one row, and the first not more than the largest");
		}
		if (targetBatchTime.toMillis() < 1 || rangeLease.toMillis() < 1 || lockTimeout.toMillis() < 1 || workers < 1) {
			throw new IllegalArgumentException(
					"Durations are at least a millisecond, and there is at least one worker");
		}
	}

	/**
	 * The settings that hold when nobody chose others.
	 * @return batches of 1,000 to 10,000 rows in 50 ms, two workers, leases of 30 s, with
	 * VACUUM, locks waited for up to 1 s
	 */
	public static BackfillSettings defaults() {
		return new BackfillSettings(1_000, 10_000, Duration.ofMillis(50), 2, Duration.ofSeconds(30), true,
				Duration.ofSeconds(1));
	}

}
