package io.github.expandcontract.sample.demo;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the clients know of each other.
 */
final class Crowd {

	private static final int SIGN_INS_PER_GUEST = 8;

	private static final int GUESTS_AT_THE_DOOR = 3;

	private final int current;

	private final int previous;

	private final AtomicInteger signIns = new AtomicInteger();

	/**
	 * Creates a crowd.
	 * @param current the number of clients of the new release
	 * @param previous the number of clients of the previous release
	 */
	Crowd(int current, int previous) {
		this.current = current;
		this.previous = previous;
	}

	int current() {
		return this.current;
	}

	int previous() {
		return this.previous;
	}

	int size() {
		return this.current + this.previous;
	}

	/**
	 * The next user to sign in: often one that another client has signed in just now or
	 * is signing in, so that the first upserts of a row race.
	 * @return the handle
	 */
	String nextGuest() {
		int newest = this.signIns.getAndIncrement() / SIGN_INS_PER_GUEST;
		return "guest-" + (newest + ThreadLocalRandom.current().nextInt(GUESTS_AT_THE_DOOR));
	}

}
