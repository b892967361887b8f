package io.github.expandcontract.benchmark;

import java.util.Arrays;

/**
 * Times of the calls of one contender, in blocks that were taken in turn with those of
 * the others.
 */
final class Series {

	private final long[][] blocks;

	private long processorTime;

	Series(int blocks, int length) {
		this.blocks = new long[blocks][length];
	}

	long[] block(int number) {
		return this.blocks[number];
	}

	void addProcessorTime(long nanos) {
		this.processorTime += nanos;
	}

	/**
	 * Time that a call kept this thread on a processor, on average. Waiting for the
	 * server does not count, nor does what other processes do meanwhile.
	 * @return the time in nanoseconds
	 */
	double processorTime() {
		return (double) this.processorTime / this.blocks.length / this.blocks[0].length;
	}

	int blocks() {
		return this.blocks.length;
	}

	/**
	 * Median of the calls in some of the blocks.
	 * @param chosen numbers of the blocks, each as often as it counts
	 * @return the median in nanoseconds
	 */
	double median(int[] chosen) {
		int length = this.blocks[0].length;
		long[] all = new long[chosen.length * length];
		for (int i = 0; i < chosen.length; i++) {
			System.arraycopy(this.blocks[chosen[i]], 0, all, i * length, length);
		}
		Arrays.sort(all);
		return (all[(all.length - 1) / 2] + all[all.length / 2]) / 2.0;
	}

	/**
	 * Mean of the calls in some of the blocks.
	 * @param chosen numbers of the blocks, each as often as it counts
	 * @return the mean in nanoseconds
	 */
	double mean(int[] chosen) {
		double sum = 0;
		for (int number : chosen) {
			for (long nanos : this.blocks[number]) {
				sum += nanos;
			}
		}
		return sum / chosen.length / this.blocks[0].length;
	}

}
