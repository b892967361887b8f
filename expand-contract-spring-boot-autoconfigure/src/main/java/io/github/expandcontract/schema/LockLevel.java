package io.github.expandcontract.schema;

/**
 * The strongest lock that a step takes on the changing table (manual, chapter 13.3), by
 * what it keeps out.
 */
public enum LockLevel {

	/**
	 * None on the table, or one that keeps out neither readers nor writers.
	 */
	NONE,

	/**
	 * Keeps out other schema changes and VACUUM; readers and writers go on.
	 */
	SHARE_UPDATE_EXCLUSIVE,

	/**
	 * Keeps out writers.
	 */
	SHARE,

	/**
	 * Keeps out writers, and others that want the same.
	 */
	SHARE_ROW_EXCLUSIVE,

	/**
	 * Keeps out everyone, for the moment that a change of the catalog takes.
	 */
	ACCESS_EXCLUSIVE;

	/**
	 * Whether nobody can write while it is held.
	 * @return whether it keeps out writers
	 */
	public boolean keepsWritersOut() {
		return compareTo(SHARE) >= 0;
	}

}
