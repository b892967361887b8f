package io.github.expandcontract.lifecycle;

import java.io.File;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.expandcontract.Phase;
import io.github.expandcontract.coordination.ChangeStatus;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.phase.StrategyMismatchException;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.ChildJvm;
import io.github.expandcontract.testing.MidstOfTransaction;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * A rename in place, with two instances under traffic.
 */
class RenameInPlaceIntegrationTests {

	private static final String STRATEGY = "expand-contract.changes.users-handle.strategy=";

	private static final ChangeWalk WALK = LifecycleApplication.WALK;

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	@BeforeEach
	void seed() {
		LifecycleApplication.start(this.database, "expand-contract.enabled=false").close();
		this.plain.execute("INSERT INTO users (username) SELECT 'seed' || i FROM generate_series(1, 5000) i");
	}

	private ConfigurableApplicationContext start(String strategy, String... properties) {
		String[] all = List.of(STRATEGY + strategy).toArray(new String[1 + properties.length]);
		System.arraycopy(properties, 0, all, 1, properties.length);
		return LifecycleApplication.start(this.database, all);
	}

	@Test
	void goesForwardsAndBackAndForwardsAgainUnderTraffic() {
		try (ConfigurableApplicationContext first = start("in-place");
				ConfigurableApplicationContext second = start("in-place");
				Traffic traffic = new Traffic().newRelease(first).newRelease(second)) {
			Integer file = this.plain.queryForObject("SELECT pg_relation_filenode('users')", Integer.class);
			try (Traffic legacy = new Traffic().previousRelease(this.plain)) {
				WALK.to(Phase.SWITCH_READS, first, second);
				served(traffic);
				WALK.to(Phase.DUAL_WRITE, first, second);
				WALK.to(Phase.STOP_DUAL_WRITE, first, second);
				served(legacy);
				assertThat(columns()).containsExactly("id", "username", "email");
				legacy.stopAndCompare(this.plain, "username");
			}
			for (int round = 0; round < 3; round++) {
				WALK.to(Phase.CONTRACT, first, second);
				served(traffic);
				assertThat(columns()).containsExactly("id", "handle", "email");
				WALK.to(Phase.STOP_DUAL_WRITE, first, second);
				served(traffic);
				assertThat(columns()).containsExactly("id", "username", "email");
			}
			try (Traffic returned = new Traffic().previousRelease(this.plain)) {
				served(returned);
				returned.stopAndCompare(this.plain, "username");
			}
			WALK.to(Phase.EXPAND, first, second);
			WALK.to(Phase.CONTRACT, first, second);
			served(traffic);
			traffic.stopAndCompare(this.plain, "handle");
			assertThat(this.plain.queryForObject("SELECT pg_relation_filenode('users')", Integer.class))
				.isEqualTo(file);
		}
		assertThat(this.plain.queryForObject("SELECT count(*) FROM users WHERE handle = 'seed' || id AND id <= 5000",
				Long.class))
			.isEqualTo(5000);
		assertThat(this.plain.queryForList("SELECT 1 FROM pg_trigger WHERE NOT tgisinternal")).isEmpty();
	}

