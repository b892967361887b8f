package io.github.expandcontract.postgres;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The tokens of a text, which bracket closes which, and where the parameters stand.
 */
public final class Tokens {

	private final String source;

	private final List<Token> tokens;

	private final int[] matches;

	private final int[] parameters;

	Tokens(String source, List<Token> tokens) {
		this.source = source;
		this.tokens = tokens;
		this.matches = match(tokens);
		this.parameters = tokens.stream()
			.filter((token) -> token.is(TokenKind.PARAMETER))
			.mapToInt(Token::start)
			.toArray();
	}

	private static int[] match(List<Token> tokens) {
		int[] matches = new int[tokens.size()];
		Arrays.fill(matches, -1);
		Deque<Integer> open = new ArrayDeque<>();
		for (int i = 0; i < matches.length; i++) {
			switch (tokens.get(i).kind()) {
				case OPEN, OPEN_BRACKET, OPEN_BRACE -> open.push(i);
				case CLOSE, CLOSE_BRACKET, CLOSE_BRACE -> {
					Integer begin = open.poll();
					if (begin != null && opens(tokens.get(begin).kind()) == tokens.get(i).kind()) {
						matches[begin] = i;
						matches[i] = begin;
					}
				}
				default -> {
				}
			}
		}
		return matches;
	}

	private static TokenKind opens(TokenKind kind) {
		return switch (kind) {
			case OPEN -> TokenKind.CLOSE;
			case OPEN_BRACKET -> TokenKind.CLOSE_BRACKET;
			default -> TokenKind.CLOSE_BRACE;
		};
	}

	/**
	 * The text.
	 * @return the text as it was written
	 */
	public String source() {
		return this.source;
	}

	/**
	 * Number of tokens, the one that marks the end included.
	 * @return the number
	 */
	public int size() {
		return this.tokens.size();
	}

	/**
	 * The token at an index, the end's for every index behind it.
	 * @param index index of the token
	 * @return the token
	 */
	public Token get(int index) {
		return this.tokens.get(Math.min(index, this.tokens.size() - 1));
	}

	/**
	 * The index of the bracket that belongs to another.
	 * @param index index of a bracket
	 * @return the index, -1 if that bracket stands alone
	 */
	public int match(int index) {
		return this.matches[index];
	}

	/**
	 * The text of a token as it was written.
	 * @param index index of the token
	 * @return its text
	 */
	public String text(int index) {
		Token token = get(index);
		return this.source.substring(token.start(), token.end());
	}

	/**
	 * Offsets of the parameters, ascending.
	 * @return the offsets
	 */
	public int[] parameters() {
		return this.parameters;
	}

}
