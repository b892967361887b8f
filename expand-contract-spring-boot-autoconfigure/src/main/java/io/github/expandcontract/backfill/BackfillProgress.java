package io.github.expandcontract.backfill;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How far a backfill has come.
 *
 * @param rowsDone rows that the first pass went through
 * @param rowsTotal rows there are to go through: an estimate that is corrected as ranges
 * finish
 * @param rowsCopied rows that were given a new value, in all passes
 * @param rowsPerSecond the present rate, 0 while no worker is at it
 * @param eta time to the end of the first pass at that rate, {@code null} if it cannot be
 * told
 * @param paused whether an operator paused it
 * @param state what is going on or what it waits for, as a sentence
 * @param errors what went wrong and is not yet right
 * @param startedAt when it was prepared, {@code null} before
 * @param finishedAt when a sweep found nothing left, {@code null} before
 */
public record BackfillProgress(long rowsDone, long rowsTotal, long rowsCopied, double rowsPerSecond,
		@Nullable Duration eta, boolean paused, String state, List<BackfillError> errors, @Nullable Instant startedAt,
		@Nullable Instant finishedAt) {

	/**
	 * The progress of a change that has nothing to fill.
	 * @return nothing done and nothing to do
	 */
	public static BackfillProgress none() {
		return new BackfillProgress(0, 0, 0, 0, null, false, "There is nothing to fill.", List.of(), null, null);
	}

	public BackfillProgress {
		errors = List.copyOf(errors);
	}

}
