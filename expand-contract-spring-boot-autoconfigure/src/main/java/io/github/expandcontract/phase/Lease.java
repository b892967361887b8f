package io.github.expandcontract.phase;

import java.time.Duration;

/**
 * Until when an instance may act on what it has read. It runs out by whichever of two
 * clocks is ahead: the monotonic one stands still while a machine is suspended, the wall
 * clock may be set back.
 *
 * @param monotonicEnd end by {@link System#nanoTime()}
 * @param wallEnd end by {@link System#currentTimeMillis()}
 * @param unlimited whether it never runs out, as before any change is declared
 */
record Lease(long monotonicEnd, long wallEnd, boolean unlimited) {

	static final Lease UNLIMITED = new Lease(0, 0, true);

	static Lease from(long requestedAt, Duration duration) {
		long elapsedMillis = (System.nanoTime() - requestedAt) / 1_000_000;
		long wallEnd = System.currentTimeMillis() - elapsedMillis + duration.toMillis();
		return new Lease(requestedAt + duration.toNanos(), wallEnd, false);
	}

	boolean expired() {
		return !this.unlimited
				&& (System.nanoTime() - this.monotonicEnd >= 0 || System.currentTimeMillis() >= this.wallEnd);
	}

}
