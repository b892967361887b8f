package io.github.expandcontract.backfill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.TransactionException;

import io.github.expandcontract.postgres.SqlStates;

/**
 * Runs the batches of claimed ranges that begin at the same position, one for each change
 * that takes part.
 *
 * <ol>
 * <li>Before each batch the throttle is asked; where it holds, the ranges are let go. So
 * is the range of a change that is paused or has left its phase, and the others go on.
 * <li>Each batch is a transaction of its own: it locks the ranges' rows and compares the
 * fencing numbers, fills a stretch, and moves the cursors. A process that dies loses what
 * it had not committed, which is one batch at most. A worker whose lease was taken over
 * finds a higher fencing number and stops before it touches a row.
 * <li>A batch that takes too long is tried again with a tenth of its rows.
 * <li>A batch of several changes that fails is tried again for one of them alone, and the
 * others are let go.
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
	 * Works until each range is done, taken over, or let go.
	 * @param claimed the ranges, in the order of their ids, in which they are locked
	 */
	void run(List<Share> claimed, Direction direction) {
		BatchSizer sizer = new BatchSizer(this.settings.targetBatchTime(), initialSize(claimed),
				this.settings.maxBatchSize());
		double rowsPerBlock = sizer.size();
		List<Share> shares = goingOn(claimed);
		while (!shares.isEmpty()) {
			long start = System.nanoTime();
			int size = sizer.size();
			double density = rowsPerBlock;
			List<Share> present = shares;
			Step step;
			try {
				step = this.transactions.call((jdbc) -> step(present, direction, size, density, start, jdbc));
			}
			catch (DataAccessException | TransactionException ex) {
				if (present.size() == 1) {
					failed(present.get(0).range(), size, ex);
					return;
				}
				release(present.subList(1, present.size()));
				shares = goingOn(present.subList(0, 1));
				continue;
			}
			sizer.took(Duration.ofNanos(System.nanoTime() - start), step.examined());
			present.forEach((share) -> this.lastBatchSizes.put(share.range().jobId(), sizer.size()));
			rowsPerBlock = step.rowsPerBlock();
			shares = goingOn(step.left());
		}
	}

	private int initialSize(List<Share> claimed) {
		return claimed.stream().map(Share::range).mapToInt((range) -> {
			int known = range.batchSize();
			return (known > 0) ? known
					: this.lastBatchSizes.getOrDefault(range.jobId(), this.settings.initialBatchSize());
		}).min().orElse(this.settings.initialBatchSize());
	}

	/**
	 * Lets go of those that are to stop.
	 */
	private List<Share> goingOn(List<Share> shares) {
		if (shares.isEmpty()) {
			return shares;
		}
		List<Share> stopping = new ArrayList<>(
				shares.stream().filter((share) -> !share.filling().goOn().getAsBoolean() || paused(share)).toList());
		if (stopping.size() < shares.size() && held(shares)) {
			stopping.clear();
			stopping.addAll(shares);
		}
		release(stopping);
		return shares.stream().filter((share) -> !stopping.contains(share)).toList();
	}

	private boolean paused(Share share) {
		return this.transactions.call((jdbc) -> Pauses.paused(share.change().id(), jdbc));
	}

	private boolean held(List<Share> shares) {
		Optional<String> reason = this.throttle.hold(shares.get(0).change().table());
		reason.ifPresent((text) -> this.transactions
			.run((jdbc) -> shares.forEach((share) -> RangeStore.waitingFor(share.range().jobId(), text, jdbc))));
		return reason.isPresent();
	}

	private void release(List<Share> shares) {
		if (!shares.isEmpty()) {
			this.transactions.run((jdbc) -> shares.forEach((share) -> RangeStore.release(share.range(), jdbc)));
		}
	}

	/**
	 * One batch. Those whose lease has been taken over are left out of it and forgotten.
	 */
	private Step step(List<Share> shares, Direction direction, int size, double rowsPerBlock, long start,
			JdbcOperations jdbc) {
		long next = 0;
		long upper = Long.MAX_VALUE;
		List<Share> held = new ArrayList<>();
		for (Share share : shares) {
			Optional<Long> position = RangeStore.lock(share.range(), jdbc);
			if (position.isPresent()) {
				held.add(share);
				next = position.get();
				upper = Math.min(upper, share.range().upper());
			}
		}
		if (held.isEmpty()) {
			return new Step(List.of(), 0, rowsPerBlock);
		}
		limit(jdbc);
		Range any = held.get(0).range();
		Batch.Outcome outcome = new Batch(direction, held.stream().map(Share::change).toList())
			.run(new Stretch(any.leaf(), any.keyColumn(), next, upper), size, rowsPerBlock, jdbc);
		Duration took = Duration.ofNanos(System.nanoTime() - start);
		for (int index = 0; index < held.size(); index++) {
			RangeStore.advance(held.get(index).range(), outcome, outcome.filled().get(index), size, took,
					this.settings.rangeLease(), jdbc);
		}
		long blocks = Math.max(1, outcome.reached() / Range.BLOCK - next / Range.BLOCK + 1);
		return new Step(held.stream().filter((share) -> outcome.reached() < share.range().upper()).toList(),
				outcome.examined(), (double) outcome.examined() / blocks);
	}

	private void limit(JdbcOperations jdbc) {
		long timeout = Math.max(100, Math.min(15_000, this.settings.rangeLease().toMillis() / 2));
		jdbc.query("""
				SELECT set_config('expand_contract.sync', 'off', true), set_config('statement_timeout', ?, true),
					set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
					set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)
				""", (result) -> {
		}, timeout + "ms");
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

	/**
	 * What a batch left behind.
	 *
	 * @param left the ranges that are not done
	 * @param examined rows looked at
	 * @param rowsPerBlock how many rows a block held
	 */
	private record Step(List<Share> left, long examined, double rowsPerBlock) {

	}

}
