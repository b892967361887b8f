package io.github.expandcontract.sample.demo;

import java.util.Arrays;

/**
 * What one client wrote to one column of one row, kept outside the database. One client
 * at a time writes; anyone reads.
 *
 * <ol>
 * <li>The writer takes the next value with {@link #issue()} before it sends it.</li>
 * <li>It says {@link #commit()} when the answer has come.</li>
 * <li>A read that began at some time may see the last value that was committed by then,
 * or any that was issued since. Anything else is wrong.</li>
 * </ol>
 */
final class Register {

	private static final long NOT_YET = Long.MAX_VALUE;

	private final String prefix;

	private final String suffix;

	private int issued;

	/** When each version was committed, by {@link System#nanoTime()}, from version 1. */
	private long[] committedAt = {};

	/**
	 * Creates a register whose version 0 is in the database.
	 * @param prefix what comes before the version in each value
	 * @param suffix what comes after it
	 */
	Register(String prefix, String suffix) {
		this.prefix = prefix;
		this.suffix = suffix;
	}

	/**
	 * The next value to write.
	 * @return a value that was never in the column before
	 */
	synchronized String issue() {
		this.issued++;
		if (this.committedAt.length < this.issued) {
			int length = this.committedAt.length;
			this.committedAt = Arrays.copyOf(this.committedAt, Math.max(2, 2 * length));
			Arrays.fill(this.committedAt, length, this.committedAt.length, NOT_YET);
		}
		return text(this.issued);
	}

	/**
	 * Says that the value issued last is in the database.
	 */
	synchronized void commit() {
		this.committedAt[this.issued - 1] = System.nanoTime();
	}

	/**
	 * The last committed value.
	 * @return the value
	 */
	synchronized String current() {
		return text(committedBy(NOT_YET - 1));
	}

	/**
	 * Whether a read may have seen a value.
	 * @param value the value that was read
	 * @param since when the read began, by {@link System#nanoTime()}
	 * @return whether that is neither stale nor invented
	 */
	synchronized boolean permits(String value, long since) {
		for (int version = committedBy(since); version <= this.issued; version++) {
			if (text(version).equals(value)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether a value may have been replaced.
	 * @param value a value of this register
	 * @return whether a later one was issued
	 */
	synchronized boolean mayHaveLeft(String value) {
		return !text(this.issued).equals(value);
	}

	private int committedBy(long time) {
		for (int version = this.issued; version > 0; version--) {
			if (this.committedAt[version - 1] != NOT_YET && this.committedAt[version - 1] - time <= 0) {
				return version;
			}
		}
		return 0;
	}

	private String text(int version) {
		return (version > 0) ? this.prefix + "." + version + this.suffix : this.prefix + this.suffix;
	}

	@Override
	public synchronized String toString() {
		return text(committedBy(NOT_YET - 1)) + " (version " + committedBy(NOT_YET - 1) + " of " + this.issued + ")";
	}

}
