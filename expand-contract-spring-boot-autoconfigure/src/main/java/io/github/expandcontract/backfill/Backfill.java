package io.github.expandcontract.backfill;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.backfill.RangePlanner.Planned;
import io.github.expandcontract.backfill.RangeStore.Job;
import io.github.expandcontract.change.RowChange;

/**
 * Fills the new columns in the rows that were there before the sync trigger, and verifies
 * every row.
 *
 * <ol>
 * <li>{@link #prepare} divides the table into ranges, kept as rows.
 * <li>{@link #work} claims a range and fills it batch by batch. Any number of threads and
 * instances may call it; a range belongs to one of them at a time.
 * <li>When all ranges are done a sweep goes through the table again, until one finds
 * nothing left. Then {@link #complete} holds.
 * <li>{@link #verify} reads every row.
 * </ol>
 *
 * No method waits for a row lock, no transaction is long, and a process killed anywhere
 * loses the work of one batch. The data source must be the plain one: its statements name
 * all columns and are not to be rewritten.
 */
public final class Backfill {

	private final BackfillSettings settings;

	private final Transactions transactions;

	private final Turns turns;

	private final Verifier verifier;

	private final Examiner examiner;

	private final Map<String, RowChange> prepared = new ConcurrentHashMap<>();

	/**
	 * Creates a backfill that yields to sessions that wait for the table and to lagging
	 * replicas.
	 * @param dataSource the plain data source, of a user who may create and change the
	 * table
	 * @param settings how to work
	 */
	public Backfill(DataSource dataSource, BackfillSettings settings) {
		this(dataSource, settings, new DatabaseThrottle(new Transactions(dataSource, settings)));
	}

	/**
	 * Creates a backfill with a throttle of the caller's.
	 * @param dataSource the plain data source
	 * @param settings how to work
	 * @param throttle what decides whether the next batch may run
	 */
	public Backfill(DataSource dataSource, BackfillSettings settings, BackfillThrottle throttle) {
		this.settings = settings;
		this.transactions = new Transactions(dataSource, settings);
		this.turns = new Turns(this.transactions, throttle, settings, new Vacuum(dataSource));
		this.verifier = new Verifier(this.transactions);
		this.examiner = new Examiner(this.transactions);
	}

	/**
	 * Creates the tables of the backfill where they are missing. Several instances may do
	 * so at once.
	 */
	public void install() {
		OwnTables.install(this.transactions);
	}

	/**
	 * Converts every value that a new column follows from for a try, and stores what was
	 * found. It reads the whole table, unless values are taken over as they are or follow
	 * from none; then it does nothing.
	 * @param change the change
	 * @param goOn asked between stretches of 1 GB
	 * @return what was found, empty if there is nothing to convert
	 * @throws UnconvertibleValuesException if an expression raises an error for some
	 * values, or gives NULL to a column that replaces nothing and so must be filled
	 * @throws BackfillException if {@code goOn} was false before the end, rows could not
	 * be read, or one of them breaks the promise that nothing is lost
	 */
	public Optional<Examination> examine(RowChange change, BooleanSupplier goOn) {
		return isNothingConverted(change) ? Optional.empty() : Optional.of(this.examiner.examine(change, goOn));
	}

	/**
	 * The statements of {@link #examine}. Only looks, and needs none of our tables.
	 * @param change the change
	 * @return the statements for each table that holds rows
	 */
	public List<RowStatement> examining(RowChange change) {
		return isNothingConverted(change) ? List.of() : this.examiner.statements(change);
	}

	private static boolean isNothingConverted(RowChange change) {
		return Direction.isCopy(change) || Direction.sources(change).isEmpty();
	}

	/**
	 * Does the same and stores nothing.
	 * @param change the change
	 * @param goOn asked between stretches of 1 GB
	 * @return what was found, empty if there is nothing to convert
	 * @throws UnconvertibleValuesException if an expression raises an error for some
	 * values
	 * @throws BackfillException as {@link #examine} does
	 */
	public Optional<Examination> tryOut(RowChange change, BooleanSupplier goOn) {
		return isNothingConverted(change) ? Optional.empty() : Optional.of(this.examiner.read(change, goOn));
	}

	/**
	 * The statements of {@link #work}. Only looks, and needs none of our tables.
	 * @param change the change
	 * @return the statements for each table that holds rows
	 */
	public List<RowStatement> filling(RowChange change) {
		return this.transactions
			.call((jdbc) -> new RowStatements(change, jdbc).filling(Direction.FORWARD, this.settings.vacuum()));
	}

