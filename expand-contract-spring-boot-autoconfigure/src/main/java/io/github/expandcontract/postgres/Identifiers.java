package io.github.expandcontract.postgres;

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
	 * Folds a name that was written without quotes. Only ASCII letters fold, as in a
	 * database whose encoding is UTF-8.
	 * @param name a name as it stands in SQL
	 * @return the name as the catalog spells it
	 */
	public static String fold(String name) {
		StringBuilder folded = new StringBuilder(name);
		for (int i = 0; i < name.length(); i++) {
			char character = name.charAt(i);
			if (character >= 'A' && character <= 'Z') {
				folded.setCharAt(i, (char) (character + ('a' - 'A')));
			}
		}
		return folded.toString();
	}

}
