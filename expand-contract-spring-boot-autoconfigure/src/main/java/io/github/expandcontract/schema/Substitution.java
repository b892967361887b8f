package io.github.expandcontract.schema;

import java.util.function.BiPredicate;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.Lexer;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * Puts new in the place of old in a definition that the server gave: new itself where old
 * stands as a column, and {@code down(new)} where something is computed with it, so that
 * the result is what it was. The definition is one of a clone on which old has a name
 * that stands for nothing else.
 */
final class Substitution {

	/**
	 * The name that old has on a clone.
	 */
	static final String OLD = "expand_contract_old";

	private final ColumnChange change;

	Substitution(ColumnChange change) {
		this.change = change;
	}

	/**
	 * In an index or an exclusion constraint: its keys are the first level of brackets,
	 * and behind WHERE everything is computed.
	 */
	String index(String definition) {
		return replace(definition, (depth, condition) -> depth == 1 && !condition);
	}

	/**
	 * In a list that stands without brackets of its own.
	 */
	String list(String definition) {
		return replace(definition, (depth, condition) -> depth == 0);
	}

	/**
	 * In an expression.
	 */
	String expression(String definition) {
		return replace(definition, (depth, condition) -> false);
	}

	private String replace(String definition, BiPredicate<Integer, Boolean> column) {
		Tokens tokens = Lexer.tokens(definition);
		String newColumn = Identifiers.quote(this.change.newColumn());
		StringBuilder result = new StringBuilder();
		int depth = 0;
		boolean condition = false;
		int last = 0;
		for (int i = 0; i < tokens.size(); i++) {
			if (tokens.get(i).is(TokenKind.OPEN)) {
				depth++;
			}
			else if (tokens.get(i).is(TokenKind.CLOSE)) {
				depth--;
			}
			condition |= depth == 0 && tokens.get(i).is("where");
			if (tokens.get(i).isName() && tokens.get(i).name().equals(OLD)) {
				result.append(definition, last, tokens.get(i).start());
				result.append(column.test(depth, condition) ? newColumn : this.change.down(newColumn));
				last = tokens.get(i).end();
			}
		}
		return result.append(definition, last, definition.length()).toString();
	}

	/**
	 * Puts a clause where the definition of an index has it: before its condition.
	 */
	static String beforeCondition(String definition, String clause) {
		Tokens tokens = Lexer.tokens(definition);
		int depth = 0;
		for (int i = 0; i < tokens.size(); i++) {
			if (tokens.get(i).is(TokenKind.OPEN)) {
				depth++;
			}
			else if (tokens.get(i).is(TokenKind.CLOSE)) {
				depth--;
			}
			if (depth == 0 && tokens.get(i).is("where")) {
				int at = tokens.get(i).start();
				return definition.substring(0, at) + clause + " " + definition.substring(at);
			}
		}
		return definition + " " + clause;
	}

}