	/**
	 * The statements of {@link #reverse}. Only looks, and needs none of our tables.
	 * @param change the change
	 * @return the statements for each table that holds rows
	 */
	public List<RowStatement> reversing(RowChange change) {
		return this.transactions
			.call((jdbc) -> new RowStatements(change, jdbc).filling(Direction.REVERSE, this.settings.vacuum()));
	}

	/**
	 * The statements of {@link #verify}. Only looks, and needs none of our tables.
	 * @param change the change
	 * @return the statements for each table that holds rows
	 */
	public List<RowStatement> verifying(RowChange change) {
		return this.transactions.call((jdbc) -> new RowStatements(change, jdbc).verifying());
	}

	/**
	 * The result of the last {@link #examine} that came to its end.
	 * @param change the change
	 * @return the result, empty if there is none
	 */
	public Optional<Examination> lastExamination(RowChange change) {
		return this.examiner.last(change);
	}

	/**
	 * Creates the job and its ranges, unless that has been done.
	 * @param change the change
	 * @throws BackfillException if the table does not exist or holds its rows elsewhere
	 */
	public void prepare(RowChange change) {
		this.prepared.put(change.id(), change);
		prepare(change, Direction.FORWARD);
	}

	/**
	 * Claims a range and works on it until it is done, the throttle holds, or
	 * {@code goOn} is false. Where the throttle holds from the start it waits a fraction
	 * of a second.
	 * @param change the change
	 * @param goOn asked between batches
	 * @return whether there was anything to claim; {@code false} before {@link #prepare},
	 * while paused, while others hold what is left, and when complete
	 */
	public boolean work(RowChange change, BooleanSupplier goOn) {
		return work(List.of(new Filling(change, goOn)));
	}

	/**
	 * Does the same for several changes, for each table once. Where changes of one table
	 * have the same stretch before them it is read once, and a row that needs several of
	 * them is written once. Each keeps its own ranges, sweeps and errors: what holds one
	 * of them does not hold the others.
	 * @param fillings the changes
	 * @return whether there was anything to claim for any of them
	 */
	public boolean work(List<Filling> fillings) {
		boolean more = false;
		for (List<Filling> together : Filling.together(fillings)) {
			more |= this.turns.take(together, Direction.FORWARD);
		}
		return more;
	}

	/**
	 * Whether every row has been filled.
	 * @param change the change
	 * @return whether all ranges are done and a sweep after them found nothing left
	 */
	public boolean complete(RowChange change) {
		return complete(change, Direction.FORWARD);
	}

	/**
	 * Opens one more sweep of a complete job, for the rows that a verification found.
	 * @param change the change
	 */
	public void sweepAgain(RowChange change) {
		this.transactions.run((jdbc) -> jdbc.update("""
				UPDATE expand_contract.backfill_job SET finished_at = NULL, pass = 0
				WHERE change_id = ? AND direction = ? AND finished_at IS NOT NULL
				""", change.id(), Direction.FORWARD.key()));
	}

	/**
	 * Reads every row and stores how many are not in step. It mends nothing. Other
	 * changes of the table that are filled and were not verified since, as far as this
	 * instance has {@link #prepare prepared} them, are verified by the same reading.
	 * @param change the change
	 * @param goOn asked between stretches of 1 GB
	 * @return the result
	 * @throws BackfillException if {@code goOn} was false before the end, or rows could
	 * not be read; then nothing is stored
	 */
	public Verification verify(RowChange change, BooleanSupplier goOn) {
		List<RowChange> together = Stream.concat(Stream.of(change), unverifiedBeside(change)).toList();
		try {
			return this.verifier.verify(together, goOn).get(0);
		}
		catch (BackfillException ex) {
			if (together.size() == 1 || !goOn.getAsBoolean()) {
				throw ex;
			}
			// What breaks another change is its own affair
			return this.verifier.verify(List.of(change), goOn).get(0);
		}
	}

	private Stream<RowChange> unverifiedBeside(RowChange change) {
		List<String> unverified = this.transactions.call((jdbc) -> jdbc.queryForList("""
				SELECT j.change_id FROM expand_contract.backfill_job j
				LEFT JOIN expand_contract.backfill_verification v ON v.change_id = j.change_id
				WHERE j.direction = ? AND j.finished_at > COALESCE(v.verified_at, '-infinity')
				""", String.class, Direction.FORWARD.key()));
		return this.prepared.values()
			.stream()
			.filter((other) -> other.table().equals(change.table()) && !other.id().equals(change.id()))
			.filter((other) -> unverified.contains(other.id()));
	}

