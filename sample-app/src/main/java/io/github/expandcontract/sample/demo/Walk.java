package io.github.expandcontract.sample.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

import io.github.expandcontract.Phase;

/**
 * Takes all changes through their phases together, forwards and backwards, and lets each
 * phase serve traffic for a while. A step is done when every change has taken it.
 */
final class Walk {

	private final DemoDatabase database;

	private final List<ChangeEndpoint> endpoints;

	private final Releases releases;

	private final Traffic traffic;

	private final Progress progress;

	private final DemoOptions options;

	private final Map<String, String> verifiedAt = new HashMap<>();

	private long rowsBackfilled;

	Walk(DemoDatabase database, List<ChangeEndpoint> endpoints, Releases releases, Traffic traffic, Progress progress,
			DemoOptions options) {
		this.database = database;
		this.endpoints = endpoints;
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
		requireColumns(DemoDatabase.HANDLE_COLUMNS, DemoDatabase.ORDER_COLUMNS);
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
		requireColumns(Set.of("handle"), Set.of("price_decimal", "shipping_method"));
		serve();
		rememberVerifications();
		go("back from contract", Phase.BACKFILL);
		requireColumns(DemoDatabase.HANDLE_COLUMNS, DemoDatabase.ORDER_COLUMNS);
		this.releases.startPrevious();
		this.progress.say("The previous release is back and reads and writes username and cents.");
		awaitBackfill();
		serve();
	}

	/**
	 * The rows that the first backfill of each change filled in, together.
	 * @return the number of rows, 0 before all were through
	 */
	long rowsBackfilled() {
		return this.rowsBackfilled;
	}

	private void go(String title, Phase phase) {
		this.traffic.begin(title, phase);
		this.progress.headline(title);
		for (ChangeEndpoint endpoint : this.endpoints) {
			this.progress.say(endpoint.target(phase));
		}
		await(phase);
	}

	private void await(Phase phase) {
		double seconds = await("phase " + phase.propertyName(), this.options.stepTimeout(),
				(id, status) -> status.phase().equals(phase.propertyName()));
		this.progress.say(String.format(Locale.ROOT, "Phase %s holds after %.1f s.", phase.propertyName(), seconds));
	}

	private void awaitBackfill() {
		Map<String, String> former = Map.copyOf(this.verifiedAt);
		double seconds = await("all rows filled in and verified", this.options.backfillTimeout(),
				(id, status) -> status.isVerifiedSince(former.get(id)));
		this.progress.say(String.format(Locale.ROOT, "Every backfill complete after %.1f s.", seconds));
		long rows = 0;
		for (ChangeEndpoint endpoint : this.endpoints) {
			ChangeStatus status = endpoint.status();
			rows += status.rowsDone();
			this.progress.say(String.format(Locale.ROOT, "%s: %,d rows filled in, %,d verified, %,d differ.",
					endpoint.id(), status.rowsDone(), status.verifiedRows(), status.mismatches()));
		}
		if (this.rowsBackfilled == 0) {
			this.rowsBackfilled = rows;
		}
	}

	private void rememberVerifications() {
		for (ChangeEndpoint endpoint : this.endpoints) {
			String at = endpoint.status().verifiedAt();
			if (at != null) {
				this.verifiedAt.put(endpoint.id(), at);
			}
		}
	}

	private void requireColumns(Set<String> users, Set<String> orders) throws SQLException {
		try (Connection connection = this.database.connect()) {
			requireColumns("users", DemoDatabase.columns(connection, "users", DemoDatabase.HANDLE_COLUMNS), users);
			requireColumns("orders", DemoDatabase.columns(connection, "orders", DemoDatabase.ORDER_COLUMNS), orders);
		}
	}

	private void requireColumns(String table, Set<String> columns, Set<String> expected) {
		if (!columns.equals(expected)) {
			throw new IllegalStateException("The table " + table + " has the columns " + columns + ", not " + expected);
		}
		this.progress.say("The table " + table + " has " + String.join(" and ", columns) + ".");
	}

	private double await(String what, Duration timeout, BiPredicate<String, ChangeStatus> reached) {
		long begin = System.nanoTime();
		List<String> told = List.of();
		while (true) {
			boolean all = true;
			List<String> waitsFor = new ArrayList<>();
			for (ChangeEndpoint endpoint : this.endpoints) {
				ChangeStatus status = endpoint.status();
				if (!reached.test(endpoint.id(), status)) {
					if (all) {
						this.progress.show(endpoint.id(), status);
					}
					all = false;
					status.waitsFor().forEach((reason) -> waitsFor.add(endpoint.id() + " waits for: " + reason));
				}
			}
			double seconds = (System.nanoTime() - begin) / 1e9;
			if (all) {
				return seconds;
			}
			if (seconds > timeout.toSeconds()) {
				throw new StepTimeoutException("Not reached within " + timeout.toSeconds() + " s: " + what
						+ ". The endpoint says: " + this.endpoints.get(0).everything());
			}
			if (seconds > 2 && !told.equals(waitsFor)) {
				told = waitsFor;
				told.forEach(this.progress::say);
			}
			pause(Duration.ofMillis(200));
		}
	}

	private void serve() {
		long end = System.nanoTime() + this.options.serve().toNanos();
		while (System.nanoTime() - end < 0) {
			ChangeEndpoint first = this.endpoints.get(0);
			this.progress.show(first.id(), first.status());
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
