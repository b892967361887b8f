package io.github.expandcontract.autoconfigure;

import java.time.Duration;

/**
 * Refuses values that make no sense.
 */
final class PropertyCheck {

	private PropertyCheck() {
	}

	static void atLeast(String name, Duration value, Duration least) {
		if (value.compareTo(least) < 0) {
			throw new InvalidPropertyException(name, value, "at least " + least);
		}
	}

	static void atLeast(String name, int value, int least) {
		if (value < least) {
			throw new InvalidPropertyException(name, value, "at least " + least);
		}
	}

}
