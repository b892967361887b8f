package io.github.expandcontract.sample.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application is killed in the middle of the backfill and started again, while the
 * previous release writes on.
 */
class KilledInBackfillIntegrationTests {

	private static final Seed SEED = new Seed(400_000);

	private final Ledger ledger = new Ledger(SEED);

	@Test
	void goesOnWhereItWasAndLosesNothing() throws Exception {
		Path log = Path.of("target", "killed-in-backfill.log");
		Files.deleteIfExists(log);
		try (DemoDatabase database = DemoDatabase.start(new DemoOptions(SEED.rows(), Duration.ZERO, Duration.ZERO,
				Duration.ZERO, 1, 1, log, null, "postgres", ""))) {
			database.seed(SEED);
			try (PreviousRelease previous = new PreviousRelease(database)) {
				ChangeStatus killed = killInBackfill(database, log);
				assertThat(killed.rowsDone()).isPositive().isLessThan(SEED.rows());
				write(previous, 1);
				finish(database, previous, log, killed);
			}
			assertNothingIsLost(database);
		}
	}

	private ChangeStatus killInBackfill(DemoDatabase database, Path log) throws IOException, InterruptedException {
		try (SampleProcess application = SampleProcess.start(database, "backfill", log)) {
			ChangeStatus status = await(application,
					(now) -> now.phase().equals("backfill") && now.rowsTotal() > 0 && now.rowsDone() > 0);
			application.kill();
			return status;
		}
	}

	private void finish(DemoDatabase database, PreviousRelease previous, Path log, ChangeStatus killed)
			throws IOException, InterruptedException {
		try (SampleProcess application = SampleProcess.start(database, "backfill", log)) {
			ChangeStatus resumed = await(application, (now) -> now.rowsTotal() > 0);
			assertThat(resumed.phase()).isEqualTo("backfill");
			assertThat(resumed.rowsDone()).isGreaterThanOrEqualTo(killed.rowsDone());
			write(previous, SEED.rows() / 2);
			ChangeStatus complete = await(application, (now) -> now.isVerifiedSince(null));
			assertThat(complete.mismatches()).isZero();
		}
	}

	private void write(PreviousRelease previous, long firstId) {
		for (long id = firstId; id < firstId + 200; id++) {
			LedgerRow row = this.ledger.seeded(id);
			assertThat(previous.updateHandle(id, row.handle().issue())).isTrue();
			row.handle().commit();
		}
		String handle = "made-beside-" + firstId;
		this.ledger.announce(handle);
		this.ledger.created(handle, previous.create(handle, Release.emailOf(handle)));
	}

	private void assertNothingIsLost(DemoDatabase database) throws SQLException {
		try (Connection connection = database.connect()) {
			Compared comparison = new Comparison(this.ledger).run(connection);
			assertThat(comparison.differences()).isEmpty();
			assertThat(comparison.columns()).containsExactlyInAnyOrder("username", "handle");
			assertThat(comparison.rows()).isEqualTo(SEED.rows() + 2);
		}
	}

	private static ChangeStatus await(SampleProcess application, Predicate<ChangeStatus> condition)
			throws InterruptedException {
		ChangeEndpoint endpoint = new ChangeEndpoint(application.address(), "users-handle");
		String last = "nothing";
		for (int i = 0; i < 4_000 && application.isAlive(); i++) {
			try {
				ChangeStatus status = endpoint.status();
				if (condition.test(status)) {
					return status;
				}
				last = status.toString();
			}
			catch (IllegalStateException ex) {
				last = String.valueOf(ex.getMessage());
			}
			Thread.sleep(30);
		}
		throw new AssertionError("The condition was not met; the endpoint said: " + last
				+ ", and target/killed-in-backfill.log has the rest");
	}

}
