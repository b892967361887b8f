package io.github.expandcontract.lifecycle;

import java.io.File;

import io.github.expandcontract.Phase;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.ChildJvm;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code kill -9} of the application in the middle of the backfill.
 */
class KillIntegrationTests {

	private static final int ROWS = 20_000;

	private static final int BATCH = 50;

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	@Test
	void backfillGoesOnWhereItWasAfterKill() throws Exception {
		try (ConfigurableApplicationContext before = LifecycleApplication.start(this.database,
				"expand-contract.enabled=false")) {
			before.getBean(JdbcTemplate.class)
				.execute("INSERT INTO users (username) SELECT 'seed' || i FROM generate_series(1, " + ROWS + ") i");
		}
		Traffic legacy = new Traffic().previousRelease(this.plain);
		String settings = "expand-contract.changes.users-handle.phase=switch-reads,expand-contract.lease-duration=2s,"
				+ "expand-contract.backfill.batch-size=" + BATCH + ",expand-contract.backfill.max-batch-size=" + BATCH;
		Process process = ChildJvm.start(KilledInstance.class, new File("target/killed-instance.log"),
				this.database.url(), settings);
		try {
			ChangeWalk.await(() -> filled() > ROWS / 10, () -> "the backfill does not begin: " + filled());
		}
		finally {
			ChildJvm.kill(process);
		}
		long filledAtDeath = filled();
		assertThat(filledAtDeath).isLessThan(ROWS);

		try (ConfigurableApplicationContext next = LifecycleApplication.start(this.database,
				"expand-contract.changes.users-handle.phase=switch-reads", "expand-contract.lease-duration=2s")) {
			assertThat(LifecycleApplication.WALK.status(next).backfill().rowsDone()).isPositive();
			Traffic traffic = new Traffic().newRelease(next);
			ChangeWalk.await(() -> LifecycleApplication.WALK.phase(next) == Phase.SWITCH_READS,
					() -> String.valueOf(LifecycleApplication.WALK.status(next)));
			assertThat(LifecycleApplication.WALK.status(next).verification().mismatches()).isZero();
			traffic.stopAndCompare(this.plain, "handle");
			legacy.stopAndCompare(this.plain, "handle");
		}
		assertThat(this.plain.queryForList("SELECT id FROM users WHERE handle IS DISTINCT FROM username")).isEmpty();
		assertThat(this.plain.queryForObject("SELECT count(*) FROM users WHERE handle = 'seed' || id AND id <= " + ROWS,
				Long.class))
			.isEqualTo(ROWS);
	}

	private long filled() {
		return this.plain.queryForObject(
				"""
						SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_attribute
						                          WHERE attrelid = 'users'::regclass AND attname = 'handle')
						            THEN (xpath('/row/c/text()', query_to_xml(
						                  'SELECT count(handle) AS c FROM users WHERE id <= %d', false, true, '')))[1]::text::bigint
						            ELSE 0 END"""
					.formatted(ROWS),
				Long.class);
	}

}
