package io.github.expandcontract.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a text into tokens by the rules of PostgreSQL's manual, chapter 4.1, with the
 * parameters and escapes of JDBC as the driver reads them: <code>?</code> is a parameter,
 * <code>??</code> the operator <code>?</code>, and <code>{fn ...}</code> an escape.
 * Strings are read as with {@code standard_conforming_strings} on.
 */
public final class Lexer {

	private static final String OPERATOR_CHARACTERS = "+-*/<>=~!@#%^&|`";

	private static final Set<String> BARE_ESCAPES = Set.of("fn", "d", "t", "ts", "oj");

	private static final Pattern UESCAPE = Pattern.compile("\\s+UESCAPE\\s+'(.)'", Pattern.CASE_INSENSITIVE);

	private final String source;

	private final List<Token> tokens = new ArrayList<>();

	private int position;

	private Lexer(String source) {
		this.source = source;
	}

	/**
	 * Cuts a text.
	 * @param source any text
	 * @return its tokens
	 * @throws UnterminatedTextException if a string, a quoted name or a comment does not
	 * end
	 */
	public static Tokens tokens(String source) {
		Lexer lexer = new Lexer(source);
		lexer.run();
		return new Tokens(source, lexer.tokens);
	}

	private void run() {
		while (this.position < this.source.length()) {
			token();
		}
		add(TokenKind.END, this.position, "");
	}

	private void token() {
		int start = this.position;
		char character = this.source.charAt(start);
		if (isSpace(character)) {
			this.position++;
		}
		else if (character == '-' && at(start + 1) == '-') {
			lineComment();
		}
		else if (character == '/' && at(start + 1) == '*') {
			blockComment();
		}
		else if (character == '\'') {
			string(start, false);
		}
		else if (character == '"') {
			quotedName(start, false);
		}
		else if (isNameStart(character)) {
			word(start, character);
		}
		else if (isDigit(character) || (character == '.' && isDigit(at(start + 1)))) {
			number(start);
		}
		else if (character == '$') {
			dollar(start);
		}
		else if (character == '?' && at(start + 1) != '?') {
			single(TokenKind.PARAMETER);
		}
		else if (character == '?' || OPERATOR_CHARACTERS.indexOf(character) >= 0) {
			operator(start);
		}
		else {
			punctuation(start, character);
		}
	}

	private void punctuation(int start, char character) {
		switch (character) {
			case '(' -> single(TokenKind.OPEN);
			case ')' -> single(TokenKind.CLOSE);
			case '[' -> single(TokenKind.OPEN_BRACKET);
			case ']' -> single(TokenKind.CLOSE_BRACKET);
			case '{' -> brace(start);
			case '}' -> single(TokenKind.CLOSE_BRACE);
			case ',' -> single(TokenKind.COMMA);
			case ';' -> single(TokenKind.SEMICOLON);
			case '.' -> single(TokenKind.DOT);
			case ':' -> colon(start);
			default -> single(TokenKind.OPERATOR);
		}
	}

	private void colon(int start) {
		char next = at(start + 1);
		this.position += (next == ':' || next == '=') ? 2 : 1;
		TokenKind kind = switch (next) {
			case ':' -> TokenKind.CAST;
			case '=' -> TokenKind.ARROW;
			default -> TokenKind.COLON;
		};
		add(kind, start, "");
	}

	private void brace(int start) {
		int begin = start + 1;
		while (isSpace(at(begin))) {
			begin++;
		}
		int end = begin;
		while (isNamePart(at(end))) {
			end++;
		}
		boolean bare = BARE_ESCAPES.contains(Identifiers.fold(this.source.substring(begin, end)));
		this.position = bare ? end : start + 1;
		add(TokenKind.OPEN_BRACE, start, "");
	}

	private void word(int start, char first) {
		char second = at(start + 1);
		if (second == '\'' && "eEbBxXnN".indexOf(first) >= 0) {
			this.position++;
			string(start, first == 'e' || first == 'E');
			return;
		}
		if ((first == 'u' || first == 'U') && second == '&' && at(start + 2) == '\'') {
			this.position += 2;
			string(start, false);
			return;
		}
		if ((first == 'u' || first == 'U') && second == '&' && at(start + 2) == '"') {
			this.position += 2;
			quotedName(start, true);
			return;
		}
		while (isNamePart(at(this.position))) {
			this.position++;
		}
		add(TokenKind.WORD, start, Identifiers.fold(this.source.substring(start, this.position)));
	}

	/**
	 * Reads a string whose opening quote is at the present position.
	 */
	private void string(int start, boolean escapes) {
		this.position++;
		while (true) {
			char character = endChecked(start, "string");
			if (character == '\'' && at(this.position + 1) == '\'') {
				this.position += 2;
			}
			else if (character == '\'') {
				break;
			}
			else {
				this.position += (escapes && character == '\\') ? 2 : 1;
			}
		}
		this.position++;
		add(TokenKind.STRING, start, "");
	}

