package io.github.expandcontract.sample.demo;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts durations in buckets whose width is at most a thirty-second of their value.
 */
final class Histogram {

	private static final int LINEAR = 64;

	private static final int PER_POWER = 32;

	private final AtomicLongArray buckets = new AtomicLongArray(LINEAR + PER_POWER * (Long.SIZE - 6));

	private final AtomicLong count = new AtomicLong();

	private final AtomicLong max = new AtomicLong();

	/**
	 * Counts one duration.
	 * @param nanos the duration in nanoseconds
	 */
	void record(long nanos) {
		long micros = nanos / 1000;
		this.buckets.incrementAndGet(bucket(micros));
		this.count.incrementAndGet();
		this.max.accumulateAndGet(micros, Math::max);
	}

	void addTo(Histogram other) {
		for (int i = 0; i < this.buckets.length(); i++) {
			other.buckets.addAndGet(i, this.buckets.get(i));
		}
		other.count.addAndGet(this.count.get());
		other.max.accumulateAndGet(this.max.get(), Math::max);
	}

	long count() {
		return this.count.get();
	}

	double maxMillis() {
		return this.max.get() / 1000.0;
	}

	/**
	 * The duration that a share of all did not exceed.
	 * @param share the share, such as 0.99
	 * @return the duration in milliseconds, 0 without any
	 */
	double millis(double share) {
		long rank = Math.max(1, (long) Math.ceil(share * this.count.get()));
		long passed = 0;
		for (int i = 0; i < this.buckets.length(); i++) {
			passed += this.buckets.get(i);
			if (passed >= rank) {
				return Math.min(upperBound(i), this.max.get()) / 1000.0;
			}
		}
		return maxMillis();
	}

	private static int bucket(long micros) {
		if (micros < LINEAR) {
			return (int) micros;
		}
		int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
		return LINEAR + (power - 6) * PER_POWER + (int) ((micros >> (power - 5)) & (PER_POWER - 1));
	}

	private static long upperBound(int bucket) {
		if (bucket < LINEAR) {
			return bucket;
		}
		int power = 6 + (bucket - LINEAR) / PER_POWER;
		int step = (bucket - LINEAR) % PER_POWER;
		return ((PER_POWER + step + 1L) << (power - 5)) - 1;
	}

}
