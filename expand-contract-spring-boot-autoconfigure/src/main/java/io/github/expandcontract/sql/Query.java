package io.github.expandcontract.sql;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * A query: one or more terms that set operations combine, and what belongs to all of
 * them.
 *
 * @param from its first token
 * @param to the token behind it
 * @param with its WITH clause, if any
 * @param terms what is combined, at least one
 * @param orderBy the expressions of ORDER BY
 * @param bounds the expressions of LIMIT, OFFSET and FETCH
 * @param locks what FOR UPDATE and its kin name
 */
record Query(int from, int to, @Nullable With with, List<Term> terms, List<Expression> orderBy, List<Expression> bounds,
		List<Lock> locks) implements Statement {

	boolean isSetOperation() {
		return this.terms.size() > 1;
	}

	/**
	 * What a set operation may combine.
	 */
	sealed interface Term {

	}

	/**
	 * A SELECT, or a TABLE command, which is a SELECT without a list.
	 *
	 * @param from its first token
	 * @param table whether it is a TABLE command
	 * @param distinct whether it has DISTINCT
	 * @param distinctOn the expressions of DISTINCT ON
	 * @param items the select list
	 * @param sources the items of FROM
	 * @param conditions WHERE and HAVING
	 * @param groupBy the items of GROUP BY
	 * @param windows the definitions of WINDOW
	 * @param aggregated whether it has GROUP BY or HAVING
	 */
	record Select(int from, boolean table, boolean distinct, List<Expression> distinctOn, List<Item> items,
			List<FromItem> sources, List<Expression> conditions, List<Expression> groupBy, List<Expression> windows,
			boolean aggregated) implements Term {
	}

	/**
	 * Rows of VALUES.
	 *
	 * @param rows each row's values
	 */
	record Values(List<List<Expression>> rows) implements Term {
	}

	/**
	 * A query in parentheses.
	 *
	 * @param query the query
	 */
	record Nested(Query query) implements Term {
	}

	/**
	 * An item of a select list or of RETURNING.
	 *
	 * @param expression its value
	 * @param alias the token of its label, -1 if it has none
	 */
	record Item(Expression expression, int alias) {

		boolean isStar(Tokens tokens) {
			return !this.expression.isEmpty() && tokens.get(this.expression.to() - 1).is(TokenKind.STAR)
					&& this.expression.bareReference() != null;
		}

	}

	/**
	 * A locking clause.
	 *
	 * @param tables the tokens of the names behind OF, empty if it is about all tables
	 */
	record Lock(List<Integer> tables) {
	}

}
