package io.github.expandcontract.benchmark;

import org.jspecify.annotations.Nullable;

/**
 * System properties, of which an empty one counts as not given.
 */
final class Settings {

	private Settings() {
	}

	static @Nullable String text(String name) {
		String value = System.getProperty(name);
		return (value != null && !value.isBlank()) ? value : null;
	}

	static String text(String name, String otherwise) {
		String value = text(name);
		return (value != null) ? value : otherwise;
	}

	static int number(String name, int otherwise) {
		String value = text(name);
		try {
			return (value != null) ? Integer.parseInt(value) : otherwise;
		}
		catch (NumberFormatException ex) {
			throw new BenchmarkRefusedException("-D" + name + " has to be a number, not \"" + value + "\".", ex);
		}
	}

}
