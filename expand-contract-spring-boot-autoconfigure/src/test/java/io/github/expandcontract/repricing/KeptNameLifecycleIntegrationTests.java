package io.github.expandcontract.repricing;

import java.io.File;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.expandcontract.Phase;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.ChildJvm;
import io.github.expandcontract.testing.Customers;
import io.github.expandcontract.testing.MidstOfTransaction;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A change of type under one name, with instances of both releases under traffic.
 */
class KeptNameLifecycleIntegrationTests {

	private static final String FROM_NEW = "(price * 100)::int";

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	@BeforeEach
	void seed() {
		Shop.open(this.database.url(), "expand-contract.enabled=false").close();
		this.plain.update("INSERT INTO products (price) SELECT i FROM generate_series(1, 5000) i");
	}

	@Test
	void goesForwardsAndBackAndForwardsAgainUnderTraffic() {
		try (ConfigurableApplicationContext first = Shop.open(this.database.url());
				ConfigurableApplicationContext second = Shop.open(this.database.url());
				Customers customers = new Customers().at(NewTill.of(first)).at(NewTill.of(second))) {
			try (Customers legacy = new Customers().previousRelease(this.plain)) {
				for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.SWITCH_READS, Phase.BACKFILL,
						Phase.STOP_DUAL_WRITE)) {
					Shop.WALK.to(phase, first, second);
					customers.served();
					legacy.served();
				}
				legacy.stopAndCompare(this.plain, "price");
			}
			assertThat(Shop.WALK.status(first).heldCutover()).isTrue();
			Shop.WALK.to(Phase.CONTRACT, first, second);
			customers.served();
			assertThat(columns()).containsExactly("id bigint", "name text", "price numeric(10,2)");
			Shop.WALK.to(Phase.BACKFILL, first, second);
			try (Customers returned = new Customers().previousRelease(this.plain)) {
				customers.served();
				returned.served();
				Shop.WALK.to(Phase.EXPAND, first, second);
				customers.served();
				Shop.WALK.to(Phase.STOP_DUAL_WRITE, first, second);
				returned.stopAndCompare(this.plain, "price");
			}
			Shop.WALK.to(Phase.CONTRACT, first, second);
			customers.served();
			customers.stopAndCompare(this.plain, FROM_NEW);
		}
		assertThat(count("id <= 5000 AND price = id / 100.0")).isEqualTo(5_000);
		assertThat(columns()).containsExactly("id bigint", "name text", "price numeric(10,2)");
		assertThat(this.plain.queryForList("SELECT 1 FROM pg_trigger WHERE NOT tgisinternal")).isEmpty();
	}

	/**
	 * The old column is gone already when the instance dies that dropped it, but nobody
	 * else knows.
	 */
	@Test
	void otherInstanceGoesOnAfterAKillInTheMidstOfTheCutover() throws Exception {
		MidstOfTransaction gate = new MidstOfTransaction(this.plain,
				"EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'products'::regclass AND attname = 'price' "
						+ "AND atttypid = 'numeric'::regtype)");
		Process leader = ChildJvm.start(Shop.class, new File("target/killed-in-kept-name.log"), this.database.url(),
				"expand-contract.lease-duration=2s,expand-contract.changes.products-price.phase=stop-dual-write");
		try {
			try (Customers legacy = new Customers().previousRelease(this.plain)) {
				ChangeWalk.await(() -> Shop.WALK.cameTo(Phase.STOP_DUAL_WRITE, this.plain),
						() -> "the leader does not come so far");
				legacy.stopAndCompare(this.plain, "price");
			}
			try (ConfigurableApplicationContext other = Shop.open(this.database.url(),
					"expand-contract.lease-duration=2s", "expand-contract.admission-timeout=60s");
					Customers customers = new Customers().at(NewTill.of(other))) {
				customers.served();
				other.getBean(Operations.class).override(Shop.WALK.change(), Phase.CONTRACT, "test");
				gate.awaitSomebody();
				ChildJvm.kill(leader);
				gate.open();
				ChangeWalk.await(() -> Shop.WALK.phase(other) == Phase.CONTRACT,
						() -> String.valueOf(Shop.WALK.status(other)));
				customers.served();
				customers.stopAndCompare(this.plain, FROM_NEW);
			}
		}
		finally {
			ChildJvm.kill(leader);
		}
		assertThat(count("id <= 5000 AND price = id / 100.0")).isEqualTo(5_000);
		assertThat(columns()).containsExactly("id bigint", "name text", "price numeric(10,2)");
	}

	@Test
	void longTransactionMakesTheCutoverLetGoAndTryLater() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (ConfigurableApplicationContext first = Shop.open(this.database.url());
				ConfigurableApplicationContext second = Shop.open(this.database.url())) {
			Shop.WALK.to(Phase.STOP_DUAL_WRITE, first, second);
			CountDownLatch opened = new CountDownLatch(1);
			CountDownLatch end = new CountDownLatch(1);
			Future<?> transaction = executor.submit(() -> longTransaction(second, opened, end));
			opened.await();
			try (Customers customers = new Customers().at(NewTill.of(first)).at(NewTill.of(second))) {
				first.getBean(Operations.class).override(Shop.WALK.change(), Phase.CONTRACT, "test");
				ChangeWalk.await(() -> Shop.WALK.status(first).state().waitsFor().contains("PT2S"),
						() -> "the cutover does not let go: " + Shop.WALK.status(first));
				customers.served();
				assertThat(columns()).hasSize(4);
				end.countDown();
				transaction.get();
				Shop.WALK.to(Phase.CONTRACT, first, second);
				customers.served();
				customers.stopAndCompare(this.plain, FROM_NEW);
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static void longTransaction(ConfigurableApplicationContext context, CountDownLatch opened,
			CountDownLatch end) {
		ProductRepository products = context.getBean(ProductRepository.class);
		new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).executeWithoutResult((status) -> {
			// Names no table, so that it holds up nothing but the cutover
			products.ping();
			opened.countDown();
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			assertThat(products.findById(1L).orElseThrow().price()).isEqualByComparingTo("0.01");
		});
	}

	@Test
	void preparedStatementsGoOnInTransactionsThatSpanTheCutover() {
		try (ConfigurableApplicationContext context = Shop.open(this.database.url(), "spring.flyway.enabled=false",
				"spring.datasource.hikari.maximum-pool-size=1")) {
			ProductRepository products = context.getBean(ProductRepository.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			for (Phase phase : List.of(Phase.CONTRACT, Phase.STOP_DUAL_WRITE, Phase.CONTRACT)) {
				if (phase == Phase.CONTRACT) {
					Shop.WALK.to(Phase.BACKFILL, context);
					assertHolds(products);
					Shop.WALK.to(Phase.STOP_DUAL_WRITE, context);
				}
				assertHolds(products);
				transaction.executeWithoutResult((status) -> {
					context.getBean(JdbcTemplate.class).queryForObject("SELECT 1", Integer.class);
					Shop.WALK.to(phase, context);
					assertHolds(products);
					products.reprice(new BigDecimal("0.07"), 7);
				});
			}
		}
	}

	/**
	 * Reads often enough that the driver has the server prepare it.
	 */
	private static void assertHolds(ProductRepository products) {
		for (int i = 0; i < 10; i++) {
			assertThat(products.findById(7L).orElseThrow().price()).isEqualByComparingTo("0.07");
			assertThat(products.countByPrice(new BigDecimal("0.07"), 7)).isOne();
		}
	}

	private long count(String condition) {
		return Objects
			.requireNonNull(this.plain.queryForObject("SELECT count(*) FROM products WHERE " + condition, Long.class));
	}

	private List<String> columns() {
		return this.plain.queryForList(
				"SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'products'::regclass "
						+ "AND attnum > 0 AND NOT attisdropped ORDER BY attname",
				String.class);
	}

}
