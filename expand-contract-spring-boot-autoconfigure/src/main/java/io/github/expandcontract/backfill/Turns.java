package io.github.expandcontract.backfill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.backfill.RangeStore.Job;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.TableName;

/**
 * The turns that workers take at the jobs of a table: each claims what is free and may be
 * done together, and opens the next sweep where a pass is over.
 */
final class Turns {

	private static final long HOLD_MILLIS = 200;

	private static final long POLL_MILLIS = 20;

	private final Transactions transactions;

	private final BackfillThrottle throttle;

	private final BackfillSettings settings;

	private final RangeWorker worker;

	private final Sweeps sweeps;

	private final Vacuum vacuum;

	Turns(Transactions transactions, BackfillThrottle throttle, BackfillSettings settings, Vacuum vacuum) {
		this.transactions = transactions;
		this.throttle = throttle;
		this.settings = settings;
		this.worker = new RangeWorker(transactions, throttle, settings);
		this.sweeps = new Sweeps(transactions);
		this.vacuum = vacuum;
	}

	/**
	 * Claims ranges and works on them until they are done or let go. Where the throttle
	 * holds from the start it waits a fraction of a second.
	 * @param together changes of one table that may share a pass
	 * @return whether there was anything to claim
	 */
	boolean take(List<Filling> together, Direction direction) {
		Map<Job, Filling> open = new LinkedHashMap<>();
		for (Filling filling : together) {
			job(filling.change(), direction)
				.filter((job) -> !job.finished() && filling.goOn().getAsBoolean() && !paused(filling.change()))
				.ifPresent((job) -> open.put(job, filling));
		}
		if (open.isEmpty()) {
			return false;
		}
		TableName table = together.get(0).change().table();
		Optional<String> held = this.throttle.hold(table);
		this.transactions
			.run((jdbc) -> open.keySet().forEach((job) -> RangeStore.waitingFor(job.id(), held.orElse(""), jdbc)));
		if (held.isPresent()) {
			rest(() -> open.values().stream().allMatch((filling) -> filling.goOn().getAsBoolean()));
			return true;
		}
		List<Share> shares = claim(open, table);
		if (!shares.isEmpty()) {
			this.worker.run(shares, direction);
			vacuum(shares);
		}
		return !shares.isEmpty();
	}

	/**
	 * Where a job has no range left to take it may be time for its next sweep.
	 */
	private List<Share> claim(Map<Job, Filling> open, TableName table) {
		List<Share> shares = claim(open);
		boolean opened = false;
		for (Job job : open.keySet()) {
			if (shares.stream().noneMatch((share) -> share.range().jobId() == job.id())) {
				opened |= this.sweeps.advance(job, table);
			}
		}
		return (shares.isEmpty() && opened) ? claim(open) : shares;
	}

	private List<Share> claim(Map<Job, Filling> open) {
		List<Long> jobs = open.keySet().stream().map(Job::id).toList();
		List<Share> shares = new ArrayList<>();
		this.transactions.call((jdbc) -> RangeStore.claim(jobs, this.settings.rangeLease(), jdbc))
			.forEach((range) -> open.forEach((job, filling) -> {
				if (job.id() == range.jobId()) {
					shares.add(new Share(range, filling));
				}
			}));
		return shares;
	}

	private void vacuum(List<Share> shares) {
		if (!this.settings.vacuum()) {
			return;
		}
		long due = shares.stream()
			.filter((share) -> share.filling().goOn().getAsBoolean())
			.filter((share) -> this.transactions.call((jdbc) -> RangeStore.anotherTenth(share.range().jobId(), jdbc)))
			.count();
		if (due > 0) {
			this.vacuum.run(shares.get(0).range().leaf(),
					() -> shares.stream().anyMatch((share) -> share.filling().goOn().getAsBoolean()));
		}
	}

	private boolean paused(RowChange change) {
		return this.transactions.call((jdbc) -> Pauses.paused(change.id(), jdbc));
	}

	/**
	 * The job of a change, empty before it is prepared.
	 */
	Optional<Job> job(RowChange change, Direction direction) {
		Function<JdbcOperations, Optional<Job>> read = (jdbc) -> RangeStore.job(change.id(), direction, jdbc);
		return this.transactions.call(read);
	}

	/**
	 * Waits a fraction of a second, unless it is time to end.
	 */
	static void rest(BooleanSupplier goOn) {
		long end = System.nanoTime() + HOLD_MILLIS * 1_000_000;
		try {
			while (goOn.getAsBoolean() && System.nanoTime() < end) {
				Thread.sleep(POLL_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
