package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A random statement against the final schema.
 *
 * @param seed what it was generated from
 * @param sql its text
 * @param parameters the values of its parameters
 * @param writes whether it writes
 * @param ordered whether its ORDER BY settles the order of all rows
 */
record GeneratedSql(long seed, String sql, List<@Nullable String> parameters, boolean writes, boolean ordered) {

	private static final Pattern PARAMETER = Pattern.compile("\u0001([^\u0002]*)\u0002");

	private static final String NULL = "\u0003";

	/**
	 * Marks a value that becomes a parameter when the text is complete.
	 */
	static String parameter(@Nullable String value) {
		return '\u0001' + ((value != null) ? value : NULL) + '\u0002';
	}

	static GeneratedSql of(long seed, String marked, boolean writes, boolean ordered) {
		List<@Nullable String> parameters = new ArrayList<>();
		Matcher matcher = PARAMETER.matcher(marked);
		while (matcher.find()) {
			parameters.add(matcher.group(1).equals(NULL) ? null : matcher.group(1));
		}
		return new GeneratedSql(seed, matcher.reset().replaceAll("?"), parameters, writes, ordered);
	}

}
