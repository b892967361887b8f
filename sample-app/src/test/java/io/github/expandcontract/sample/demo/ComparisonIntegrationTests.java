package io.github.expandcontract.sample.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ComparisonIntegrationTests {

	private static final Seed SEED = new Seed(1000);

	private static DemoDatabase database;

	private final Ledger ledger = new Ledger(SEED);

	@BeforeAll
	static void start() throws SQLException {
		database = DemoDatabase.start(new DemoOptions(4000, Duration.ZERO, Duration.ZERO, Duration.ZERO, 1, 1,
				Path.of("unused"), null, "postgres", ""));
		database.seed(SEED);
	}

	@AfterAll
	static void stop() {
		database.close();
	}

	@BeforeEach
	void reset() throws SQLException {
		execute("TRUNCATE users");
		execute(SEED.sql());
		execute("TRUNCATE orders");
		execute(SEED.orderSql());
	}

	@Test
	void findsNoDifferenceInSeededRows() throws SQLException {
		Compared comparison = compare();
		assertThat(comparison.rows()).isEqualTo(1000);
		assertThat(comparison.mismatches()).isZero();
		assertThat(comparison.columns()).containsExactly("username");
	}

	@Test
	void findsNoDifferenceInWhatTheTrafficWrote() throws SQLException {
		LedgerRow row = this.ledger.seeded(7);
		execute("UPDATE users SET username = '" + row.handle().issue() + "' WHERE id = 7");
		row.handle().commit();
		LedgerRow deleted = this.ledger.seeded(8);
		deleted.beginDelete();
		execute("DELETE FROM users WHERE id = 8");
		deleted.endDelete();
		assertThat(compare().mismatches()).isZero();
	}

	@Test
	void findsAWriteThatTheDatabaseLost() throws SQLException {
		LedgerRow row = this.ledger.seeded(7);
		row.handle().issue();
		row.handle().commit();
		assertDiffers("Row 7, column username");
	}

	@Test
	void findsAValueThatNobodyWrote() throws SQLException {
		execute("UPDATE users SET email = 'x' WHERE id = 999");
		assertDiffers("Row 999");
	}

	@Test
	void findsARowThatNobodyWrote() throws SQLException {
		execute("INSERT INTO users (id, username, email) VALUES (5000, 'x', 'x')");
		assertDiffers("which nobody wrote");
	}

	@Test
	void findsASeededRowThatIsMissing() throws SQLException {
		execute("DELETE FROM users WHERE id = 1000");
		assertDiffers("Row 1000 is missing");
	}

	@Test
	void findsACreatedRowThatIsMissing() throws SQLException {
		this.ledger.announce("client-0-0");
		this.ledger.created("client-0-0", new Seen(1001, "client-0-0", "client-0-0@example.org", 0));
		assertDiffers("Row 1001 is missing");
	}

	@Test
	void findsADeletedRowThatIsStillThere() throws SQLException {
		LedgerRow row = this.ledger.seeded(7);
		row.beginDelete();
		row.endDelete();
		assertDiffers("it was deleted");
	}

	@Test
	void comparesBothColumnsWhereBothExist() throws SQLException {
		execute("ALTER TABLE users ADD COLUMN handle varchar(100)");
		try {
			execute("UPDATE users SET handle = username WHERE id <> 7");
			assertDiffers("Row 7");
			execute("UPDATE users SET handle = 'user-8' WHERE id = 7");
			assertDiffers("Row 7");
			execute("UPDATE users SET handle = username");
			Compared comparison = compare();
			assertThat(comparison.mismatches()).isZero();
			assertThat(comparison.columns()).containsExactlyInAnyOrder("username", "handle");
		}
		finally {
			execute("ALTER TABLE users DROP COLUMN handle");
		}
	}

	@Test
	void findsNoDifferenceInSeededOrders() throws SQLException {
		Compared comparison = compareOrders();
		assertThat(comparison.differences()).isEmpty();
		assertThat(comparison.rows()).isEqualTo(SEED.orders()).isEqualTo(200);
		assertThat(comparison.columns()).containsExactly("price");
	}

	@Test
	void findsNoDifferenceInAPriceThatTheTrafficWrote() throws SQLException {
		OrderRow row = this.ledger.orders().seeded(7);
		execute("UPDATE orders SET price = " + row.issue() + " WHERE id = 7");
		row.commit();
		assertThat(compareOrders().differences()).isEmpty();
	}

	@Test
	void findsAPriceThatTheDatabaseLost() throws SQLException {
		OrderRow row = this.ledger.orders().seeded(7);
		row.issue();
		row.commit();
		assertOrderDiffers("Order 7: ");
	}

	@Test
	void findsAPriceThatNobodyWrote() throws SQLException {
		execute("UPDATE orders SET price = price + 1 WHERE id = 200");
		assertOrderDiffers("Order 200: ");
	}

	@Test
	void findsAnOrderThatNobodyWrote() throws SQLException {
		execute("INSERT INTO orders (id, customer, price, quantity) VALUES (5000, 'x', 1, 1)");
		assertOrderDiffers("nobody wrote it");
	}

	@Test
	void findsOrdersThatAreMissing() throws SQLException {
		execute("DELETE FROM orders WHERE id = 200");
		assertOrderDiffers("Order 200 is missing");
		execute("INSERT INTO orders (id, customer, price, quantity) OVERRIDING SYSTEM VALUE "
				+ "SELECT 200, customer, price + 1, quantity FROM orders WHERE id = 199");
		assertOrderDiffers("Order 200: ");
	}

	@Test
	void findsACreatedOrderThatIsMissing() throws SQLException {
		this.ledger.orders().created(new SeenOrder(201, "client-0", 995, 1, "standard"));
		assertOrderDiffers("Order 201 is missing");
	}

	@Test
	void comparesBothPricesAndTheShippingMethodWhereTheyAreThere() throws SQLException {
		execute("ALTER TABLE orders ADD COLUMN price_decimal numeric(10,2), ADD COLUMN shipping_method text");
		try {
			execute("UPDATE orders SET price_decimal = price / 100.0, shipping_method = "
					+ "CASE WHEN quantity > 10 THEN 'freight' ELSE 'standard' END");
			Compared comparison = compareOrders();
			assertThat(comparison.differences()).isEmpty();
			assertThat(comparison.columns()).containsExactly("price", "price_decimal", "shipping_method");
			execute("UPDATE orders SET price_decimal = price_decimal + 1.25 WHERE id = 7");
			assertOrderDiffers("Order 7: ");
			execute("UPDATE orders SET price_decimal = NULL WHERE id = 7");
			assertOrderDiffers("price_decimal is null");
			execute("UPDATE orders SET price_decimal = price / 100.0, shipping_method = 'drone' WHERE id = 7");
			assertOrderDiffers("drone");
			execute("UPDATE orders SET shipping_method = NULL WHERE id = 7");
			assertOrderDiffers("its shipping method is null");
		}
		finally {
			execute("ALTER TABLE orders DROP COLUMN price_decimal, DROP COLUMN shipping_method");
		}
	}

	private void assertDiffers(String difference) throws SQLException {
		Compared comparison = compare();
		assertThat(comparison.mismatches()).isEqualTo(1);
		assertThat(comparison.differences()).singleElement().asString().contains(difference);
	}

	private Compared compare() throws SQLException {
		try (Connection connection = database.connect()) {
			return new Comparison(this.ledger).run(connection);
		}
	}

	private void assertOrderDiffers(String difference) throws SQLException {
		Compared comparison = compareOrders();
		assertThat(comparison.mismatches()).isEqualTo(1);
		assertThat(comparison.differences()).singleElement().asString().contains(difference);
	}

	private Compared compareOrders() throws SQLException {
		try (Connection connection = database.connect()) {
			return new OrderComparison(this.ledger.orders()).run(connection);
		}
	}

	private static void execute(String sql) throws SQLException {
		try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
