package io.github.expandcontract.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How many times as long one series took as another, with an interval that holds the true
 * value 19 times out of 20, by the bootstrap (Efron 1979): what the ratio would have been
 * for blocks drawn from the measured ones at random. Blocks of the same round are drawn
 * together, because a disturbance meets them together.
 *
 * @param value the ratio
 * @param low lower end of the interval
 * @param high upper end of the interval
 */
record Ratio(double value, double low, double high) {

	private static final int DRAWS = 1_000;

	/**
	 * Compares medians.
	 * @param series what is compared
	 * @param base what it is compared with
	 * @return the ratio
	 */
	static Ratio ofMedians(Series series, Series base) {
		return of(series.blocks(), (rounds) -> series.median(rounds) / base.median(rounds));
	}

	/**
	 * Compares means.
	 * @param series what is compared
	 * @param base what it is compared with
	 * @return the ratio
	 */
	static Ratio ofMeans(Series series, Series base) {
		return of(series.blocks(), (rounds) -> series.mean(rounds) / base.mean(rounds));
	}

	private static Ratio of(int rounds, ToDoubleFunction<int[]> ratio) {
		Random random = new Random(rounds);
		double[] drawn = new double[DRAWS];
		for (int i = 0; i < DRAWS; i++) {
			drawn[i] = ratio.applyAsDouble(random.ints(rounds, 0, rounds).toArray());
		}
		Arrays.sort(drawn);
		return new Ratio(ratio.applyAsDouble(IntStream.range(0, rounds).toArray()), drawn[(int) (DRAWS * 0.025)],
				drawn[(int) (DRAWS * 0.975)]);
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", this.value, this.low, this.high);
	}

}
