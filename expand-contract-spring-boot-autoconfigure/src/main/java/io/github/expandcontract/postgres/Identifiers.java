package io.github.expandcontract.postgres;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names as PostgreSQL's lexer treats them (manual, chapter 4.1.1).
 */
public final class Identifiers {

	private static final String ESCAPED = "(?:(%1$s)|\\+([0-9a-fA-F]{6})|([0-9a-fA-F]{4}))";

	private static final int MAX_BYTES = 63;

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
	 * database whose encoding is UTF-8, and what is too long is cut off.
	 * @param written a name as it stands in SQL
	 * @return the name as the catalog spells it
	 */
	public static String fold(String written) {
		StringBuilder folded = null;
		for (int i = 0; i < written.length(); i++) {
			char character = written.charAt(i);
			if (character >= 'A' && character <= 'Z') {
				folded = (folded != null) ? folded : new StringBuilder(written);
				folded.setCharAt(i, (char) (character + ('a' - 'A')));
			}
		}
		return truncate((folded != null) ? folded.toString() : written);
	}

	/**
	 * Cuts a name where PostgreSQL does, which never splits a character.
	 */
	static String truncate(String name) {
		if (name.length() * 3 <= MAX_BYTES) {
			return name;
		}
		byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
		if (bytes.length <= MAX_BYTES) {
			return name;
		}
		int end = MAX_BYTES;
		while ((bytes[end] & 0xC0) == 0x80) {
			end--;
		}
		return new String(bytes, 0, end, StandardCharsets.UTF_8);
	}

	/**
	 * Resolves the escapes of a name that was written as {@code U&"..."}.
	 * @param escape the character that begins an escape
	 */
	static String unescape(String written, String escape) {
		String quoted = Pattern.quote(escape);
		Matcher matcher = Pattern.compile(quoted + ESCAPED.formatted(quoted)).matcher(written);
		StringBuilder name = new StringBuilder();
		while (matcher.find()) {
			String digits = (matcher.group(2) != null) ? matcher.group(2) : matcher.group(3);
			String character = (digits != null) ? codePoint(Integer.parseInt(digits, 16)) : escape;
			matcher.appendReplacement(name, Matcher.quoteReplacement(character));
		}
		matcher.appendTail(name);
		return name.toString();
	}

	private static String codePoint(int codePoint) {
		return Character.isValidCodePoint(codePoint) ? Character.toString(codePoint) : "\uFFFD";
	}

}
