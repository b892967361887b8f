package io.github.expandcontract.sample.demo;

import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * What one row must hold.
 */
final class LedgerRow {

	private static final long UNKNOWN = 0;

	private final Register handle;

	private final Register email;

	private final AtomicInteger visitsBegun = new AtomicInteger();

	private final AtomicInteger visitsDone = new AtomicInteger();

	private long id;

	private volatile boolean deleting;

	private volatile @Nullable Long deletedAt;

	private LedgerRow(long id, String handle) {
		this.id = id;
		this.handle = new Register(handle, "");
		this.email = new Register(handle, Seed.EMAIL_SUFFIX);
	}

	static LedgerRow of(long id, String handle) {
		return new LedgerRow(id, handle);
	}

	/**
	 * A row that several clients may be about to make, with a key that nobody knows yet.
	 * @param handle the handle
	 * @return the row
	 */
	static LedgerRow unborn(String handle) {
		return new LedgerRow(UNKNOWN, handle);
	}

	synchronized long id() {
		return this.id;
	}

	Register handle() {
		return this.handle;
	}

	Register email() {
		return this.email;
	}

	void beginVisit() {
		this.visitsBegun.incrementAndGet();
	}

	void endVisit() {
		this.visitsDone.incrementAndGet();
	}

	int visits() {
		return this.visitsDone.get();
	}

	void beginDelete() {
		this.deleting = true;
	}

	void endDelete() {
		this.deletedAt = System.nanoTime();
	}

	boolean isDeleting() {
		return this.deleting;
	}

	boolean isDeleted() {
		return this.deletedAt != null;
	}

	/**
	 * Compares what was read with what may have been there.
	 * @param seen what was read
	 * @param since when the read began, by {@link System#nanoTime()}
	 * @param visits the visits that were counted by then
	 */
	void check(Seen seen, long since, int visits) {
		Long deleted = this.deletedAt;
		require(deleted == null || deleted - since > 0, seen, "it was deleted");
		require(isMine(seen.id()), seen, "its id is " + id());
		require(this.handle.permits(seen.handle(), since), seen, "its handle is " + this.handle);
		require(this.email.permits(seen.email(), since), seen, "its email is " + this.email);
		require(seen.visits() >= visits && seen.visits() <= this.visitsBegun.get(), seen,
				"its visits are " + visits + " to " + this.visitsBegun);
	}

	private synchronized boolean isMine(long seen) {
		if (this.id == UNKNOWN) {
			this.id = seen;
		}
		return this.id == seen;
	}

	private static void require(boolean holds, Seen seen, String expectation) {
		if (!holds) {
			throw new WrongValueException("Read " + seen + ", but " + expectation);
		}
	}

}
