package io.github.expandcontract.postgres;

/**
 * Makes a text fit to be shown and counted: literals become {@code ?} and comments go, so
 * that neither a secret nor what differs from call to call is left.
 */
public final class LiteralMask {

	private static final String CUT = "...";

	private LiteralMask() {
	}

	/**
	 * Masks a text.
	 * @param sql the text, which need not be valid
	 * @return the text without values and comments; it ends with {@code ...} where a
	 * string, a quoted name or a comment begins that does not end
	 */
	public static String mask(String sql) {
		try {
			return masked(Lexer.tokens(sql));
		}
		catch (UnterminatedTextException ex) {
			return mask(sql.substring(0, ex.position())) + CUT;
		}
	}

	private static String masked(Tokens tokens) {
		StringBuilder out = new StringBuilder();
		int position = 0;
		for (int i = 0; i < tokens.size(); i++) {
			Token token = tokens.get(i);
			String between = tokens.source().substring(position, token.start());
			out.append(between.isBlank() ? between : " ");
			boolean literal = token.is(TokenKind.STRING) || token.is(TokenKind.NUMBER);
			out.append(literal ? "?" : tokens.text(i));
			position = token.end();
		}
		return out.toString().strip();
	}

}
