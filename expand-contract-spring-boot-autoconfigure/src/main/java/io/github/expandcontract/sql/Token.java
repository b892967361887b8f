package io.github.expandcontract.sql;

/**
 * A piece of a statement's text that is neither white space nor comment.
 *
 * @param kind what it is
 * @param start offset of its first character
 * @param end offset after its last character
 * @param name for names and key words, the name as the catalog would spell it; else empty
 */
record Token(TokenKind kind, int start, int end, String name) {

	boolean is(TokenKind other) {
		return this.kind == other;
	}

	/**
	 * Whether it is a key word, which a quoted name never is.
	 */
	boolean is(String keyword) {
		return this.kind == TokenKind.WORD && this.name.equals(keyword);
	}

	boolean isName() {
		return this.kind == TokenKind.WORD || this.kind == TokenKind.QUOTED;
	}

}
