package io.github.expandcontract.postgres;

import java.util.Locale;

/**
 * Names as PostgreSQL's lexer treats them (manual, chapter 4.1.1).
 */
public final class Identifiers {

	private Identifiers() {
	}

	/**
	 * Quotes a name so that it stands for itself in SQL.
	 * @param name a name as the catalog spells it
	 * @return the name in double quotes
	 */
	public static String quote(String name) {
		return '"' + name.replace("\"", "\"\"") + '"';
	}

	/**
	 * Folds a name that was written without quotes.
	 * @param name a name as it stands in SQL
	 * @return the name as the catalog spells it
	 */
	public static String fold(String name) {
		return name.toLowerCase(Locale.ROOT);
	}

}
