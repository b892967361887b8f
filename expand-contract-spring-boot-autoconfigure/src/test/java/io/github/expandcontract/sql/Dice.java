package io.github.expandcontract.sql;

import java.util.List;
import java.util.Random;

/**
 * The choices of a generator, which a seed repeats.
 */
final class Dice {

	private final Random random;

	Dice(long seed) {
		this.random = new Random(seed * 0x9E3779B97F4A7C15L);
		this.random.nextLong();
	}

	boolean chance(int percent) {
		return this.random.nextInt(100) < percent;
	}

	/**
	 * A number from 0 up to a bound that is not reached.
	 */
	int below(int bound) {
		return this.random.nextInt(bound);
	}

	/**
	 * A number between two, both of which are possible.
	 */
	int between(int least, int most) {
		return least + this.random.nextInt(most - least + 1);
	}

	<T> T pick(List<T> choices) {
		return choices.get(this.random.nextInt(choices.size()));
	}

	String pick(String... choices) {
		return choices[this.random.nextInt(choices.length)];
	}

}
