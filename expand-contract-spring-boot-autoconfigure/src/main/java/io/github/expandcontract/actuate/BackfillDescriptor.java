package io.github.expandcontract.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.backfill.BackfillError;
import io.github.expandcontract.backfill.BackfillProgress;

/**
 * What the endpoint shows of a backfill.
 *
 * @param state {@code idle} before it begins, then {@code running}, {@code paused} or
 * {@code complete}
 * @param detail what is going on or what it waits for
 * @param rowsDone rows gone through
 * @param rowsTotal rows to go through, by estimate
 * @param rowsPerSecond the present rate
 * @param etaSeconds seconds to its end at that rate, if it can be told
 * @param paused whether an operator paused it
 * @param errors what went wrong and is not yet right
 * @param startedAt when it began, if it has
 * @param finishedAt when it was through, if it is
 */
public record BackfillDescriptor(String state, String detail, long rowsDone, long rowsTotal, double rowsPerSecond,
		@Nullable Long etaSeconds, boolean paused, List<BackfillError> errors, @Nullable Instant startedAt,
		@Nullable Instant finishedAt) {

	static BackfillDescriptor of(BackfillProgress progress) {
		Duration eta = progress.eta();
		return new BackfillDescriptor(state(progress), progress.state(), progress.rowsDone(), progress.rowsTotal(),
				progress.rowsPerSecond(), (eta != null) ? eta.toSeconds() : null, progress.paused(), progress.errors(),
				progress.startedAt(), progress.finishedAt());
	}

	private static String state(BackfillProgress progress) {
		if (progress.finishedAt() != null) {
			return "complete";
		}
		if (progress.paused()) {
			return "paused";
		}
		return (progress.startedAt() != null) ? "running" : "idle";
	}

}
