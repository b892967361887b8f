package io.github.expandcontract.schema;

/**
 * Which of the two columns of a change are there, by the catalog.
 */
public enum Situation {

	/**
	 * Nothing was done yet, or everything taken back.
	 */
	OLD_ONLY,

	/**
	 * The change is under way.
	 */
	BOTH,

	/**
	 * The change is through.
	 */
	NEW_ONLY,

	/**
	 * Neither column exists, or the table does not.
	 */
	NEITHER

}
