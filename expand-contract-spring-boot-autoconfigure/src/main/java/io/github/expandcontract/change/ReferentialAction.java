package io.github.expandcontract.change;

/**
 * What becomes of a row when the row that it refers to is deleted, or gets another key.
 */
public enum ReferentialAction {

	/**
	 * The statement fails, at the end of the transaction where the constraint is
	 * deferred.
	 */
	NO_ACTION("NO ACTION", 'a'),

	/**
	 * The statement fails at once.
	 */
	RESTRICT("RESTRICT", 'r'),

	/**
	 * The row is deleted, or gets the other key.
	 */
	CASCADE("CASCADE", 'c'),

	/**
	 * The row refers to nothing.
	 */
	SET_NULL("SET NULL", 'n'),

	/**
	 * The row gets the defaults of its columns.
	 */
	SET_DEFAULT("SET DEFAULT", 'd');

	private final String sql;

	private final char code;

	ReferentialAction(String sql, char code) {
		this.sql = sql;
		this.code = code;
	}

	/**
	 * The action's name in SQL.
	 * @return such as {@code SET NULL}
	 */
	public String sql() {
		return this.sql;
	}

	/**
	 * The action's letter in {@code pg_constraint}.
	 * @return such as {@code n}
	 */
	public char code() {
		return this.code;
	}

}
