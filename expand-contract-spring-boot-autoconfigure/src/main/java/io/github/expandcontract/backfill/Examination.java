package io.github.expandcontract.backfill;

import java.util.List;

/**
 * What was found when every value that a new column follows from was converted for a try.
 *
 * @param rows how many rows were read
 * @param lossy in how many of them {@code down} does not give back what {@code up} took
 * @param sample keys of up to ten of those rows; where the table has no primary key their
 * {@code ctid}
 */
public record Examination(long rows, long lossy, List<String> sample) {

	public Examination {
		sample = List.copyOf(sample);
	}

}
