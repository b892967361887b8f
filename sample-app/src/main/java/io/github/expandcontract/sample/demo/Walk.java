package io.github.expandcontract.sample.demo;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

import io.github.expandcontract.Phase;
import org.jspecify.annotations.Nullable;

/**
 * Takes the change through its phases, forwards and backwards, and lets each serve
 * traffic for a while.
 */
final class Walk {

	private static final Set<String> BOTH = Set.of("username", "handle");

	private final DemoDatabase database;

	private final ChangeEndpoint endpoint;

	private final Releases releases;

	private final Traffic traffic;

	private final Progress progress;

	private final DemoOptions options;

	private @Nullable String verifiedAt;

	private long rowsBackfilled;

	Walk(DemoDatabase database, ChangeEndpoint endpoint, Releases releases, Traffic traffic, Progress progress,
			DemoOptions options) {
		this.database = database;
		this.endpoint = endpoint;
		this.releases = releases;
		this.traffic = traffic;
		this.progress = progress;
		this.options = options;
	}

	/**
	 * Walks all the way.
	 * @throws SQLException if the catalog cannot be read
	 */
	void run() throws SQLException {
		await(Phase.EXPAND);
		requireColumns(BOTH);
		serve();
		go("dual-write", Phase.DUAL_WRITE);
		serve();
		go("backfill", Phase.BACKFILL);
		awaitBackfill();
		serve();
		go("switch-reads", Phase.SWITCH_READS);
		serve();
		go("back to backfill", Phase.BACKFILL);
		serve();
		go("switch-reads again", Phase.SWITCH_READS);
		serve();
		this.releases.stopPrevious();
		this.progress.say("The previous release is gone.");
		go("stop-dual-write", Phase.STOP_DUAL_WRITE);
		serve();
		go("contract", Phase.CONTRACT);
		requireColumns(Set.of("handle"));
		serve();
		this.verifiedAt = this.endpoint.status().verifiedAt();
		go("back from contract", Phase.BACKFILL);
		requireColumns(BOTH);
		this.releases.startPrevious();
		this.progress.say("The previous release is back and reads and writes username.");
		awaitBackfill();
		serve();
	}

	/**
	 * The rows that the first backfill filled in.
	 * @return the number of rows, 0 before it was through
	 */
	long rowsBackfilled() {
		return this.rowsBackfilled;
	}

	private void go(String title, Phase phase) {
		this.traffic.begin(title, phase);
		this.progress.headline(title);
		this.progress.say(this.endpoint.target(phase));
		await(phase);
	}

	private void await(Phase phase) {
		double seconds = await("phase " + phase.propertyName(), this.options.stepTimeout(),
				(status) -> status.phase().equals(phase.propertyName()));
		this.progress.say(String.format(Locale.ROOT, "Phase %s holds after %.1f s.", phase.propertyName(), seconds));
	}

	private void awaitBackfill() {
		String former = this.verifiedAt;
		double seconds = await("all rows filled in and verified", this.options.backfillTimeout(),
				(status) -> status.isVerifiedSince(former));
		ChangeStatus status = this.endpoint.status();
		this.verifiedAt = status.verifiedAt();
		if (this.rowsBackfilled == 0) {
			this.rowsBackfilled = status.rowsDone();
		}
		this.progress.say(
				String.format(Locale.ROOT, "Backfill of %,d rows complete after %.1f s; %,d rows verified, %,d differ.",
						status.rowsDone(), seconds, status.verifiedRows(), status.mismatches()));
	}

	private void requireColumns(Set<String> expected) throws SQLException {
		Set<String> columns = this.database.handleColumns();
		if (!columns.equals(expected)) {
			throw new IllegalStateException("The table has the columns " + columns + ", not " + expected);
		}
		this.progress.say("The table has " + String.join(" and ", columns) + ".");
	}

	private double await(String what, Duration timeout, Predicate<ChangeStatus> reached) {
		long begin = System.nanoTime();
		List<String> told = List.of();
		while (true) {
			ChangeStatus status = this.endpoint.status();
			this.progress.show(status);
			double seconds = (System.nanoTime() - begin) / 1e9;
			if (reached.test(status)) {
				return seconds;
			}
			if (seconds > timeout.toSeconds()) {
				throw new StepTimeoutException("Not reached within " + timeout.toSeconds() + " s: " + what
						+ ". The endpoint says: " + this.endpoint.everything());
			}
			if (seconds > 2 && !told.equals(status.waitsFor())) {
				told = status.waitsFor();
				told.forEach((reason) -> this.progress.say("Waits for: " + reason));
			}
			pause(Duration.ofMillis(200));
		}
	}

	private void serve() {
		long end = System.nanoTime() + this.options.serve().toNanos();
		while (System.nanoTime() - end < 0) {
			this.progress.show(this.endpoint.status());
			pause(Duration.ofMillis(250));
		}
	}

	private static void pause(Duration duration) {
		try {
			Thread.sleep(duration.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

}
