package io.github.expandcontract.jdbc;

import io.github.expandcontract.postgres.LiteralMask;

/**
 * Statements as they are shown in messages.
 */
final class StatementExcerpt {

	private static final int BEFORE = 60;

	private static final int AFTER = 60;

	private static final int LONGEST = 1000;

	private static final int LONGEST_MASKED = 16 * 1024;

	private StatementExcerpt() {
	}

	/**
	 * Shortens a text.
	 * @param sql the text
	 * @return at most its first 1,000 characters
	 */
	static String shorten(String sql) {
		return (sql.length() > LONGEST) ? sql.substring(0, LONGEST) + " ..." : sql;
	}

	/**
	 * Shortens a text, without the values in it.
	 * @param sql the text
	 * @return at most its first 1,000 characters, without literals and comments
	 */
	static String anonymous(String sql) {
		return shorten(LiteralMask.mask(sql.substring(0, Math.min(sql.length(), LONGEST_MASKED))));
	}

	/**
	 * The surroundings of a position with a caret below it.
	 * @param sql the text
	 * @param position the position, counted from 0
	 * @return two lines
	 */
	static String around(String sql, int position) {
		int at = Math.max(0, Math.min(position, sql.length()));
		int from = Math.max(0, at - BEFORE);
		int to = Math.min(sql.length(), at + AFTER);
		String lead = (from > 0) ? "... " : "";
		String trail = (to < sql.length()) ? " ..." : "";
		String line = lead + sql.substring(from, to).replaceAll("\\s", " ") + trail;
		return line + "\n" + " ".repeat(lead.length() + at - from) + "^";
	}

}
