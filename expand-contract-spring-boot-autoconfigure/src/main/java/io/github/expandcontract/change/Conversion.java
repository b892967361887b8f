package io.github.expandcontract.change;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import io.github.expandcontract.postgres.Lexer;
import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;
import io.github.expandcontract.postgres.UnterminatedTextException;

/**
 * An SQL expression over columns of a row, into which any reference to those columns can
 * be put. A name is taken for a column where an operand begins, and nothing that follows
 * makes it the name of something else. So the names of types, functions, collations,
 * arguments and fields of {@code extract}, and key words within others, are left alone.
 *
 * @param text the expression as it was written
 * @param columns the columns that it names, as the catalog spells them, each as often as
 * it occurs
 * @param parts what stands around the columns' names, one part more than there are names
 */
public record Conversion(String text, List<String> columns, List<String> parts) {

	private static final Set<String> BEFORE_OPERAND = Set.of("and", "asymmetric", "between", "both", "case", "else",
			"escape", "for", "from", "ilike", "in", "leading", "like", "not", "or", "overlaps", "placing", "symmetric",
			"then", "to", "trailing", "variadic", "when", "zone");

	/**
	 * Creates a conversion.
	 */
	public Conversion {
		columns = List.copyOf(columns);
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
		Conversion conversion = parse(text, List.of(column), declaredAt, role);
		if (conversion.columns().isEmpty()) {
			throw InvalidDeclarationException.conversion(declaredAt, role, text,
					"It does not name the column \"" + column + "\".");
		}
		return conversion;
	}

	/**
	 * Reads an expression that may name several columns, or none.
	 * @param text the expression
	 * @param columns the columns that it may name; any other name is left as it stands
	 * @param declaredAt where it was written, for messages
	 * @param role what it is called there, for messages
	 * @return the conversion
	 * @throws InvalidDeclarationException if it is not one expression
	 */
	static Conversion parse(String text, Collection<String> columns, String declaredAt, String role) {
		Tokens tokens;
		try {
			tokens = Lexer.tokens(text);
		}
		catch (UnterminatedTextException ex) {
			throw InvalidDeclarationException.conversion(declaredAt, role, text, ex.reason());
		}
		List<String> named = new ArrayList<>();
		List<String> parts = new ArrayList<>();
		int end = 0;
		int last = 0;
		for (int i = 0; i < tokens.size(); i++) {
			Token token = tokens.get(i);
			require(text, tokens, i, end, declaredAt, role);
			end = token.end();
			if (isColumn(tokens, i, columns)) {
				if (i > 0 && tokens.get(i - 1).is(TokenKind.DOT)) {
					throw InvalidDeclarationException.conversion(declaredAt, role, text,
							"The column is written with a qualifier.");
				}
				named.add(token.name());
				parts.add(text.substring(last, token.start()));
				last = token.end();
			}
		}
		if (text.isBlank()) {
			throw InvalidDeclarationException.conversion(declaredAt, role, text, "It is empty.");
		}
		parts.add(text.substring(last));
		return new Conversion(text, named, parts);
	}

	private static boolean isColumn(Tokens tokens, int index, Collection<String> columns) {
		Token token = tokens.get(index);
		if (!token.isName() || !columns.contains(token.name()) || isExtracted(tokens, index)) {
			return false;
		}
		boolean operand = switch (tokens.get(index + 1).kind()) {
			case OPEN, STRING, DOT, ARROW -> false;
			default -> true;
		};
		return operand && (index == 0 || isBeforeOperand(tokens, index - 1));
	}

	private static boolean isBeforeOperand(Tokens tokens, int index) {
		return switch (tokens.get(index).kind()) {
			case OPERATOR, STAR, COMMA, OPEN, OPEN_BRACKET, ARROW, COLON, DOT -> true;
			case CLOSE -> tokens.match(index) > 0 && tokens.get(tokens.match(index) - 1).is("operator");
			case WORD -> BEFORE_OPERAND.contains(tokens.get(index).name());
			default -> false;
		};
	}

	private static boolean isExtracted(Tokens tokens, int index) {
		return index > 1 && tokens.get(index - 1).is(TokenKind.OPEN) && tokens.get(index - 2).is("extract")
				&& tokens.get(index + 1).is("from");
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
		return of((column) -> reference);
	}

	/**
	 * The expression over references or values of several columns.
	 * @param reference gives an SQL expression that binds as tightly as a column's name
	 * @return the expression
	 */
	public String of(UnaryOperator<String> reference) {
		StringBuilder expression = new StringBuilder(this.parts.get(0));
		for (int i = 0; i < this.columns.size(); i++) {
			expression.append(reference.apply(this.columns.get(i))).append(this.parts.get(i + 1));
		}
		return expression.toString();
	}

	/**
	 * Whether nothing is converted.
	 * @return whether the expression is the column itself
	 */
	boolean isIdentity() {
		return this.columns.size() == 1 && this.parts.stream().allMatch(String::isBlank);
	}

}
