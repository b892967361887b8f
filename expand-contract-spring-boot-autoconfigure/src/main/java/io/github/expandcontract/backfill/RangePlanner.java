package io.github.expandcontract.backfill;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;

/**
 * Divides a table into ranges with a frozen upper bound, so that inserts cannot make a
 * pass endless.
 *
 * <ol>
 * <li>Each table that holds rows is divided for itself.
 * <li>A single integer key is divided between its least and greatest value, about 65,536
 * keys each; wider where the keys are sparse, and where that would be more than 4,096
 * ranges.
 * <li>Any other table is divided by blocks of its heap, 8 MB each at least.
 * </ol>
 * The bounds between ranges are multiples of their width, so that changes of one table
 * whose ranges were planned at different times can be filled together.
 */
final class RangePlanner {

	private static final long KEYS_PER_RANGE = 65_536;

	private static final long BLOCKS_PER_RANGE = 1_024;

	private static final long MOST_RANGES = 4_096;

	private static final long FEWEST_ALLOWED = 64;

	private static final long ROWS_PER_BLOCK_GUESS = 60;

	private RangePlanner() {
	}

	/**
	 * A range that is not yet stored.
	 */
	record Planned(Leaf leaf, long lower, long upper, long estimate) {

	}

	static List<Planned> plan(TableName table, JdbcOperations jdbc) {
		List<Planned> ranges = new ArrayList<>();
		for (Leaf leaf : Leaves.of(table, jdbc)) {
			if (leaf.keyColumn() != null) {
				ranges.addAll(planKeys(leaf, KEYS_PER_RANGE, jdbc));
			}
			else if (leaf.blocks() > 0) {
				divide(leaf, 0, leaf.blocks() * Range.BLOCK - 1, BLOCKS_PER_RANGE * Range.BLOCK, ranges);
			}
		}
		return ranges;
	}

	static List<Planned> planKeys(Leaf leaf, long width, JdbcOperations jdbc) {
		List<Planned> ranges = new ArrayList<>();
		String key = Identifiers.quote(Objects.requireNonNull(leaf.keyColumn()));
		jdbc.query("SELECT min(" + key + ")::bigint, max(" + key + ")::bigint FROM ONLY " + leaf.name().quoted(),
				(result) -> {
					long least = result.getLong(1);
					if (!result.wasNull()) {
						divide(leaf, least, result.getLong(2), width, ranges);
					}
				});
		return ranges;
	}

	static void divide(Leaf leaf, long least, long greatest, long width, List<Planned> ranges) {
		BigInteger span = BigInteger.valueOf(greatest).subtract(BigInteger.valueOf(least)).add(BigInteger.ONE);
		BigInteger step = BigInteger.valueOf(width);
		long rows = (leaf.rows() >= 0) ? leaf.rows() : leaf.blocks() * ROWS_PER_BLOCK_GUESS;
		long most = Math.min(MOST_RANGES, Math.max(FEWEST_ALLOWED, 2 * rows / KEYS_PER_RANGE));
		BigInteger widths = span.divide(step.multiply(BigInteger.valueOf(most))).add(BigInteger.ONE);
		step = step.multiply(widths);
		BigInteger first = BigInteger.valueOf(least);
		first = first.subtract(first.mod(step));
		long count = BigInteger.valueOf(greatest).subtract(first).divide(step).longValueExact() + 1;
		if (leaf.keyColumn() != null) {
			rows = span.min(BigInteger.valueOf(rows)).longValueExact();
		}
		BigInteger lower = BigInteger.valueOf(least);
		for (long index = 0; index < count; index++) {
			BigInteger after = first.add(step.multiply(BigInteger.valueOf(index + 1)));
			long upper = after.subtract(BigInteger.ONE).min(BigInteger.valueOf(greatest)).longValueExact();
			ranges.add(new Planned(leaf, lower.longValueExact(), upper, (rows + count - 1) / count));
			lower = after;
		}
	}

}
