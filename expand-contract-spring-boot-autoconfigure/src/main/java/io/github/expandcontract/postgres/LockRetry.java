package io.github.expandcontract.postgres;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and how patiently a lock is asked for. Between two attempts lies a pause of
 * random length (full jitter): its upper bound doubles with every attempt.
 *
 * @param lockTimeout how long one attempt waits for a lock, at least a millisecond;
 * traffic is queued behind it for no longer
 * @param attempts how many attempts there are, at least one
 * @param maxPause the greatest upper bound of a pause
 */
public record LockRetry(Duration lockTimeout, int attempts, Duration maxPause) {

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException if a value is out of its bounds
	 */
	public LockRetry {
		if (lockTimeout.toMillis() < 1) {
			throw new IllegalArgumentException("The lock timeout must be at least 1 ms, but is " + lockTimeout);
		}
		if (attempts < 1) {
			throw new IllegalArgumentException("There must be at least one attempt, not " + attempts);
		}
		if (maxPause.isNegative()) {
			throw new IllegalArgumentException("The greatest pause must not be negative, but is " + maxPause);
		}
	}

	/**
	 * Half a second, 30 attempts, pauses up to 10 seconds.
	 * @return the defaults
	 */
	public static LockRetry defaults() {
		return new LockRetry(Duration.ofMillis(500), 30, Duration.ofSeconds(10));
	}

	Duration pauseAfter(int attempt) {
		long bound = Math.min(this.maxPause.toMillis(),
				this.lockTimeout.toMillis() << Math.min(Math.max(attempt - 1, 0), 20));
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(bound + 1));
	}

}
