package io.github.expandcontract.sample.demo;

/**
 * What the seeded rows hold: ids from 1 without gaps, and values that follow from the id.
 *
 * @param rows the number of rows
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

	/**
	 * The statement that makes the rows in the old schema.
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
