package io.github.expandcontract.postgres;

/**
 * A piece of a statement's text that is neither white space nor comment.
 *
 * @param kind what it is
 * @param start offset of its first character
 * @param end offset after its last character
 * @param name for names and key words, the name as the catalog would spell it; else empty
 */
public record Token(TokenKind kind, int start, int end, String name) {

	/**
	 * Whether it is of a kind.
	 * @param other the kind
	 * @return whether it is
	 */
	public boolean is(TokenKind other) {
		return this.kind == other;
	}

	/**
	 * Whether it is a key word, which a quoted name never is.
	 * @param keyword the key word in lower case
	 * @return whether it is
	 */
	public boolean is(String keyword) {
		return this.kind == TokenKind.WORD && this.name.equals(keyword);
	}

	/**
	 * Whether it may be a name, quoted or not.
	 * @return whether it may
	 */
	public boolean isName() {
		return this.kind == TokenKind.WORD || this.kind == TokenKind.QUOTED;
	}

}
