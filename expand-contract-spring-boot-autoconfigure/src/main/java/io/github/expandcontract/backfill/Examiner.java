package io.github.expandcontract.backfill;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.SqlStates;

/**
 * Converts every value that a new column follows from for a try, before anything is made
 * that would fail with one of them. It only reads, in stretches of 1 GB of the heap.
 *
 * <p>
 * SQL cannot go on after an error, so a stretch in which one is raised is halved, again
 * and again, down to the block, whose rows are tried one by one. What cannot be converted
 * is listed, up to {@value #MOST}.
 */
final class Examiner {

	private static final int MOST = 20;

	private static final int SAMPLE = 10;

	private static final long BLOCKS = 131_072;

	private static final int SHOWN = 100;

	private static final String TIMEOUT = "5min";

	private final Transactions transactions;

	Examiner(Transactions transactions) {
		this.transactions = transactions;
	}

	Examination examine(RowChange change, BooleanSupplier goOn) {
		Examination examination = read(change, goOn);
		this.transactions.run((jdbc) -> store(change, examination, jdbc));
		return examination;
	}

	/**
	 * The same, without keeping what was found.
	 */
	Examination read(RowChange change, BooleanSupplier goOn) {
		Run run = new Run(change);
		List<Leaf> leaves = this.transactions.call((jdbc) -> Leaves.of(change.table(), jdbc));
		for (Leaf leaf : leaves) {
			for (long from = 0; from == 0 || from < leaf.blocks(); from += BLOCKS) {
				if (!goOn.getAsBoolean()) {
					throw new BackfillException("The values of \"" + change.id() + "\" were not read to the end.",
							"Start again.");
				}
				run.read(leaf, from, end(leaf, from));
			}
		}
		run.requireSound();
		return new Examination(run.rows, run.lossy, run.sample);
	}

	/**
	 * What is read first of each table that holds rows.
	 */
	List<RowStatement> statements(RowChange change) {
		Run run = new Run(change);
		return this.transactions.call((jdbc) -> Leaves.of(change.table(), jdbc))
			.stream()
			.map((leaf) -> new RowStatement("try the expressions on every value",
					run.counting(leaf, stretch(0, end(leaf, 0))),
					"once, or by stretches of " + BLOCKS
							+ " blocks where the table is large; where it raises an error, "
							+ "for halves of the stretch, down to the row, which is named"))
			.toList();
	}

	private static long end(Leaf leaf, long from) {
		return (from + BLOCKS < leaf.blocks()) ? from + BLOCKS : Long.MAX_VALUE;
	}

	Optional<Examination> last(RowChange change) {
		return this.transactions.call((jdbc) -> jdbc
			.query("""
					SELECT rows_read, lossy, sample FROM expand_contract.backfill_examination WHERE change_id = ?
					""",
					(result, row) -> new Examination(result.getLong("rows_read"), result.getLong("lossy"),
							List.of((String[]) result.getArray("sample").getArray())),
					change.id())
			.stream()
			.findFirst());
	}

	private static void store(RowChange change, Examination examination, JdbcOperations jdbc) {
		jdbc.update("""
				INSERT INTO expand_contract.backfill_examination (change_id, rows_read, lossy, sample)
				VALUES (?, ?, ?, ?)
				ON CONFLICT (change_id) DO UPDATE SET rows_read = EXCLUDED.rows_read, lossy = EXCLUDED.lossy,
					sample = EXCLUDED.sample, examined_at = clock_timestamp()
				""", change.id(), examination.rows(), examination.lossy(), examination.sample().toArray(String[]::new));
	}

	private final class Run {

		private final RowChange change;

		private final String shown;

		private final String lost;

		private final String broken;

		private final String missing;

		private final String each;

		private final List<UnconvertibleValue> found = new ArrayList<>();

		private final List<String> sample = new ArrayList<>();

		private final List<String> counterexamples = new ArrayList<>();

		private long rows;

		private long lossy;

		Run(RowChange change) {
			this.change = change;
			this.shown = shown(List.copyOf(Direction.sources(change)));
			this.lost = change.oldColumns().isEmpty() ? "false" : Direction.any(change.oldColumns(),
					(column) -> Direction.reference(column) + " IS DISTINCT FROM " + back(column));
			this.broken = Direction.isLossless(change) ? Direction.any(change.newColumns(),
					(column) -> there(column) + " IS DISTINCT FROM " + change.up(column, this::back)) : "false";
			this.missing = change.oldColumns().isEmpty()
					? Direction.any(change.newColumns(), (column) -> there(column) + " IS NULL") : "false";
			this.each = each();
		}

		/**
		 * What evaluates every expression, where the conditions may be decided by one of
		 * several.
		 */
		private String each() {
			List<String> values = new ArrayList<>(this.change.newColumns().stream().map(this::there).toList());
			this.change.oldColumns().forEach((column) -> values.add(back(column)));
			return (values.size() > 2) ? "pg_catalog.num_nonnulls(" + String.join(", ", values) + ")" : "0";
		}

		private static String shown(List<String> sources) {
			if (sources.isEmpty()) {
				return "''";
			}
			List<String> references = sources.stream().map(Direction::reference).toList();
			return (references.size() == 1) ? references.get(0) : "ROW(" + String.join(", ", references) + ")";
		}

		private String there(String newColumn) {
			return this.change.up(newColumn, Direction::reference);
		}

		private String back(String oldColumn) {
			return this.change.down(oldColumn, this::there);
		}

