package io.github.expandcontract.benchmark;

/**
 * The statements of a repository.
 *
 * @param insert inserts a row
 * @param update writes the handle of a row by its key
 * @param select reads a row by its key
 * @param both whether the handle is written to two columns, and so is a parameter twice
 */
record UserTexts(String insert, String update, String select, boolean both) {

	/**
	 * As they are written once, against the final schema.
	 */
	static final UserTexts FINAL = new UserTexts("INSERT INTO benchmark_users (handle, email) VALUES (?, ?)",
			"UPDATE benchmark_users SET handle = ?, email = ? WHERE id = ?",
			"SELECT id, handle, email FROM benchmark_users WHERE id = ?", false);

	/**
	 * As one would write them by hand while both columns are written and the old one is
	 * read where the new one is empty.
	 */
	static final UserTexts DUAL_WRITE = new UserTexts(
			"INSERT INTO benchmark_users (handle, username, email) VALUES (?, ?, ?)",
			"UPDATE benchmark_users SET handle = ?, username = ?, email = ? WHERE id = ?",
			"SELECT id, COALESCE(handle, username) AS handle, email FROM benchmark_users WHERE id = ?", true);

	/**
	 * As one would write them by hand while both columns are written and the new one is
	 * read.
	 */
	static final UserTexts SWITCH_READS = new UserTexts(DUAL_WRITE.insert(), DUAL_WRITE.update(), FINAL.select(), true);

}
