package io.github.expandcontract.postgres;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

import io.github.expandcontract.ExpandContractException;

/**
 * A step did not get its locks in the time it was given. It was rolled back and left
 * nothing behind; it may be tried again at any time.
 */
public class LockUnavailableException extends ExpandContractException {

	private final List<BlockingSession> blockers;

	LockUnavailableException(String step, int attempts, Duration lockTimeout, List<BlockingSession> blockers,
			@Nullable Throwable cause) {
		super("The step '" + step + "' did not get its locks in " + attempts + " attempt" + ((attempts != 1) ? "s" : "")
				+ " of " + lockTimeout.toMillis() + " ms" + blockedBy(blockers) + ".",
				"Nothing was changed. " + wayOut(blockers), cause);
		this.blockers = List.copyOf(blockers);
	}

	LockUnavailableException(String step, List<BlockingSession> blockers, Throwable cause) {
		super("The step '" + step + "' was ended by the server before it was through: "
				+ NestedExceptionUtils.getMostSpecificCause(cause).getMessage()
				+ (blockers.isEmpty() ? "" : blockedBy(blockers)) + ".",
				"It may be tried again, after the sessions that it waited for have ended their transactions. If the role or the database sets 'statement_timeout' or 'lock_timeout', lift them"
						+ " for this user with ALTER ROLE.",
				cause);
		this.blockers = List.copyOf(blockers);
	}

	private static String wayOut(List<BlockingSession> blockers) {
		return blockers.stream()
			.filter(BlockingSession::autovacuum)
			.findFirst()
			.map((vacuum) -> "An autovacuum gives way only to who waits longer than the server's deadlock_timeout, one "
					+ "second if nobody changed it. Wait for its end, or have a superuser end it with SELECT "
					+ "pg_cancel_backend(" + vacuum.pid() + "). Since PostgreSQL 18 this is done for you if this user "
					+ "is granted pg_signal_autovacuum_worker and pg_read_all_stats. The step may be tried again.")
			.orElse("End or wait for the sessions that hold the locks; the step may be tried again.");
	}

	private static String blockedBy(List<BlockingSession> blockers) {
		if (blockers.isEmpty()) {
			return ", and no blocking session could be seen";
		}
		return "; blocked by " + String.join(", ", blockers.stream().map(BlockingSession::describe).toList());
	}

	/**
	 * The sessions that held the locks when it was last looked.
	 * @return the sessions, empty if they could not be seen
	 */
	public List<BlockingSession> getBlockers() {
		return this.blockers;
	}

}
