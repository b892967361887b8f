package io.github.expandcontract.lifecycle;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.expandcontract.Phase;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two instances and a previous release under traffic.
 */
class FleetLifecycleIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	@BeforeEach
	void seed() {
		try (ConfigurableApplicationContext before = LifecycleApplication.start(this.database,
				"expand-contract.enabled=false")) {
			before.getBean(JdbcTemplate.class)
				.execute("INSERT INTO users (username) SELECT 'seed' || i FROM generate_series(1, 20000) i");
		}
	}

	@Test
	void twoInstancesThatStartAtOnceExpandOnceAndWalkTogetherUnderTraffic() throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(2);
		try {
			Future<ConfigurableApplicationContext> starting = executor.submit(() -> start());
			try (ConfigurableApplicationContext first = start();
					ConfigurableApplicationContext second = starting.get()) {
				assertThat(triggers()).isEqualTo(2);
				Traffic traffic = new Traffic().newRelease(first).newRelease(second);
				Traffic legacy = new Traffic().previousRelease(this.plain);
				for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.SWITCH_READS, Phase.BACKFILL,
						Phase.STOP_DUAL_WRITE)) {
					LifecycleApplication.WALK.to(phase, first, second);
					served(traffic);
				}
				legacy.stopAndCompare(this.plain, "username");
				LifecycleApplication.WALK.to(Phase.CONTRACT, first, second);
				served(traffic);
				LifecycleApplication.WALK.to(Phase.BACKFILL, first, second);
				Traffic returned = new Traffic().previousRelease(this.plain);
				served(traffic);
				served(returned);
				LifecycleApplication.WALK.to(Phase.SWITCH_READS, first, second);
				served(traffic);
				returned.stopAndCompare(this.plain, "username");
				traffic.stopAndCompare(this.plain, "handle");
				assertThat(this.plain.queryForList("SELECT id FROM users WHERE handle IS DISTINCT FROM username"))
					.isEmpty();
				assertThat(this.plain.queryForObject("""
						SELECT count(*) FROM users WHERE username = 'seed' || id AND id <= 20000""", Long.class))
					.isEqualTo(20000);
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void lowestTargetWinsAndAnInstanceThatLeavesNoLongerCounts() {
		try (ConfigurableApplicationContext bold = start("expand-contract.changes.users-handle.phase=switch-reads")) {
			try (ConfigurableApplicationContext cautious = start(
					"expand-contract.changes.users-handle.phase=dual-write")) {
				ChangeWalk.await(
						() -> LifecycleApplication.WALK.phase(bold) == Phase.DUAL_WRITE
								&& LifecycleApplication.WALK.phase(cautious) == Phase.DUAL_WRITE,
						() -> String.valueOf(LifecycleApplication.WALK.status(bold)));
				assertThat(LifecycleApplication.WALK.status(bold).target()).isEqualTo(Phase.DUAL_WRITE);
			}
			ChangeWalk.await(() -> LifecycleApplication.WALK.phase(bold) == Phase.SWITCH_READS,
					() -> String.valueOf(LifecycleApplication.WALK.status(bold)));
		}
	}

	@Test
	void holdOfAKilledLeaderDoesNotStandInTheWayBack() {
		try (ConfigurableApplicationContext context = start()) {
			LifecycleApplication.WALK.to(Phase.SWITCH_READS, context);
			this.plain.update("""
					UPDATE expand_contract.change SET hold_token = gen_random_uuid(),
					       hold_from = now() - interval '2 s', hold_until = now() - interval '1 s'""");
			LifecycleApplication.WALK.to(Phase.BACKFILL, context);
		}
	}

	@Test
	void instanceThatEndsInOrderWithdrawsItsRegistration() {
		start().close();
		assertThat(this.plain.queryForList("SELECT name FROM expand_contract.instance")).isEmpty();
	}

	@Test
	void finishedChangeIsNotTakenBackBecauseItsLineIsMissing() {
		this.plain.execute("ALTER TABLE users RENAME COLUMN username TO handle");
		try (ConfigurableApplicationContext context = start()) {
			assertThat(LifecycleApplication.WALK.phase(context)).isEqualTo(Phase.CONTRACT);
			assertThat(LifecycleApplication.WALK.status(context).target()).isEqualTo(Phase.CONTRACT);
		}
		try (ConfigurableApplicationContext context = start("expand-contract.changes.users-handle.phase=backfill")) {
			ChangeWalk.await(() -> LifecycleApplication.WALK.phase(context) == Phase.BACKFILL,
					() -> String.valueOf(LifecycleApplication.WALK.status(context)));
		}
	}

	private ConfigurableApplicationContext start(String... properties) {
		return LifecycleApplication.start(this.database, properties);
	}

	private long triggers() {
		return this.plain.queryForObject("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal", Long.class);
	}

	private static void served(Traffic traffic) {
		long before = traffic.operations();
		ChangeWalk.await(() -> traffic.operations() > before + 100, () -> "the traffic stands still");
	}

}