	/**
	 * The result of the last verification that came to its end.
	 * @param change the change
	 * @return the result, empty if there is none
	 */
	public Optional<Verification> lastVerification(RowChange change) {
		return this.verifier.last(change);
	}

	/**
	 * How far the work has come.
	 * @param change the change
	 * @return the progress of the job as the database knows it, for all instances
	 */
	public BackfillProgress progress(RowChange change) {
		return this.transactions.call((jdbc) -> ProgressReader.read(change, Direction.FORWARD, jdbc));
	}

	/**
	 * Holds all workers of all instances after their present batch.
	 * @param changeId the id of the change
	 */
	public void pause(String changeId) {
		this.transactions.run((jdbc) -> Pauses.pause(changeId, jdbc));
	}

	/**
	 * Lets the workers go on.
	 * @param changeId the id of the change
	 */
	public void resume(String changeId) {
		this.transactions.run((jdbc) -> Pauses.resume(changeId, jdbc));
	}

	/**
	 * Whether the change is paused.
	 * @param changeId the id of the change
	 * @return whether it is paused
	 */
	public boolean paused(String changeId) {
		return this.transactions.call((jdbc) -> Pauses.paused(changeId, jdbc));
	}

	/**
	 * Forgets jobs, ranges and verification, in both directions. A batch under way rolls
	 * back or ends first.
	 * @param change the change
	 */
	public void reset(RowChange change) {
		this.transactions.run((jdbc) -> reset(change, jdbc));
	}

	/**
	 * Does the same within a transaction of the caller's.
	 * @param change the change
	 * @param within the caller's transaction
	 */
	public void reset(RowChange change, JdbcOperations within) {
		for (Direction direction : Direction.values()) {
			forget(change, direction, within);
		}
		within.update("DELETE FROM expand_contract.backfill_verification WHERE change_id = ?", change.id());
	}

	/**
	 * Fills the old columns from the new ones where no trigger kept them in step, or
	 * where they were added again, in batches like those of {@link #work}, until that is
	 * complete or {@code goOn} is false.
	 * @param change the change
	 * @param goOn asked between batches
	 */
	public void reverse(RowChange change, BooleanSupplier goOn) {
		prepare(change, Direction.REVERSE);
		while (goOn.getAsBoolean() && !reverseComplete(change)) {
			if (!this.turns.take(List.of(new Filling(change, goOn)), Direction.REVERSE)) {
				Turns.rest(goOn);
			}
		}
	}

	/**
	 * Whether the old columns have been filled.
	 * @param change the change
	 * @return whether {@link #reverse} came to its end since {@link #forgetReverse}
	 */
	public boolean reverseComplete(RowChange change) {
		return complete(change, Direction.REVERSE);
	}

	/**
	 * Forgets an earlier {@link #reverse}. To be called whenever the application begins
	 * to write the new columns alone, because old falls behind from there.
	 * @param change the change
	 */
	public void forgetReverse(RowChange change) {
		this.transactions.run((jdbc) -> forget(change, Direction.REVERSE, jdbc));
	}

	private void prepare(RowChange change, Direction direction) {
		if (this.turns.job(change, direction).isPresent()) {
			return;
		}
		List<Planned> ranges = this.transactions.call((jdbc) -> RangePlanner.plan(change.table(), jdbc));
		this.transactions.run((jdbc) -> RangeStore.create(change.id(), direction, ranges, jdbc));
	}

	private boolean complete(RowChange change, Direction direction) {
		return this.turns.job(change, direction).map(Job::finished).orElse(false);
	}

	private static void forget(RowChange change, Direction direction, JdbcOperations jdbc) {
		jdbc.query("""
				SELECT id FROM expand_contract.backfill_job WHERE change_id = ? AND direction = ? FOR UPDATE
				""", (result) -> {
		}, change.id(), direction.key());
		jdbc.update("""
				DELETE FROM expand_contract.backfill_range r USING expand_contract.backfill_job j
				WHERE r.job_id = j.id AND j.change_id = ? AND j.direction = ?
				""", change.id(), direction.key());
		jdbc.update("DELETE FROM expand_contract.backfill_job WHERE change_id = ? AND direction = ?", change.id(),
				direction.key());
	}

}
