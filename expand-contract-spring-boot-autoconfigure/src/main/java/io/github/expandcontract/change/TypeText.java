package io.github.expandcontract.change;

import io.github.expandcontract.postgres.Lexer;
import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.Tokens;
import io.github.expandcontract.postgres.UnterminatedTextException;

/**
 * What the name of a type may be made of, so that it stays one wherever it is put.
 */
final class TypeText {

	private TypeText() {
	}

	/**
	 * Checks a type.
	 * @throws InvalidDeclarationException if it is empty, or more than names, numbers,
	 * brackets and what separates them
	 */
	static void require(String text, String declaredAt) {
		if (!isType(text)) {
			throw InvalidDeclarationException.notAType(declaredAt, text);
		}
	}

	private static boolean isType(String text) {
		try {
			Tokens tokens = Lexer.tokens(text);
			int end = 0;
			for (int i = 0; i < tokens.size(); i++) {
				Token token = tokens.get(i);
				boolean usable = switch (token.kind()) {
					case WORD, QUOTED, NUMBER, COMMA, DOT, END -> true;
					case OPEN, CLOSE, OPEN_BRACKET, CLOSE_BRACKET -> tokens.match(i) >= 0;
					default -> false;
				};
				if (!usable || !text.substring(end, token.start()).isBlank()) {
					return false;
				}
				end = token.end();
			}
			return tokens.get(0).isName();
		}
		catch (UnterminatedTextException ex) {
			return false;
		}
	}

}
