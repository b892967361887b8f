package io.github.expandcontract.schema;

import java.util.function.Predicate;

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
		return replace(definition, (place) -> place.depth() == 1 && !place.condition());
	}

	/**
	 * What an index is whose keys are searched by the value that new is to have, as long
	 * as it is computed: where old is a key, an expression takes its place.
	 * @param expression the value, computed from {@link #OLD}
	 */
	static String searched(String definition, String expression) {
		return replace(definition, (place) -> place.depth() == 1 && place.list() == 0, "(" + expression + ")", OLD);
	}

	/**
	 * In a list that stands without brackets of its own.
	 */
	String list(String definition) {
		return replace(definition, (place) -> place.depth() == 0);
	}

	/**
	 * In an expression.
	 */
	String expression(String definition) {
		return replace(definition, (place) -> false);
	}

	private String replace(String definition, Predicate<Place> column) {
		String newColumn = Identifiers.quote(this.change.newColumn());
		return replace(definition, column, newColumn, this.change.down(newColumn));
	}

	private static String replace(String definition, Predicate<Place> column, String asColumn, String computed) {
		Tokens tokens = Lexer.tokens(definition);
		StringBuilder result = new StringBuilder();
		int depth = 0;
		int list = 0;
		boolean condition = false;
		int last = 0;
		for (int i = 0; i < tokens.size(); i++) {
			if (tokens.get(i).is(TokenKind.OPEN)) {
				depth++;
			}
			else if (tokens.get(i).is(TokenKind.CLOSE)) {
				depth--;
				list += (depth == 0) ? 1 : 0;
			}
			condition |= depth == 0 && tokens.get(i).is("where");
			if (tokens.get(i).isName() && tokens.get(i).name().equals(OLD)) {
				result.append(definition, last, tokens.get(i).start());
				result.append(column.test(new Place(depth, list, condition)) ? asColumn : computed);
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

	/**
	 * Where old stands in a definition.
	 *
	 * @param depth the brackets around it
	 * @param list the lists in brackets that have ended before it
	 * @param condition whether it stands behind WHERE
	 */
	private record Place(int depth, int list, boolean condition) {

	}

}
