package io.github.expandcontract.change;

/**
 * When a constraint is checked.
 */
public enum ConstraintTiming {

	/**
	 * With every statement.
	 */
	IMMEDIATE(""),

	/**
	 * With every statement, unless a transaction asks for its end.
	 */
	DEFERRABLE(" DEFERRABLE INITIALLY IMMEDIATE"),

	/**
	 * At the end of the transaction.
	 */
	DEFERRED(" DEFERRABLE INITIALLY DEFERRED");

	private final String sql;

	ConstraintTiming(String sql) {
		this.sql = sql;
	}

	/**
	 * How the definition of a constraint ends.
	 * @return the words with a blank before them, or nothing
	 */
	public String sql() {
		return this.sql;
	}

}
