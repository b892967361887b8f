package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.postgres.Identifiers;

/**
 * A random statement against the final schema.
 *
 * @param seed what it was generated from
 * @param sql its text
 * @param parameters the values of its parameters
 * @param writes whether it writes
 * @param ordered whether its ORDER BY settles the order of all rows
 * @param varies whether it writes values that are others each time
 * @param keys the columns that the driver is asked to return
 * @param mutated whether it was damaged, so that it may well be no statement
 */
record GeneratedSql(long seed, String sql, List<@Nullable String> parameters, boolean writes, boolean ordered,
		boolean varies, GeneratedKeys keys, boolean mutated) {

	private static final Pattern PARAMETER = Pattern.compile("\u0001([^\u0002]*)\u0002");

	private static final String NULL = "\u0003";

	/**
	 * Marks a value that becomes a parameter when the text is complete.
	 */
	static String parameter(@Nullable String value) {
		return '\u0001' + ((value != null) ? value : NULL) + '\u0002';
	}

	/**
	 * The value of a mark.
	 */
	static @Nullable String valueOf(String mark) {
		String value = mark.substring(1, mark.length() - 1);
		return value.equals(NULL) ? null : value;
	}

	static GeneratedSql of(long seed, String marked, boolean writes, boolean ordered, boolean varies,
			GeneratedKeys keys, boolean mutated) {
		List<@Nullable String> parameters = new ArrayList<>();
		// A word behind a parameter's number would not be apart from it.
		Matcher matcher = PARAMETER.matcher(marked.replaceAll("\u0002(?=\\w)", "\u0002 "));
		while (matcher.find()) {
			parameters.add(valueOf(matcher.group()));
		}
		return new GeneratedSql(seed, matcher.reset().replaceAll("?"), parameters, writes, ordered, varies, keys,
				mutated);
	}

	/**
	 * What keeps the columns in step while the statement runs.
	 */
	SyncMode sync() {
		return syncOf(this.seed);
	}

	static SyncMode syncOf(long seed) {
		long turn = Math.floorMod(seed, 8L);
		return (turn < 5) ? SyncMode.BOTH : (turn < 7) ? SyncMode.APPLICATION : SyncMode.TRIGGER;
	}

	/**
	 * The text as the driver sends it: with a RETURNING clause for the keys that are
	 * asked for, unless rewriting has written one.
	 */
	String sent(Rewriting rewriting) {
		if (rewriting instanceof Rewriting.Rewritten rewritten) {
			return rewritten.returnsKeys() ? rewritten.sql() : withKeys(rewritten.sql());
		}
		return withKeys(this.sql);
	}

	/**
	 * The values of the parameters as the driver sends them.
	 */
	List<@Nullable String> sentParameters(Rewriting rewriting) {
		if (!(rewriting instanceof Rewriting.Rewritten rewritten)) {
			return this.parameters;
		}
		List<@Nullable String> sent = new ArrayList<>();
		for (int i = 1; i <= rewritten.parameters().physicalCount(); i++) {
			sent.add(this.parameters.get(rewritten.parameters().original(i) - 1));
		}
		return sent;
	}

	private String withKeys(String text) {
		if (this.keys instanceof GeneratedKeys.All) {
			return text + "\nRETURNING *";
		}
		return (this.keys instanceof GeneratedKeys.Named named) ? text + "\nRETURNING "
				+ named.columns().stream().map(Identifiers::quote).collect(Collectors.joining(", ")) : text;
	}

}
