package io.github.expandcontract.backfill;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;

/**
 * Reads every row and counts those that are not in step.
 *
 * <ol>
 * <li>A table of up to 1 GB is read by one statement, and so is what it held at one
 * moment.
 * <li>A larger one is read in stretches, by its integer key or by blocks of 1 GB. The
 * first and the last stretch are open, so that no row lies outside.
 * <li>The result is stored only if every row was read.
 * </ol>
 */
final class Verifier {

	private static final int SAMPLE = 10;

	private static final long BLOCKS = 131_072;

	private static final long KEYS = 5_000_000;

	private static final String TIMEOUT = "5min";

	private final Transactions transactions;

	private final long stretchBlocks;

	private final long stretchKeys;

	Verifier(Transactions transactions) {
		this(transactions, BLOCKS, KEYS);
	}

	Verifier(Transactions transactions, long stretchBlocks, long stretchKeys) {
		this.transactions = transactions;
		this.stretchBlocks = stretchBlocks;
		this.stretchKeys = stretchKeys;
	}

	/**
	 * Reads the rows of a table once for all of these changes.
	 * @return the results in the order of the changes
	 */
	List<Verification> verify(List<RowChange> changes, BooleanSupplier goOn) {
		List<Count> counts = changes.stream().map(Count::new).toList();
		TableName table = changes.get(0).table();
		try {
			List<Leaf> leaves = this.transactions.call((jdbc) -> Leaves.of(table, jdbc));
			for (Leaf leaf : leaves) {
				for (String stretch : stretches(leaf)) {
					if (!goOn.getAsBoolean()) {
						throw new BackfillException(
								"The verification of \"" + changes.get(0).id() + "\" was interrupted.",
								"Start it again; an unfinished verification counts for nothing.");
					}
					this.transactions.run((jdbc) -> read(leaf, stretch, counts, jdbc));
				}
			}
		}
		catch (DataAccessException ex) {
			throw new BackfillException(
					"The rows of \"" + table + "\" could not be verified: " + BatchFailures.message(ex),
					"Mend the cause and verify again.", ex);
		}
		return this.transactions.call((jdbc) -> counts.stream().map((count) -> store(count, jdbc)).toList());
	}

	Optional<Verification> last(RowChange change) {
		return this.transactions.call((jdbc) -> jdbc.query("""
				SELECT rows_read, mismatches, sample, verified_at FROM expand_contract.backfill_verification
				WHERE change_id = ?
				""", (result, row) -> {
			String[] sample = (String[]) result.getArray("sample").getArray();
			return new Verification(result.getLong("rows_read"), result.getLong("mismatches"), List.of(sample),
					result.getTimestamp("verified_at").toInstant());
		}, change.id()).stream().findFirst());
	}

	private List<String> stretches(Leaf leaf) {
		if (leaf.blocks() <= this.stretchBlocks) {
			return List.of("true");
		}
		List<RangePlanner.Planned> parts = new ArrayList<>();
		String reference = "t.ctid";
		if (leaf.keyColumn() != null) {
			reference = "t." + Identifiers.quote(leaf.keyColumn());
			parts.addAll(this.transactions.call((jdbc) -> RangePlanner.planKeys(leaf, this.stretchKeys, jdbc)));
		}
		else {
			RangePlanner.divide(leaf, 0, leaf.blocks() * Range.BLOCK - 1, this.stretchBlocks * Range.BLOCK, parts);
		}
		return conditions(reference, leaf.keyColumn() != null, parts);
	}

	private static List<String> conditions(String reference, boolean keys, List<RangePlanner.Planned> parts) {
		List<String> conditions = new ArrayList<>();
		for (int index = 0; index < parts.size(); index++) {
			String from = bound(keys, parts.get(index).lower());
			String condition = (index == 0) ? "true" : reference + " >= " + from;
			if (index + 1 < parts.size()) {
				condition += " AND " + reference + " < " + bound(keys, parts.get(index + 1).lower());
			}
			conditions.add(condition);
		}
		return conditions.isEmpty() ? List.of("true") : conditions;
	}

	private static String bound(boolean keys, long position) {
		return keys ? "'" + position + "'::bigint" : "'" + Range.tid(position) + "'::tid";
	}

	private static void read(Leaf leaf, String stretch, List<Count> counts, JdbcOperations jdbc) {
		jdbc.query("SELECT set_config('statement_timeout', ?, true)", (result) -> {
		}, TIMEOUT);
		List<RowChange> changes = counts.stream().map((count) -> count.change).toList();
		jdbc.query(statement(changes, leaf, stretch), (result) -> {
			for (int index = 0; index < counts.size(); index++) {
				counts.get(index).add(result.getLong(1), result.getLong(index + 2));
			}
		});
		for (Count count : counts) {
			if (count.sample.size() < Math.min(SAMPLE, count.mismatches)) {
				count.sample.addAll(jdbc.queryForList("SELECT " + leaf.locator() + from(leaf, stretch) + " AND "
						+ Direction.broken(count.change) + " LIMIT " + (SAMPLE - count.sample.size()), String.class));
			}
		}
	}

	static String statement(List<RowChange> changes, Leaf leaf, String stretch) {
		return "SELECT count(*), " + changes.stream()
			.map((change) -> "count(*) FILTER (WHERE " + Direction.broken(change) + ")")
			.collect(Collectors.joining(", ")) + from(leaf, stretch);
	}

	private static String from(Leaf leaf, String stretch) {
		return " FROM ONLY " + leaf.name().quoted() + " t WHERE " + stretch;
	}

	private static Verification store(Count count, JdbcOperations jdbc) {
		Timestamp at = jdbc.queryForObject("""
				INSERT INTO expand_contract.backfill_verification (change_id, rows_read, mismatches, sample)
				VALUES (?, ?, ?, ?)
				ON CONFLICT (change_id) DO UPDATE SET rows_read = EXCLUDED.rows_read,
					mismatches = EXCLUDED.mismatches, sample = EXCLUDED.sample, verified_at = clock_timestamp()
				RETURNING verified_at
				""", Timestamp.class, count.change.id(), count.rows, count.mismatches,
				count.sample.toArray(String[]::new));
		if (at == null) {
			throw new IllegalStateException("The time of a verification is never NULL");
		}
		return new Verification(count.rows, count.mismatches, count.sample, at.toInstant());
	}

	private static final class Count {

		private final RowChange change;

		private final List<String> sample = new ArrayList<>();

		private long rows;

		private long mismatches;

		private Count(RowChange change) {
			this.change = change;
		}

		private void add(long rows, long mismatches) {
			this.rows += rows;
			this.mismatches += mismatches;
		}

	}

}
