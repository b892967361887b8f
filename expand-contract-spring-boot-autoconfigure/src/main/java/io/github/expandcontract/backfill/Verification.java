package io.github.expandcontract.backfill;

import java.time.Instant;
import java.util.List;

/**
 * What a verification of every row found.
 *
 * @param rows how many rows were read
 * @param mismatches how many of them hold new values that the old ones do not account for
 * @param sample keys of up to ten of those rows; where the table has no primary key their
 * {@code ctid}
 * @param at when the verification ended, by the database's clock
 */
public record Verification(long rows, long mismatches, List<String> sample, Instant at) {

	public Verification {
		sample = List.copyOf(sample);
	}

	/**
	 * Whether nothing was wrong.
	 * @return whether no row differs
	 */
	public boolean clean() {
		return this.mismatches == 0;
	}

}