	@Test
	void longTransactionMakesTheCutoverLetGoAndTryLater() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (ConfigurableApplicationContext first = start("in-place");
				ConfigurableApplicationContext second = start("in-place")) {
			WALK.to(Phase.STOP_DUAL_WRITE, first, second);
			CountDownLatch opened = new CountDownLatch(1);
			CountDownLatch end = new CountDownLatch(1);
			Future<String> transaction = executor.submit(() -> longTransaction(second, opened, end));
			opened.await();
			try (Traffic traffic = new Traffic().newRelease(first).newRelease(second)) {
				first.getBean(Operations.class).override("users-handle", Phase.CONTRACT, "test");
				ChangeWalk.await(() -> waits(first).contains("PT2S") || waits(second).contains("PT2S"),
						() -> "the cutover does not let go: " + WALK.status(first));
				served(traffic);
				assertThat(columns()).contains("username");
				end.countDown();
				assertThat(transaction.get()).isEqualTo("seed1 and seed2");
				WALK.to(Phase.CONTRACT, first, second);
				served(traffic);
				traffic.stopAndCompare(this.plain, "handle");
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static String longTransaction(ConfigurableApplicationContext context, CountDownLatch opened,
			CountDownLatch end) {
		UserRepository users = context.getBean(UserRepository.class);
		return new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).execute((status) -> {
			String first = users.findByHandle("seed1").orElseThrow().handle();
			opened.countDown();
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return first + " and " + users.findByHandle("seed2").orElseThrow().handle();
		});
	}

	@Test
	void transactionThatHasNotTouchedARepositoryYetGoesOnByTheNewName() {
		try (ConfigurableApplicationContext context = start("in-place", "spring.flyway.enabled=false",
				"spring.datasource.hikari.maximum-pool-size=1")) {
			UserRepository users = context.getBean(UserRepository.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			for (Phase phase : List.of(Phase.CONTRACT, Phase.STOP_DUAL_WRITE, Phase.CONTRACT)) {
				// Long enough that the driver has the server prepare it
				for (int i = 0; i < 10; i++) {
					assertThat(users.findByHandle("seed7")).isPresent();
				}
				transaction.executeWithoutResult((status) -> {
					context.getBean(JdbcTemplate.class).queryForObject("SELECT 1", Integer.class);
					WALK.to(phase, context);
					assertThat(users.findByHandle("seed7")).isPresent();
					assertThat(users.findById(7L).orElseThrow().handle()).isEqualTo("seed7");
				});
			}
		}
	}

	/**
	 * The column has its new name already when the instance dies that gave it, but nobody
	 * else knows.
	 */
	@Test
	void otherInstanceGoesOnAfterAKillInTheMidstOfTheCutover() throws Exception {
		MidstOfTransaction gate = new MidstOfTransaction(this.plain,
				"EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'handle')");
		Process leader = ChildJvm.start(KilledInstance.class, new File("target/killed-in-cutover.log"),
				this.database.url(), STRATEGY + "in-place,expand-contract.lease-duration=2s,"
						+ "expand-contract.changes.users-handle.phase=stop-dual-write");
		try {
			ChangeWalk.await(() -> WALK.cameTo(Phase.STOP_DUAL_WRITE, this.plain),
					() -> "the leader does not come so far");
			try (ConfigurableApplicationContext other = start("in-place", "expand-contract.lease-duration=2s",
					"expand-contract.admission-timeout=60s"); Traffic traffic = new Traffic().newRelease(other)) {
				served(traffic);
				other.getBean(Operations.class).override("users-handle", Phase.CONTRACT, "test");
				gate.awaitSomebody();
				ChildJvm.kill(leader);
				gate.open();
				ChangeWalk.await(() -> WALK.phase(other) == Phase.CONTRACT, () -> String.valueOf(WALK.status(other)));
				served(traffic);
				traffic.stopAndCompare(this.plain, "handle");
			}
		}
		finally {
			ChildJvm.kill(leader);
		}
		assertThat(columns()).containsExactly("id", "handle", "email");
		assertThat(this.plain.queryForObject("SELECT count(*) FROM users WHERE handle = 'seed' || id AND id <= 5000",
				Long.class))
			.isEqualTo(5000);
	}

	@Test
	void functionThatSaysTheFormerNameBlocksContract() {
		this.plain
			.execute("CREATE FUNCTION names() RETURNS SETOF text LANGUAGE sql AS 'SELECT username::text FROM users'");
		try (ConfigurableApplicationContext context = start("in-place",
				"expand-contract.changes.users-handle.phase=contract")) {
			ChangeWalk.await(() -> waits(context).contains("names()"), () -> String.valueOf(WALK.status(context)));
			assertThat(WALK.phase(context)).isEqualTo(Phase.STOP_DUAL_WRITE);
			this.plain.execute("DROP FUNCTION names()");
			WALK.to(Phase.CONTRACT, context);
		}
	}

	@Test
	void instancesHaveToAgree() {
		try (ConfigurableApplicationContext first = start("in-place")) {
			WALK.to(Phase.DUAL_WRITE, first);
			assertThatException().isThrownBy(() -> start("copy").close())
				.havingRootCause()
				.isInstanceOf(StrategyMismatchException.class)
				.withMessageContaining("carried out by 'in-place'");
			assertThat(columns()).containsExactly("id", "username", "email");
			WALK.to(Phase.CONTRACT, first);
		}
		this.plain.update("UPDATE expand_contract.change SET override = NULL");
		try (ConfigurableApplicationContext other = start("copy",
				"expand-contract.changes.users-handle.phase=backfill")) {
			ChangeWalk.await(() -> WALK.phase(other) == Phase.BACKFILL, () -> String.valueOf(WALK.status(other)));
			assertThat(columns()).containsExactlyInAnyOrder("id", "username", "email", "handle");
		}
	}

	private static String waits(ConfigurableApplicationContext context) {
		ChangeStatus status = WALK.status(context);
		return status.state().waitsFor();
	}

	private static void served(Traffic traffic) {
		long before = traffic.operations();
		ChangeWalk.await(() -> traffic.operations() > before + 100, () -> "the traffic stands still");
	}

	private List<String> columns() {
		return this.plain.queryForList("SELECT attname FROM pg_attribute WHERE attrelid = 'users'::regclass "
				+ "AND attnum > 0 AND NOT attisdropped ORDER BY attnum", String.class);
	}

}
