package io.github.expandcontract.phase;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A snapshot and the number of tickets that are open under it.
 */
final class Generation {

	private final PhaseSnapshot snapshot;

	private final AtomicInteger open = new AtomicInteger();

	private volatile boolean revoked;

	Generation(PhaseSnapshot snapshot) {
		this.snapshot = snapshot;
	}

	PhaseSnapshot snapshot() {
		return this.snapshot;
	}

	void enter() {
		this.open.incrementAndGet();
	}

	void leave() {
		this.open.decrementAndGet();
	}

	int open() {
		return this.open.get();
	}

	boolean isEmpty() {
		return this.open.get() == 0;
	}

	void revoke() {
		this.revoked = true;
	}

	boolean isRevoked() {
		return this.revoked;
	}

}
