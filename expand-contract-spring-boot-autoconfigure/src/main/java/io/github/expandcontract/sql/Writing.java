package io.github.expandcontract.sql;

/**
 * Which columns a statement writes.
 */
public enum Writing {

	/**
	 * The old column alone.
	 */
	OLD,

	/**
	 * Both, in one statement.
	 */
	BOTH,

	/**
	 * The new column alone.
	 */
	NEW

}
