package io.github.expandcontract.change;

import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.postgres.Lexer;
import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;
import io.github.expandcontract.postgres.UnterminatedTextException;

/**
 * An SQL expression over one column, into which any reference to that column can be put.
 *
 * @param text the expression as it was written
 * @param column the column that it names, as the catalog spells it
 * @param parts what stands around the column's name, one part more than it occurs
 */
public record Conversion(String text, String column, List<String> parts) {

	/**
	 * Creates a conversion.
	 */
	public Conversion {
		parts = List.copyOf(parts);
	}

	/**
	 * Reads an expression.
	 * @param text the expression
	 * @param column the column that it has to name
	 * @param declaredAt where it was written, for messages
	 * @param role what it is called there, for messages
	 * @return the conversion
	 * @throws InvalidDeclarationException if it is not one expression over that column
	 */
	static Conversion parse(String text, String column, String declaredAt, String role) {
		Tokens tokens;
		try {
			tokens = Lexer.tokens(text);
		}
		catch (UnterminatedTextException ex) {
			throw InvalidDeclarationException.conversion(declaredAt, role, text, ex.reason());
		}
		List<String> parts = new ArrayList<>();
		int end = 0;
		int last = 0;
		for (int i = 0; i < tokens.size(); i++) {
			Token token = tokens.get(i);
			require(text, tokens, i, end, declaredAt, role);
			end = token.end();
			if (isColumn(tokens, i, column)) {
				if (i > 0 && tokens.get(i - 1).is(TokenKind.DOT)) {
					throw InvalidDeclarationException.conversion(declaredAt, role, text,
							"The column is written with a qualifier.");
				}
				parts.add(text.substring(last, token.start()));
				last = token.end();
			}
		}
		if (parts.isEmpty()) {
			throw InvalidDeclarationException.conversion(declaredAt, role, text,
					"It does not name the column \"" + column + "\".");
		}
		parts.add(text.substring(last));
		return new Conversion(text, column, parts);
	}

	private static boolean isColumn(Tokens tokens, int index, String column) {
		Token token = tokens.get(index);
		return token.isName() && token.name().equals(column) && !tokens.get(index + 1).is(TokenKind.OPEN)
				&& (index == 0 || !tokens.get(index - 1).is(TokenKind.CAST));
	}

	/**
	 * Whatever would not stay one expression, or mean something else to the driver, where
	 * it is put into another text.
	 */
	private static void require(String text, Tokens tokens, int index, int before, String declaredAt, String role) {
		Token token = tokens.get(index);
		if (!text.substring(before, token.start()).isBlank()) {
			throw InvalidDeclarationException.conversion(declaredAt, role, text, "It has a comment.");
		}
		switch (token.kind()) {
			case SEMICOLON ->
				throw InvalidDeclarationException.conversion(declaredAt, role, text, "It is more than one expression.");
			case PARAMETER, NUMBERED_PARAMETER, OPEN_BRACE, CLOSE_BRACE -> throw InvalidDeclarationException.conversion(
					declaredAt, role, text,
					"It has a parameter or an escape of JDBC; write an operator with a question mark as a function.");
			case OPEN, CLOSE, OPEN_BRACKET, CLOSE_BRACKET -> {
				if (tokens.match(index) < 0) {
					throw InvalidDeclarationException.conversion(declaredAt, role, text, "Its brackets do not match.");
				}
			}
			default -> {
				if (token.is("select")) {
					throw InvalidDeclarationException.conversion(declaredAt, role, text, "It has a query in it.");
				}
			}
		}
	}

	/**
	 * The expression over a reference or a value.
	 * @param reference an SQL expression that binds as tightly as a column's name
	 * @return the expression
	 */
	public String of(String reference) {
		return String.join(reference, this.parts);
	}

	/**
	 * Whether nothing is converted.
	 * @return whether the expression is the column itself
	 */
	boolean isIdentity() {
		return this.parts.stream().allMatch(String::isBlank);
	}

}
