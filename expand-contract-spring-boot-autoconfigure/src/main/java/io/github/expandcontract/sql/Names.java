package io.github.expandcontract.sql;

import java.util.regex.Pattern;

import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;

/**
 * Names as they are written in statements.
 */
final class Names {

	private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_$]*");

	private Names() {
	}

	/**
	 * Writes a name, in quotes only where it needs them.
	 */
	static String write(String name) {
		return (PLAIN.matcher(name).matches() && !Keywords.needQuotes(name)) ? name : Identifiers.quote(name);
	}

	/**
	 * Writes a name in the manner of the text that it replaces.
	 */
	static String writeLike(String name, Token replaced) {
		return replaced.is(TokenKind.QUOTED) ? Identifiers.quote(name) : write(name);
	}

}
