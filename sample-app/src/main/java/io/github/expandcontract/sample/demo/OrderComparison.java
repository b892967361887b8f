package io.github.expandcontract.sample.demo;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Compares every order of the database with what the traffic wrote, or with its seed
 * where the traffic never came. Where both prices are there, each must be right.
 */
final class OrderComparison {

	private final OrderLedger ledger;

	private final List<String> differences = new ArrayList<>();

	private final BitSet found = new BitSet();

	private long rows;

	private long mismatches;

	/**
	 * Creates a comparison.
	 * @param ledger what must be there, no longer written to
	 */
	OrderComparison(OrderLedger ledger) {
		this.ledger = ledger;
	}

	/**
	 * Reads the whole table.
	 * @param connection where to read, its auto-commit mode is turned off
	 * @return what was found
	 * @throws SQLException if the table cannot be read
	 */
	Compared run(Connection connection) throws SQLException {
		Set<String> columns = DemoDatabase.columns(connection, "orders", DemoDatabase.ORDER_COLUMNS);
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.setFetchSize(5_000);
			try (ResultSet row = statement
				.executeQuery("SELECT id, customer, quantity, " + String.join(", ", columns) + " FROM orders")) {
				while (row.next()) {
					compare(row, columns);
				}
			}
		}
		connection.commit();
		findMissing();
		return new Compared("orders", columns, this.rows, this.mismatches, this.differences);
	}

	private void compare(ResultSet row, Set<String> columns) throws SQLException {
		this.rows++;
		long id = row.getLong("id");
		boolean isNew = !this.found.get((int) id);
		this.found.set((int) id);
		String difference = isNew ? difference(row, id, columns) : "the id is there twice";
		if (difference != null) {
			differs("Order " + id + ": " + difference);
		}
	}

	private @Nullable String difference(ResultSet row, long id, Set<String> columns) throws SQLException {
		OrderRow expected = this.ledger.find(id);
		if (expected == null) {
			return "nobody wrote it";
		}
		String shippingMethod = columns.contains("shipping_method") ? row.getString("shipping_method") : null;
		if (columns.contains("shipping_method") && shippingMethod == null) {
			return "its shipping method is null";
		}
		try {
			for (String column : columns) {
				if (!column.equals("shipping_method")) {
					expected.check(new SeenOrder(id, row.getString("customer"), cents(row, column),
							row.getInt("quantity"), shippingMethod), expected.committed());
				}
			}
			return null;
		}
		catch (WrongValueException ex) {
			return ex.getMessage();
		}
	}

	private static int cents(ResultSet row, String column) throws SQLException {
		BigDecimal value = row.getBigDecimal(column);
		if (value == null) {
			throw new WrongValueException("Its " + column + " is null");
		}
		return column.equals("price") ? value.intValueExact() : SeenOrder.cents(value);
	}

	private void findMissing() {
		for (int id = this.found.nextClearBit(1); id <= this.ledger.seeded(); id = this.found.nextClearBit(id + 1)) {
			differs("Order " + id + " is missing; it was seeded");
		}
		for (OrderRow row : this.ledger.rows()) {
			if (row.id() > this.ledger.seeded() && !this.found.get((int) row.id())) {
				differs("Order " + row.id() + " is missing");
			}
		}
	}

	private void differs(String difference) {
		this.mismatches++;
		if (this.differences.size() < Comparison.SHOWN) {
			this.differences.add(difference);
		}
	}

}
