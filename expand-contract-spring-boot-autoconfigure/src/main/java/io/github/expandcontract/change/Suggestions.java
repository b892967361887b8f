package io.github.expandcontract.change;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Finds what was meant by a name that is not known.
 */
public final class Suggestions {

	private Suggestions() {
	}

	/**
	 * The candidates that differ least from a name, by their number of edits.
	 * @param <T> type of the candidates
	 * @param name the name that is not known
	 * @param candidates what it may have meant
	 * @param text the name of a candidate
	 * @return at most three, nearest first, none that differs in more than half of it
	 */
	public static <T> List<T> nearest(String name, Collection<T> candidates, Function<T, String> text) {
		String wanted = name.toLowerCase(Locale.ROOT);
		return candidates.stream()
			.map((candidate) -> new Ranked<>(candidate,
					distance(wanted, text.apply(candidate).toLowerCase(Locale.ROOT))))
			.filter((ranked) -> ranked.distance() <= Math.max(2, wanted.length() / 2))
			.sorted(Comparator.comparingInt(Ranked::distance))
			.limit(3)
			.map(Ranked::candidate)
			.toList();
	}

	private static int distance(String left, String right) {
		int[] previous = new int[right.length() + 1];
		for (int j = 0; j <= right.length(); j++) {
			previous[j] = j;
		}
		for (int i = 1; i <= left.length(); i++) {
			int[] current = new int[right.length() + 1];
			current[0] = i;
			for (int j = 1; j <= right.length(); j++) {
				int substitution = previous[j - 1] + ((left.charAt(i - 1) != right.charAt(j - 1)) ? 1 : 0);
				current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
			}
			previous = current;
		}
		return previous[right.length()];
	}

	private record Ranked<T>(T candidate, int distance) {
	}

}
