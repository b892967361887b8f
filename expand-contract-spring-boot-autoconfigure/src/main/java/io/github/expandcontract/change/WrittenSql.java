package io.github.expandcontract.change;

import java.util.List;

import io.github.expandcontract.postgres.Lexer;
import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * Pieces of SQL that were written down to stand in a statement of ours.
 */
final class WrittenSql {

	private WrittenSql() {
	}

	/**
	 * Checks the condition of a check.
	 * @throws InvalidDeclarationException if it is not one expression
	 */
	static void requireCondition(String text, String declaredAt) {
		Conversion.parse(text, List.of(), declaredAt, "condition");
	}

	/**
	 * Checks the definition of an index.
	 * @throws InvalidDeclarationException if it is not what stands behind the table's
	 * name in {@code CREATE INDEX}
	 */
	static void requireIndexDefinition(String text, String declaredAt) {
		Conversion.parse(text, List.of(), declaredAt, "definition");
		Token first = Lexer.tokens(text).get(0);
		if (!first.is(TokenKind.OPEN) && !first.is("using")) {
			throw InvalidDeclarationException.notAnIndex(declaredAt, text);
		}
	}

	/**
	 * Whether a name stands in a text, as a column or as something else.
	 */
	static boolean names(String text, String name) {
		Tokens tokens = Lexer.tokens(text);
		for (int i = 0; i < tokens.size(); i++) {
			if (tokens.get(i).isName() && tokens.get(i).name().equals(name)) {
				return true;
			}
		}
		return false;
	}

}
