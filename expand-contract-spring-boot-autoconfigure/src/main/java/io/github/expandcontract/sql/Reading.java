package io.github.expandcontract.sql;

/**
 * Where a reference to the new column is read from.
 */
public enum Reading {

	/**
	 * {@code up(old)}.
	 */
	OLD,

	/**
	 * {@code COALESCE(new, up(old))}.
	 */
	FALLBACK,

	/**
	 * The new column.
	 */
	NEW

}
