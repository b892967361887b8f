package io.github.expandcontract.sql;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * An item of FROM, or the target of a writing statement.
 */
sealed interface FromItem {

	/**
	 * How an item is called.
	 *
	 * @param token the token of its alias, -1 if it has none
	 * @param columns the tokens of its column alias list, empty if it has none
	 */
	record Alias(int token, List<Integer> columns) {

		static final Alias NONE = new Alias(-1, List.of());

	}

	/**
	 * A table, a view, or a common table expression.
	 *
	 * @param from the first token, ONLY included
	 * @param first the first token of its name
	 * @param last the last token of its name
	 * @param nameEnd the token behind its name, and behind the parentheses or star that
	 * belong to it
	 * @param alias its alias
	 * @param sample the expression of TABLESAMPLE, if any
	 */
	record TableRef(int from, int first, int last, int nameEnd, Alias alias,
			@Nullable Expression sample) implements FromItem {
	}

	/**
	 * A query in parentheses.
	 *
	 * @param query the query
	 * @param lateral whether it may name the items before it
	 * @param alias its alias
	 */
	record Derived(Query query, boolean lateral, Alias alias) implements FromItem {
	}

	/**
	 * A function, or several within ROWS FROM.
	 *
	 * @param call the call
	 * @param alias its alias
	 */
	record Function(Expression call, Alias alias) implements FromItem {
	}

	/**
	 * Items with JOIN between them, from the left to the right.
	 *
	 * @param first the first item
	 * @param joins the joins
	 * @param alias the alias of the whole, where it stands in parentheses
	 */
	record Joined(FromItem first, List<Join> joins, Alias alias) implements FromItem {
	}

	/**
	 * A join to what stands left of it.
	 *
	 * @param item the item that is joined
	 * @param natural whether it is a NATURAL join
	 * @param fillsLeft whether a row of the item may stand beside none of what is left
	 * @param fillsRight whether a row of what is left may stand beside none of the item
	 * @param on the condition, if any
	 * @param using the tokens of the columns of USING
	 * @param alias the token of USING's alias, -1 if it has none
	 */
	record Join(FromItem item, boolean natural, boolean fillsLeft, boolean fillsRight, @Nullable Expression on,
			List<Integer> using, int alias) {
	}

}
