package io.github.expandcontract.sample.demo;

/**
 * What the seeded rows hold: ids from 1 without gaps, and values that follow from the id.
 *
 * @param rows the number of users; there is an order for every fifth
 */
record Seed(int rows) {

	static final String EMAIL_SUFFIX = "@example.org";

	private static final String HANDLE_PREFIX = "user-";

	String handle(long id) {
		return HANDLE_PREFIX + id;
	}

	String email(long id) {
		return handle(id) + EMAIL_SUFFIX;
	}

	boolean contains(long id) {
		return id >= 1 && id <= this.rows;
	}

	int orders() {
		return this.rows / 5;
	}

	SeenOrder order(long id) {
		int quantity = (int) (1 + id % 20);
		return new SeenOrder(id, handle(id), (int) (99 + id % 10_007), quantity, shippingMethod(quantity));
	}

	/**
	 * How orders are shipped whose writer did not say, as the sample application declares
	 * it.
	 * @param quantity how many pieces an order has
	 * @return the method
	 */
	static String shippingMethod(int quantity) {
		return (quantity > 10) ? "freight" : "standard";
	}

	/**
	 * The statement that makes the orders in the old schema.
	 * @return SQL
	 */
	String orderSql() {
		return """
				INSERT INTO orders (id, customer, price, quantity)
				SELECT id, '%s' || id, 99 + id %% 10007, 1 + id %% 20
				FROM generate_series(1, %d) AS id
				""".formatted(HANDLE_PREFIX, orders());
	}

	/**
	 * The statement that makes the users in the old schema.
	 * @return SQL
	 */
	String sql() {
		return """
				INSERT INTO users (id, username, email, created_at)
				SELECT id, '%1$s' || id, '%1$s' || id || '%2$s', timestamptz '2020-01-01 00:00:00Z' + id * interval '1 second'
				FROM generate_series(1, %3$d) AS id
				"""
			.formatted(HANDLE_PREFIX, EMAIL_SUFFIX, this.rows);
	}

}
