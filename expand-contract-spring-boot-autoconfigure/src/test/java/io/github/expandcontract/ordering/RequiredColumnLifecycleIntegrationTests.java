package io.github.expandcontract.ordering;

import java.io.File;
import java.util.List;
import java.util.Objects;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.UnconvertibleValuesException;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.coordination.ChangeStatus;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.ChildJvm;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Two required columns of one table, one with a constant and one that follows from
 * others, with instances of both releases under traffic.
 */
class RequiredColumnLifecycleIntegrationTests {

	private static final String LEASE = "expand-contract.lease-duration=2s";

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	private void seed(int rows) {
		OrderDesk.open(this.database.url(), "expand-contract.enabled=false").close();
		this.plain.update("INSERT INTO orders (price, quantity) SELECT i / 100.0, 3 FROM generate_series(1, ?) i",
				rows);
	}

	@Test
	void goesForwardsAndBackAndForwardsAgainUnderTraffic() {
		int rows = 3_000;
		seed(rows);
		try (ConfigurableApplicationContext first = OrderDesk.open(this.database.url());
				ConfigurableApplicationContext second = OrderDesk.open(this.database.url());
				Clerks clerks = new Clerks(rows).newRelease(first).newRelease(second)) {
			clerks.served();
			try (Clerks legacy = new Clerks(rows).previousRelease(this.plain)) {
				for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.SWITCH_READS, Phase.DUAL_WRITE,
						Phase.STOP_DUAL_WRITE)) {
					OrderDesk.TOTAL.to(phase, first, second);
					OrderDesk.SHIPPING.to(phase, first, second);
					clerks.served();
					legacy.served();
				}
				legacy.stopAndCompare(this.plain);
			}
			contract(first, second);
			clerks.served();
			assertThat(ours()).isEmpty();
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> this.plain.update("INSERT INTO orders (price, quantity) VALUES (1, 2)"))
				.withMessageContaining("total");
			OrderDesk.TOTAL.to(Phase.BACKFILL, first, second);
			OrderDesk.SHIPPING.to(Phase.EXPAND, first, second);
			try (Clerks returned = new Clerks(rows).previousRelease(this.plain)) {
				clerks.served();
				returned.served();
				OrderDesk.TOTAL.to(Phase.EXPAND, first, second);
				clerks.served();
				returned.served();
				OrderDesk.TOTAL.to(Phase.STOP_DUAL_WRITE, first, second);
				returned.stopAndCompare(this.plain);
			}
			contract(first, second);
			clerks.served();
			clerks.stopAndCompare(this.plain);
		}
		assertThat(ours()).isEmpty();
		assertThat(this.plain.queryForList("""
				SELECT attname || coalesce(' ' || pg_get_expr(adbin, adrelid), '') FROM pg_attribute
				LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
				WHERE attrelid = 'orders'::regclass AND attnotnull AND attnum > 3 ORDER BY 1
				""", String.class)).containsExactly("shipping_method 'standard'::text", "total");
	}

	private static void contract(ConfigurableApplicationContext first, ConfigurableApplicationContext second) {
		OrderDesk.SHIPPING.to(Phase.CONTRACT, first, second);
		OrderDesk.TOTAL.to(Phase.CONTRACT, first, second);
	}

	/**
	 * What only belongs to a change that is under way.
	 */
	private List<String> ours() {
		return this.plain.queryForList("""
				SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgrelid = 'orders'::regclass AND NOT tgisinternal
				UNION ALL SELECT 'constraint ' || conname FROM pg_constraint
				WHERE conrelid = 'orders'::regclass AND contype = 'c'
				UNION ALL SELECT 'comment ' || description FROM pg_description WHERE objoid = 'orders'::regclass
				""", String.class);
	}

	@Test
	void aConstantNeedsNoBackfillAndTouchesNoRow() {
		seed(1_000);
		String heap = heap();
		try (ConfigurableApplicationContext context = OrderDesk.open(this.database.url(),
				"expand-contract.changes.orders-shipping-method.phase=contract")) {
			ChangeWalk.await(() -> OrderDesk.SHIPPING.phase(context) == Phase.CONTRACT,
					() -> String.valueOf(OrderDesk.SHIPPING.status(context)));
			assertThat(OrderDesk.SHIPPING.status(context).backfill().state()).contains("nothing is to be filled");
			assertThat(heap()).isEqualTo(heap);
			assertThat(context.getBean(OrderRepository.class).findAll()).hasSize(1_000)
				.allMatch((order) -> order.shippingMethod().equals("standard"));
		}
	}

	private String heap() {
		return Objects.requireNonNull(this.plain.queryForObject("""
				SELECT pg_relation_filenode('orders') || md5(string_agg(ctid::text || xmin, ',' ORDER BY id))
				FROM orders
				""", String.class));
	}

	@Test
	void goesOnAfterAKillInTheBackfill() throws Exception {
		int rows = 20_000;
		seed(rows);
		Process process = ChildJvm.start(OrderDesk.class, new File("target/killed-desk.log"), this.database.url(),
				total("switch-reads") + "," + LEASE + ",expand-contract.backfill.batch-size=20,"
						+ "expand-contract.backfill.max-batch-size=20");
		try {
			ChangeWalk.await(() -> hasTotal() && filled(rows) > rows / 20, () -> "nothing is filled");
		}
		finally {
			ChildJvm.kill(process);
		}
		assertThat(filled(rows)).isLessThan(rows);
		try (Clerks legacy = new Clerks(rows).previousRelease(this.plain);
				ConfigurableApplicationContext next = OrderDesk.open(this.database.url(), total("stop-dual-write"),
						LEASE);
				Clerks clerks = new Clerks(rows).newRelease(next)) {
			clerks.served();
			legacy.served();
			ChangeWalk.await(() -> OrderDesk.TOTAL.phase(next) == Phase.STOP_DUAL_WRITE,
					() -> String.valueOf(OrderDesk.TOTAL.status(next)));
			legacy.stopAndCompare(this.plain);
			OrderDesk.TOTAL.to(Phase.CONTRACT, next);
			clerks.stopAndCompare(this.plain);
		}
	}

	private boolean hasTotal() {
		return !this.plain
			.queryForList("SELECT 1 FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'total'")
			.isEmpty();
	}

	private long filled(int rows) {
		return Objects.requireNonNull(
				this.plain.queryForObject("SELECT count(total) FROM orders WHERE id <= ?", Long.class, rows));
	}

	private static String total(String phase) {
		return "expand-contract.changes.orders-total.phase=" + phase;
	}

	@Test
	void nullThatAWriterLeavesIsListedAndHoldsContractUntilItIsMended() {
		seed(10);
		try (ConfigurableApplicationContext context = OrderDesk.open(this.database.url())) {
			OrderDesk.TOTAL.to(Phase.STOP_DUAL_WRITE, context);
			this.plain.update("ALTER TABLE orders ALTER quantity DROP NOT NULL");
			this.plain.update("INSERT INTO orders (id, price) VALUES (4711, 1)");
			context.getBean(Operations.class).override("orders-total", Phase.CONTRACT, "test");
			ChangeWalk.await(() -> evidence(context).contains("'total' is NULL"), () -> evidence(context));
			assertThat(evidence(context)).contains("4711");
			this.plain.update("UPDATE orders SET quantity = 7 WHERE id = 4711");
			ChangeWalk.await(() -> OrderDesk.TOTAL.phase(context) == Phase.CONTRACT, () -> evidence(context));
		}
		assertThat(this.plain.queryForObject("SELECT total::text FROM orders WHERE id = 4711", String.class))
			.isEqualTo("7.00");
	}

	private static String evidence(ConfigurableApplicationContext context) {
		ChangeStatus status = OrderDesk.TOTAL.status(context);
		return status.evidence().toString();
	}

	@Test
	void underApplicationAloneALaterSweepFillsWhatOthersLeave() {
		seed(100);
		try (ConfigurableApplicationContext context = OrderDesk.open(this.database.url(),
				"expand-contract.sync=application")) {
			OrderDesk.TOTAL.to(Phase.BACKFILL, context);
			ChangeWalk.await(() -> filled(100) == 100, () -> "not filled");
			this.plain.update("INSERT INTO orders (id, price, quantity) VALUES (4711, 2, 3)");
			assertThat(context.getBean(OrderRepository.class).findById(4711L).orElseThrow().total()).isEqualTo("6.00");
			OrderDesk.TOTAL.to(Phase.STOP_DUAL_WRITE, context);
			assertThat(filled(5_000)).isEqualTo(101);
			this.plain.update("INSERT INTO orders (id, price, quantity) VALUES (4712, 2, 4)");
			OrderDesk.TOTAL.to(Phase.CONTRACT, context);
			assertThat(filled(5_000)).isEqualTo(102);
		}
	}

	@Test
	void rowsForWhichFillGivesNullAreListedBeforeAnythingIsTouched() {
		seed(10);
		this.plain.update("UPDATE orders SET note = 'n' WHERE id NOT IN (3, 7)");
		assertThatException().isThrownBy(() -> OrderDesk.open(Labels.class, this.database.url()).close())
			.havingRootCause()
			.isInstanceOf(UnconvertibleValuesException.class)
			.withMessageContaining("2 rows")
			.withMessageContaining("3")
			.withMessageContaining("7");
		assertThat(this.plain
			.queryForList("SELECT 1 FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'label'"))
			.isEmpty();
		this.plain.update("UPDATE orders SET note = 'n'");
		OrderDesk.open(Labels.class, this.database.url()).close();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Labels {

		@Bean
		ChangeDeclaration label() {
			return ChangeDeclaration.addColumn("orders", "label", "text", "upper(note)");
		}

	}

}
