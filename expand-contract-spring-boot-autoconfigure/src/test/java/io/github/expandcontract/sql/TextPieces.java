package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text into words, strings, gaps and characters, by other means than the lexer
 * that it is meant to test. What is not closed goes to the end.
 */
final class TextPieces {

	private final String text;

	private final List<Piece> pieces = new ArrayList<>();

	private int position;

	private TextPieces(String text) {
		this.text = text;
	}

	/**
	 * What a piece is.
	 */
	enum Kind {

		/**
		 * White space and comments, up to the next piece of another kind.
		 */
		GAP,

		/**
		 * A name that is not quoted, or a keyword.
		 */
		WORD,

		/**
		 * A quoted name.
		 */
		QUOTED,

		/**
		 * A string of any form.
		 */
		STRING,

		/**
		 * Digits with what belongs to them.
		 */
		NUMBER,

		/**
		 * A value that is still to become a parameter.
		 */
		MARK,

		/**
		 * A single character.
		 */
		OTHER

	}

	/**
	 * A piece. All pieces together are the text.
	 */
	record Piece(Kind kind, String text) {
	}

	static List<Piece> of(String text) {
		TextPieces pieces = new TextPieces(text);
		while (pieces.position < text.length()) {
			pieces.next();
		}
		return pieces.pieces;
	}

	static String join(List<Piece> pieces) {
		StringBuilder text = new StringBuilder();
		pieces.forEach((piece) -> text.append(piece.text()));
		return text.toString();
	}

	/**
	 * The comments in their order.
	 */
	static List<String> comments(String text) {
		List<String> comments = new ArrayList<>();
		for (Piece piece : of(text)) {
			if (piece.kind() == Kind.GAP) {
				TextPieces gap = new TextPieces(piece.text());
				while (gap.position < piece.text().length()) {
					int start = gap.position;
					if (gap.comment()) {
						comments.add(piece.text().substring(start, gap.position).strip());
					}
					else {
						gap.position++;
					}
				}
			}
		}
		return comments;
	}

	private boolean at(String part) {
		return this.text.regionMatches(true, this.position, part, 0, part.length());
	}

	private void next() {
		int start = this.position;
		char first = this.text.charAt(start);
		Kind kind;
		if (gap()) {
			kind = Kind.GAP;
		}
		else if (first == '\u0001') {
			closed('\u0002', start + 1, false);
			kind = Kind.MARK;
		}
		else if (first == '\'' || at("e'") || at("u&'") || at("b'") || at("x'") || at("n'")) {
			closed('\'', this.text.indexOf('\'', start) + 1, at("e'"));
			kind = Kind.STRING;
		}
		else if (first == '"' || at("u&\"")) {
			closed('"', this.text.indexOf('"', start) + 1, false);
			kind = Kind.QUOTED;
		}
		else if (dollarQuoted()) {
			kind = Kind.STRING;
		}
		else if (Character.isDigit(first)) {
			while (this.position < this.text.length()
					&& (Character.isLetterOrDigit(this.text.charAt(this.position)) || at("."))) {
				this.position++;
			}
			kind = Kind.NUMBER;
		}
		else if (isNamePart(first) && first != '$') {
			while (this.position < this.text.length() && isNamePart(this.text.charAt(this.position))) {
				this.position++;
			}
			kind = Kind.WORD;
		}
		else {
			this.position++;
			kind = Kind.OTHER;
		}
		this.pieces.add(new Piece(kind, this.text.substring(start, this.position)));
	}

	private static boolean isNamePart(char character) {
		return Character.isLetterOrDigit(character) || character == '_' || character == '$' || character >= 0x80;
	}

	private boolean gap() {
		int start = this.position;
		while (this.position < this.text.length()) {
			if (" \t\n\r\f\u000b".indexOf(this.text.charAt(this.position)) >= 0) {
				this.position++;
			}
			else if (!comment()) {
				break;
			}
		}
		return this.position > start;
	}

	private boolean comment() {
		if (at("--")) {
			while (this.position < this.text.length() && "\n\r".indexOf(this.text.charAt(this.position)) < 0) {
				this.position++;
			}
			return true;
		}
		if (!at("/*")) {
			return false;
		}
		int depth = 0;
		while (this.position < this.text.length()) {
			int step = 1;
			if (at("/*")) {
				depth++;
				step = 2;
			}
			else if (at("*/")) {
				depth--;
				step = 2;
			}
			this.position += step;
			if (depth == 0) {
				break;
			}
		}
		return true;
	}

	private void closed(char quote, int from, boolean backslashes) {
		int i = from;
		while (i < this.text.length()) {
			char character = this.text.charAt(i);
			if (character == quote && i + 1 < this.text.length() && this.text.charAt(i + 1) == quote
					&& quote != '\u0002') {
				i += 2;
			}
			else if (character == quote) {
				i++;
				break;
			}
			else {
				i += (backslashes && character == '\\') ? 2 : 1;
			}
		}
		this.position = Math.min(i, this.text.length());
	}

	private boolean dollarQuoted() {
		if (!at("$")) {
			return false;
		}
		int end = this.position + 1;
		while (end < this.text.length() && isNamePart(this.text.charAt(end)) && this.text.charAt(end) != '$') {
			end++;
		}
		boolean quote = end < this.text.length() && this.text.charAt(end) == '$'
				&& !Character.isDigit(this.text.charAt(this.position + 1));
		if (!quote) {
			return false;
		}
		String tag = this.text.substring(this.position, end + 1);
		int close = this.text.indexOf(tag, end + 1);
		this.position = (close < 0) ? this.text.length() : close + tag.length();
		return true;
	}

}
