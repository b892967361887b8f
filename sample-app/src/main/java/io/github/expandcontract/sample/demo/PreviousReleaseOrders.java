package io.github.expandcontract.sample.demo;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import javax.sql.DataSource;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Orders in the release before, which has prices in cents and has never heard of a
 * shipping method.
 */
final class PreviousReleaseOrders implements OrderRelease {

	private static final String COLUMNS = "id, customer, price, quantity";

	private final JdbcClient jdbc;

	PreviousReleaseOrders(DataSource pool) {
		this.jdbc = JdbcClient.create(pool);
	}

	@Override
	public String shippingMethod(int quantity) {
		return Seed.shippingMethod(quantity);
	}

	@Override
	public SeenOrder create(String customer, int cents, int quantity) {
		return this.jdbc.sql("INSERT INTO orders (customer, price, quantity) VALUES (?, ?, ?) RETURNING " + COLUMNS)
			.params(customer, cents, quantity)
			.query(PreviousReleaseOrders::map)
			.single();
	}

	@Override
	public Optional<SeenOrder> findById(long id) {
		return this.jdbc.sql("SELECT " + COLUMNS + " FROM orders WHERE id = ?")
			.param(id)
			.query(PreviousReleaseOrders::map)
			.optional();
	}

	@Override
	public List<SeenOrder> page(long after, int size) {
		return this.jdbc.sql("SELECT " + COLUMNS + " FROM orders WHERE id > ? ORDER BY id LIMIT ?")
			.params(after, size)
			.query(PreviousReleaseOrders::map)
			.list();
	}

	@Override
	public boolean setPrice(long id, int cents) {
		return this.jdbc.sql("UPDATE orders SET price = ? WHERE id = ?").params(cents, id).update() == 1;
	}

	private static SeenOrder map(ResultSet row, int number) throws SQLException {
		int cents = row.getInt("price");
		if (row.wasNull()) {
			throw new WrongValueException("The price of order " + row.getLong("id") + " is null");
		}
		return new SeenOrder(row.getLong("id"), row.getString("customer"), cents, row.getInt("quantity"), null);
	}

}