		/**
		 * Reads the blocks from the first up to and without the second.
		 */
		void read(Leaf leaf, long from, long end) {
			if (this.found.size() >= MOST) {
				return;
			}
			try {
				Examiner.this.transactions.run((jdbc) -> count(leaf, stretch(from, end), jdbc));
			}
			catch (DataAccessException ex) {
				if (!blamesValues(ex)) {
					throw unreadable(ex);
				}
				long known = this.found.size();
				long upto = Math.min(end, blocks(leaf));
				if (upto - from <= 1) {
					rows(leaf, from);
				}
				else {
					long middle = from + (upto - from) / 2;
					read(leaf, from, middle);
					read(leaf, middle, upto);
				}
				// The row may have moved to another block, or gone, since the error
				if (this.found.size() == known && end == Long.MAX_VALUE) {
					throw unreadable(ex);
				}
			}
		}

		private void count(Leaf leaf, String stretch, JdbcOperations jdbc) {
			limit(jdbc);
			String from = from(leaf, stretch);
			List<long[]> counts = jdbc.query(counting(leaf, stretch), (result,
					row) -> new long[] { result.getLong(1), result.getLong(2), result.getLong(3), result.getLong(4) });
			long[] count = counts.get(0);
			if (count[1] > 0) {
				sample(leaf, from + " AND " + this.lost, this.sample, jdbc);
			}
			if (count[2] > 0) {
				sample(leaf, from + " AND " + this.broken, this.counterexamples, jdbc);
			}
			if (count[3] > 0) {
				missing(leaf, from + " AND " + this.missing, jdbc);
			}
			this.rows += count[0];
			this.lossy += count[1];
		}

		String counting(Leaf leaf, String stretch) {
			return "SELECT count(*), count(*) FILTER (WHERE " + this.lost + "), count(*) FILTER (WHERE " + this.broken
					+ "), count(*) FILTER (WHERE " + this.missing + "), count(" + this.each + ")" + from(leaf, stretch);
		}

		private static String from(Leaf leaf, String stretch) {
			return " FROM ONLY " + leaf.name().quoted() + " t WHERE " + stretch;
		}

		private void missing(Leaf leaf, String from, JdbcOperations jdbc) {
			this.found.addAll(jdbc.query(
					"SELECT " + leaf.locator() + ", left(" + this.shown + "::text, " + SHOWN + ")" + from + " LIMIT "
							+ (MOST - this.found.size()),
					(result, row) -> new UnconvertibleValue(leaf.name() + " " + result.getString(1),
							String.valueOf(result.getString(2)), SqlStates.NOT_NULL_VIOLATION,
							"which gives NULL for " + String.join(", ", this.change.newColumns()))));
		}

		private void sample(Leaf leaf, String from, List<String> sample, JdbcOperations jdbc) {
			if (sample.size() < SAMPLE) {
				sample.addAll(jdbc.queryForList(
						"SELECT " + leaf.locator() + from + " LIMIT " + (SAMPLE - sample.size()), String.class));
			}
		}

		private void rows(Leaf leaf, long block) {
			String table = " FROM ONLY " + leaf.name().quoted() + " t WHERE ";
			List<String[]> rows = Examiner.this.transactions.call((jdbc) -> jdbc.query(
					"SELECT t.ctid::text, " + leaf.locator() + ", left(" + this.shown + "::text, " + SHOWN + ")" + table
							+ stretch(block, block + 1) + " ORDER BY t.ctid",
					(result, row) -> new String[] { result.getString(1), result.getString(2), result.getString(3) }));
			for (String[] row : rows) {
				if (this.found.size() >= MOST) {
					return;
				}
				try {
					Examiner.this.transactions
						.run((jdbc) -> jdbc.queryForList("SELECT (" + this.lost + "), (" + this.broken + "), ("
								+ this.missing + "), " + this.each + table + "t.ctid = ?::tid", row[0]));
				}
				catch (DataAccessException ex) {
					if (!blamesValues(ex)) {
						throw unreadable(ex);
					}
					this.found.add(new UnconvertibleValue(leaf.name() + " " + row[1], String.valueOf(row[2]),
							SqlStates.of(ex).orElse(""), BatchFailures.message(ex).lines().findFirst().orElse("")));
				}
			}
		}

		void requireSound() {
			if (!this.found.isEmpty()) {
				throw new UnconvertibleValuesException(this.change, this.found, this.found.size() >= MOST);
			}
			if (!this.counterexamples.isEmpty()) {
				throw new BackfillException("The change \"" + this.change.id()
						+ "\" promises to be lossless, but up(down(up(old))) is not up(old), for example in the rows "
						+ this.counterexamples + " of \"" + this.change.table() + "\".",
						"Take the promise back, or correct the expressions.");
			}
		}

		private BackfillException unreadable(DataAccessException failure) {
			return new BackfillException("The values of \"" + this.change.table()
					+ "\" could not be converted for a try: " + BatchFailures.message(failure),
					"Mend the cause and start again.", failure);
		}

		private long blocks(Leaf leaf) {
			Long blocks = Examiner.this.transactions.call((jdbc) -> jdbc.queryForObject("""
					SELECT pg_relation_size(?::regclass) / current_setting('block_size')::bigint
					""", Long.class, leaf.name().quoted()));
			return (blocks != null) ? blocks : 0;
		}

	}

	private static void limit(JdbcOperations jdbc) {
		jdbc.query("SELECT set_config('statement_timeout', ?, true)", (result) -> {
		}, TIMEOUT);
	}

	private static boolean blamesValues(DataAccessException failure) {
		String state = SqlStates.of(failure).orElse("");
		return BatchFailures.blamesRows(state) && !state.equals(SqlStates.QUERY_CANCELED);
	}

	private static String stretch(long from, long end) {
		String condition = "t.ctid >= '(" + from + ",0)'::tid";
		return (end == Long.MAX_VALUE) ? condition : condition + " AND t.ctid < '(" + end + ",0)'::tid";
	}

}