	private void quotedName(int start, boolean unicode) {
		this.position++;
		StringBuilder name = new StringBuilder();
		while (true) {
			char character = endChecked(start, "quoted name");
			if (character == '"' && at(this.position + 1) != '"') {
				break;
			}
			name.append(character);
			this.position += (character == '"') ? 2 : 1;
		}
		this.position++;
		String spelled = unicode ? Identifiers.unescape(name.toString(), escapeCharacter()) : name.toString();
		add(TokenKind.QUOTED, start, Identifiers.truncate(spelled));
	}

	/**
	 * The character that UESCAPE sets for the name that ends here.
	 */
	private String escapeCharacter() {
		Matcher matcher = UESCAPE.matcher(this.source).region(this.position, this.source.length());
		return matcher.lookingAt() ? matcher.group(1) : "\\";
	}

	private void dollar(int start) {
		if (isDigit(at(start + 1))) {
			this.position++;
			while (isDigit(at(this.position))) {
				this.position++;
			}
			add(TokenKind.NUMBERED_PARAMETER, start, "");
			return;
		}
		int end = start + 1;
		while (isNamePart(at(end)) && at(end) != '$') {
			end++;
		}
		if (at(end) != '$') {
			single(TokenKind.OPERATOR);
			return;
		}
		String tag = this.source.substring(start, end + 1);
		int close = this.source.indexOf(tag, end + 1);
		if (close < 0) {
			throw unterminated(start, "dollar-quoted string");
		}
		this.position = close + tag.length();
		add(TokenKind.STRING, start, "");
	}

	private void number(int start) {
		char first = at(start);
		if (first == '0' && "xXoObB".indexOf(at(start + 1)) >= 0) {
			this.position += 2;
		}
		boolean exponent = false;
		while (true) {
			char character = at(this.position);
			if ((character == '+' || character == '-') && exponent) {
				exponent = false;
			}
			else if (isDigit(character) || character == '_' || (character == '.' && at(this.position + 1) != '.')
					|| isAsciiLetter(character)) {
				exponent = character == 'e' || character == 'E';
			}
			else {
				break;
			}
			this.position++;
		}
		add(TokenKind.NUMBER, start, "");
	}

	private void operator(int start) {
		while (true) {
			char character = at(this.position);
			char next = at(this.position + 1);
			if (character == '?' && next == '?') {
				this.position += 2;
			}
			else if (OPERATOR_CHARACTERS.indexOf(character) >= 0 && character != 0 && !(character == '-' && next == '-')
					&& !(character == '/' && next == '*')) {
				this.position++;
			}
			else {
				break;
			}
		}
		String text = this.source.substring(start, this.position);
		TokenKind kind = switch (text) {
			case "*" -> TokenKind.STAR;
			case "=>" -> TokenKind.ARROW;
			default -> TokenKind.OPERATOR;
		};
		add(kind, start, "");
	}

	private void lineComment() {
		while (this.position < this.source.length() && at(this.position) != '\n' && at(this.position) != '\r') {
			this.position++;
		}
	}

	private void blockComment() {
		int start = this.position;
		int depth = 0;
		do {
			char character = endChecked(start, "comment");
			char next = at(this.position + 1);
			if (character == '/' && next == '*') {
				depth++;
				this.position += 2;
			}
			else if (character == '*' && next == '/') {
				depth--;
				this.position += 2;
			}
			else {
				this.position++;
			}
		}
		while (depth > 0);
	}

	private char endChecked(int start, String what) {
		if (this.position >= this.source.length()) {
			throw unterminated(start, what);
		}
		return this.source.charAt(this.position);
	}

	private static UnterminatedTextException unterminated(int start, String what) {
		return new UnterminatedTextException(start, "The " + what + " that begins here does not end.");
	}

	private void single(TokenKind kind) {
		int start = this.position;
		this.position++;
		add(kind, start, "");
	}

	private void add(TokenKind kind, int start, String name) {
		this.tokens.add(new Token(kind, start, this.position, name));
	}

	private char at(int index) {
		return (index < this.source.length()) ? this.source.charAt(index) : 0;
	}

	private static boolean isSpace(char character) {
		return character == ' ' || (character >= '\t' && character <= '\r');
	}

	private static boolean isDigit(char character) {
		return character >= '0' && character <= '9';
	}

	private static boolean isAsciiLetter(char character) {
		return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
	}

	private static boolean isNameStart(char character) {
		return isAsciiLetter(character) || character == '_' || character >= 0x80;
	}

	/**
	 * Whether a character may stand within a name without quotes.
	 * @param character the character
	 * @return whether it may, at any place but the first
	 */
	public static boolean isNamePart(char character) {
		return isNameStart(character) || isDigit(character) || character == '$';
	}

}
