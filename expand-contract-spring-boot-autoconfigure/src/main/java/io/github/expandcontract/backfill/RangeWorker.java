package io.github.expandcontract.backfill;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.TransactionException;

import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.SqlStates;

/**
 * Runs the batches of one claimed range.
 *
 * <ol>
 * <li>Before each batch the throttle is asked; where it holds, the range is let go.
 * <li>Each batch is a transaction of its own: it locks the range's row and compares the
 * fencing number, fills a stretch, and moves the cursor. A process that dies loses what
 * it had not committed, which is one batch at most. A worker whose lease was taken over
 * finds a higher fencing number and stops before it touches a row.
 * <li>A batch that takes too long is tried again with a tenth of its rows.
 * <li>A batch that fails because of its rows halves the range, down to the single row,
 * which then stays in the way as an error, and is tried again from time to time. Any
 * other failure is kept with the range, which rests for a while.
 * </ol>
 */
final class RangeWorker {

	private final Transactions transactions;

	private final BackfillThrottle throttle;

	private final BackfillSettings settings;

	private final Map<Long, Integer> lastBatchSizes = new ConcurrentHashMap<>();

	RangeWorker(Transactions transactions, BackfillThrottle throttle, BackfillSettings settings) {
		this.transactions = transactions;
		this.throttle = throttle;
		this.settings = settings;
	}

	/**
	 * Works until the range is done, taken over, let go, or {@code goOn} is false.
	 */
	void run(Range range, Batch batch, RowChange change, BooleanSupplier goOn) {
		int initial = (range.batchSize() > 0) ? range.batchSize()
				: this.lastBatchSizes.getOrDefault(range.jobId(), this.settings.initialBatchSize());
		BatchSizer sizer = new BatchSizer(this.settings.targetBatchTime(), initial, this.settings.maxBatchSize());
		double rowsPerBlock = sizer.size();
		while (true) {
			if (!goOn.getAsBoolean() || held(range, change)) {
				this.transactions.run((jdbc) -> RangeStore.release(range, jdbc));
				return;
			}
			long start = System.nanoTime();
			int size = sizer.size();
			double density = rowsPerBlock;
			Step step;
			try {
				step = this.transactions.call((jdbc) -> step(range, batch, size, density, start, jdbc));
			}
			catch (DataAccessException | TransactionException ex) {
				failed(range, size, ex);
				return;
			}
			if (step == null || step.outcome().reached() >= range.upper()) {
				return;
			}
			sizer.took(Duration.ofNanos(System.nanoTime() - start), step.outcome().examined());
			this.lastBatchSizes.put(range.jobId(), sizer.size());
			rowsPerBlock = step.rowsPerBlock();
		}
	}

	private boolean held(Range range, RowChange change) {
		if (paused(change)) {
			return true;
		}
		Optional<String> reason = this.throttle.hold(change.table());
		reason.ifPresent((text) -> this.transactions.run((jdbc) -> RangeStore.waitingFor(range.jobId(), text, jdbc)));
		return reason.isPresent();
	}

	private boolean paused(RowChange change) {
		return this.transactions.call((jdbc) -> Pauses.paused(change.id(), jdbc));
	}

	private @Nullable Step step(Range range, Batch batch, int size, double rowsPerBlock, long start,
			JdbcOperations jdbc) {
		Optional<Long> next = RangeStore.lock(range, jdbc);
		if (next.isEmpty()) {
			return null;
		}
		long timeout = Math.max(100, Math.min(15_000, this.settings.rangeLease().toMillis() / 2));
		jdbc.query("""
				SELECT set_config('expand_contract.sync', 'off', true), set_config('statement_timeout', ?, true),
					set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
					set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)
				""", (result) -> {
		}, timeout + "ms");
		Batch.Outcome outcome = batch.run(range, next.get(), size, rowsPerBlock, jdbc);
		RangeStore.advance(range, outcome, size, Duration.ofNanos(System.nanoTime() - start),
				this.settings.rangeLease(), jdbc);
		long blocks = Math.max(1, outcome.reached() / Range.BLOCK - next.get() / Range.BLOCK + 1);
		return new Step(outcome, (double) outcome.examined() / blocks);
	}

	private void failed(Range range, int size, RuntimeException failure) {
		String state = SqlStates.of(failure).orElse("");
		this.transactions.run((jdbc) -> {
			Optional<Long> next = RangeStore.lock(range, jdbc);
			if (next.isEmpty()) {
				return;
			}
			if (state.equals(SqlStates.UNDEFINED_TABLE) && gone(range, jdbc)) {
				RangeStore.finish(range, jdbc);
			}
			else if (state.equals(SqlStates.QUERY_CANCELED) && size > 1) {
				RangeStore.shrink(range, Math.max(1, size / 10), jdbc);
			}
			else if (BatchFailures.blamesRows(state) && next.get() < range.upper()) {
				RangeStore.split(range, middle(next.get(), range.upper()), jdbc);
			}
			else {
				RangeStore.failed(range, state, BatchFailures.message(failure), jdbc);
			}
		});
	}

	/**
	 * A partition that was dropped took its rows with it.
	 */
	private static boolean gone(Range range, JdbcOperations jdbc) {
		Boolean gone = jdbc.queryForObject("SELECT to_regclass(?) IS NULL", Boolean.class, range.leaf().quoted());
		return Boolean.TRUE.equals(gone);
	}

	static long middle(long next, long upper) {
		return (next & upper) + ((next ^ upper) >> 1);
	}

	private record Step(Batch.Outcome outcome, double rowsPerBlock) {

	}

}
