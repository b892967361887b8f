package io.github.expandcontract.backfill;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.SqlStates;

/**
 * Converts every value of the old column for a try, before anything is made that would
 * fail with one of them. It only reads, in stretches of 1 GB of the heap.
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

	Examination examine(ColumnChange change, BooleanSupplier goOn) {
		Examination examination = read(change, goOn);
		this.transactions.run((jdbc) -> store(change, examination, jdbc));
		return examination;
	}

	/**
	 * The same, without keeping what was found.
	 */
	Examination read(ColumnChange change, BooleanSupplier goOn) {
		Run run = new Run(change);
		List<Leaf> leaves = this.transactions.call((jdbc) -> Leaves.of(change.table(), jdbc));
		for (Leaf leaf : leaves) {
			for (long from = 0; from == 0 || from < leaf.blocks(); from += BLOCKS) {
				if (!goOn.getAsBoolean()) {
					throw new BackfillException("The values of \"" + change.id() + "\" were not read to the end.",
							"Start again.");
				}
				run.read(leaf, from, (from + BLOCKS < leaf.blocks()) ? from + BLOCKS : Long.MAX_VALUE);
			}
		}
		run.requireSound();
		return new Examination(run.rows, run.lossy, run.sample);
	}

	Optional<Examination> last(ColumnChange change) {
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

	private static void store(ColumnChange change, Examination examination, JdbcOperations jdbc) {
		jdbc.update("""
				INSERT INTO expand_contract.backfill_examination (change_id, rows_read, lossy, sample)
				VALUES (?, ?, ?, ?)
				ON CONFLICT (change_id) DO UPDATE SET rows_read = EXCLUDED.rows_read, lossy = EXCLUDED.lossy,
					sample = EXCLUDED.sample, examined_at = clock_timestamp()
				""", change.id(), examination.rows(), examination.lossy(), examination.sample().toArray(String[]::new));
	}

	private final class Run {

		private final ColumnChange change;

		private final String old;

		private final String there;

		private final String back;

		private final String again;

		private final List<UnconvertibleValue> found = new ArrayList<>();

		private final List<String> sample = new ArrayList<>();

		private final List<String> counterexamples = new ArrayList<>();

		private long rows;

		private long lossy;

		Run(ColumnChange change) {
			this.change = change;
			this.old = "t." + Identifiers.quote(change.oldColumn());
			this.there = change.up(this.old);
			this.back = change.down(this.there);
			this.again = change.up(this.back);
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
			String from = " FROM ONLY " + leaf.name().quoted() + " t WHERE " + stretch;
			String lost = this.old + " IS DISTINCT FROM " + this.back;
			String broken = this.change.lossless() ? this.there + " IS DISTINCT FROM " + this.again : "false";
			List<long[]> counts = jdbc.query(
					"SELECT count(*), count(*) FILTER (WHERE " + lost + "), count(*) FILTER (WHERE " + broken + ")"
							+ from,
					(result, row) -> new long[] { result.getLong(1), result.getLong(2), result.getLong(3) });
			long[] count = counts.get(0);
			if (count[1] > 0) {
				sample(leaf, from + " AND " + lost, this.sample, jdbc);
			}
			if (count[2] > 0) {
				sample(leaf, from + " AND " + broken, this.counterexamples, jdbc);
			}
			this.rows += count[0];
			this.lossy += count[1];
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
					"SELECT t.ctid::text, " + leaf.locator() + ", left(" + this.old + "::text, " + SHOWN + ")" + table
							+ stretch(block, block + 1) + " ORDER BY t.ctid",
					(result, row) -> new String[] { result.getString(1), result.getString(2), result.getString(3) }));
			for (String[] row : rows) {
				if (this.found.size() >= MOST) {
					return;
				}
				try {
					Examiner.this.transactions.run((jdbc) -> jdbc.queryForList("SELECT (" + this.old
							+ " IS DISTINCT FROM " + this.back + ")" + (this.change.lossless()
									? ", (" + this.there + " IS DISTINCT FROM " + this.again + ")" : "")
							+ table + "t.ctid = ?::tid", row[0]));
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
