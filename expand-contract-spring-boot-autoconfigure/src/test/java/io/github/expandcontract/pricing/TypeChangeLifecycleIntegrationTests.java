package io.github.expandcontract.pricing;

import java.io.File;
import java.util.List;
import java.util.Objects;

import io.github.expandcontract.Phase;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.ChildJvm;
import io.github.expandcontract.testing.Customers;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A change of type with instances of both releases under traffic.
 */
class TypeChangeLifecycleIntegrationTests {

	private static final String FROM_NEW = "(price_decimal * 100)::int";

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	private void seed(int rows) {
		Shop.open(this.database.url(), "expand-contract.enabled=false").close();
		this.plain.update("INSERT INTO products (price) SELECT i FROM generate_series(1, ?) i", rows);
	}

	@Test
	void goesForwardsAndBackAndForwardsAgainUnderTraffic() {
		seed(5_000);
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
			Shop.WALK.to(Phase.CONTRACT, first, second);
			customers.served();
			assertThat(columns()).containsExactly("id", "name", "price_decimal");
			Shop.WALK.to(Phase.BACKFILL, first, second);
			assertThat(count("price IS NULL")).isZero();
			assertThat(indexes("price")).containsExactly("products_by_price");
			try (Customers returned = new Customers().previousRelease(this.plain)) {
				customers.served();
				returned.served();
				Shop.WALK.to(Phase.EXPAND, first, second);
				customers.served();
				returned.served();
				Shop.WALK.to(Phase.STOP_DUAL_WRITE, first, second);
				returned.stopAndCompare(this.plain, "price");
			}
			assertThat(count("price IS DISTINCT FROM round(price_decimal * 100)::int")).isZero();
			Shop.WALK.to(Phase.CONTRACT, first, second);
			customers.served();
			customers.stopAndCompare(this.plain, FROM_NEW);
		}
		assertThat(count("id <= 5000 AND price_decimal = id / 100.0")).isEqualTo(5_000);
		assertThat(columns()).containsExactly("id", "name", "price_decimal");
		assertThat(indexes("price_decimal")).containsExactly("products_by_price");
		assertThat(this.plain.queryForObject(
				"SELECT col_description('products'::regclass, attnum) FROM pg_attribute "
						+ "WHERE attrelid = 'products'::regclass AND attname = 'price_decimal' AND attnotnull",
				String.class))
			.isEqualTo("what it costs");
	}

	@Test
	void goesOnAfterAKillInTheBackfillAndAfterOneInTheRefill() throws Exception {
		int rows = 20_000;
		seed(rows);
		try (Customers legacy = new Customers().previousRelease(this.plain)) {
			kill("switch-reads", "price_decimal", rows);
			try (ConfigurableApplicationContext next = Shop.open(this.database.url(), phase("stop-dual-write"),
					"expand-contract.lease-duration=2s")) {
				ChangeWalk.await(() -> Shop.WALK.phase(next) == Phase.STOP_DUAL_WRITE,
						() -> String.valueOf(Shop.WALK.status(next)));
				legacy.stopAndCompare(this.plain, "price");
				Shop.WALK.to(Phase.CONTRACT, next);
			}
		}
		this.plain.update("UPDATE expand_contract.change SET override = NULL");
		kill("backfill", "price", rows);
		try (ConfigurableApplicationContext next = Shop.open(this.database.url(), phase("backfill"),
				"expand-contract.lease-duration=2s"); Customers customers = new Customers().at(NewTill.of(next))) {
			ChangeWalk.await(() -> Shop.WALK.phase(next) == Phase.BACKFILL,
					() -> String.valueOf(Shop.WALK.status(next)));
			customers.served();
			customers.stopAndCompare(this.plain, "price");
		}
		assertThat(count("price IS NULL OR price IS DISTINCT FROM round(price_decimal * 100)::int")).isZero();
		assertThat(count("id <= " + rows + " AND price = id")).isEqualTo(rows);
	}

	/**
	 * Kills an instance when the column is filled in part.
	 */
	private void kill(String target, String column, int rows) throws Exception {
		Process process = ChildJvm.start(Shop.class, new File("target/killed-shop.log"), this.database.url(),
				phase(target) + ",expand-contract.lease-duration=2s,expand-contract.backfill.batch-size=20,"
						+ "expand-contract.backfill.max-batch-size=20");
		try {
			ChangeWalk.await(() -> columns().contains(column) && filled(column, rows) > rows / 20,
					() -> "nothing is filled: " + columns());
		}
		finally {
			ChildJvm.kill(process);
		}
		assertThat(filled(column, rows)).isLessThan(rows);
	}

	private static String phase(String phase) {
		return "expand-contract.changes." + Shop.WALK.change() + ".phase=" + phase;
	}

	private long filled(String column, int rows) {
		return count("id <= " + rows + " AND " + column + " IS NOT NULL");
	}

	private long count(String condition) {
		return Objects
			.requireNonNull(this.plain.queryForObject("SELECT count(*) FROM products WHERE " + condition, Long.class));
	}

	private List<String> columns() {
		return this.plain.queryForList("SELECT attname FROM pg_attribute WHERE attrelid = 'products'::regclass "
				+ "AND attnum > 0 AND NOT attisdropped ORDER BY 1", String.class);
	}

	private List<String> indexes(String column) {
		return this.plain.queryForList("SELECT indexrelid::regclass::text FROM pg_index JOIN pg_attribute "
				+ "ON attrelid = indrelid AND attnum = ANY (indkey::int2[]) WHERE attrelid = 'products'::regclass "
				+ "AND attname = ?", String.class, column);
	}

}
