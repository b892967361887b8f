package io.github.expandcontract.sql;

/**
 * What a token is.
 */
enum TokenKind {

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

	NUMBER,

	/**
	 * JDBC's {@code ?}.
	 */
	PARAMETER,

	/**
	 * PostgreSQL's own {@code $1}.
	 */
	NUMBERED_PARAMETER,

	OPERATOR,

	/**
	 * A {@code *} that stands alone, be it an operator or all columns.
	 */
	STAR,

	DOT, COMMA, SEMICOLON, COLON,

	/**
	 * The cast {@code ::}.
	 */
	CAST,

	/**
	 * {@code =>} or {@code :=} between an argument's name and its value.
	 */
	ARROW,

	OPEN, CLOSE, OPEN_BRACKET, CLOSE_BRACKET,

	/**
	 * The begin of a JDBC escape with its key word, such as <code>{fn</code>.
	 */
	OPEN_BRACE,

	CLOSE_BRACE,

	/**
	 * The end of the text.
	 */
	END

}
