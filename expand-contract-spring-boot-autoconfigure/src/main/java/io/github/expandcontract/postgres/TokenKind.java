package io.github.expandcontract.postgres;

/**
 * What a token is.
 */
public enum TokenKind {

	/**
	 * A key word, or a name without quotes.
	 */
	WORD,

	/**
	 * A name in double quotes.
	 */
	QUOTED,

	/**
	 * A string of any kind: plain, escaped, of bits, or between dollars.
	 */
	STRING,

	/**
	 * A number.
	 */
	NUMBER,

	/**
	 * JDBC's {@code ?}.
	 */
	PARAMETER,

	/**
	 * PostgreSQL's own {@code $1}.
	 */
	NUMBERED_PARAMETER,

	/**
	 * An operator that has no kind of its own, or a character that is none.
	 */
	OPERATOR,

	/**
	 * A {@code *} that stands alone, be it an operator or all columns.
	 */
	STAR,

	/**
	 * A character that separates.
	 */
	DOT, COMMA, SEMICOLON, COLON,

	/**
	 * The cast {@code ::}.
	 */
	CAST,

	/**
	 * {@code =>} or {@code :=} between an argument's name and its value.
	 */
	ARROW,

	/**
	 * A parenthesis or a square bracket.
	 */
	OPEN, CLOSE, OPEN_BRACKET, CLOSE_BRACKET,

	/**
	 * The begin of a JDBC escape with its key word, such as <code>{fn</code>.
	 */
	OPEN_BRACE,

	/**
	 * The end of a JDBC escape.
	 */
	CLOSE_BRACE,

	/**
	 * The end of the text.
	 */
	END

}
