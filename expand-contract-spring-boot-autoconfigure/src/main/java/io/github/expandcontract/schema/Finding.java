package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.List;

/**
 * What was found when the rows of a table were last looked at.
 *
 * @param sample up to ten rows, or groups of rows, that stand against the change, by
 * their keys
 * @param more whether there are more of them
 * @param age how long ago it was, by the database's clock
 * @param took how long the look took
 */
public record Finding(List<String> sample, boolean more, Duration age, Duration took) {

	public Finding {
		sample = List.copyOf(sample);
	}

	/**
	 * Whether nothing stands against the change.
	 * @return whether no such row was found
	 */
	public boolean clean() {
		return this.sample.isEmpty();
	}

	/**
	 * The rows, for a sentence.
	 * @return such as {@code at least 10: …}
	 */
	public String listed() {
		return (this.more ? "more than " : "") + this.sample.size() + ": " + String.join("; ", this.sample)
				+ (this.more ? "; …" : "");
	}

}
