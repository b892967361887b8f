package io.github.expandcontract.sql;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * Where the values of an INSERT come from: rows that are written out, a query, or
 * nowhere.
 *
 * @param rows the rows, if they are written out
 * @param items the select list, if it is a single SELECT whose items stand for themselves
 * @param width number of values in a row, -1 if it is not known
 * @param defaults the token DEFAULT of DEFAULT VALUES, -1 if it is something else
 */
record InsertSource(@Nullable List<List<Expression>> rows, @Nullable List<Query.Item> items, int width, int defaults) {

	static InsertSource rows(List<List<Expression>> rows) {
		return new InsertSource(rows, null, rows.get(0).size(), -1);
	}

	static InsertSource defaults(int token) {
		return new InsertSource(null, null, 0, token);
	}

	static InsertSource query(Query query, Columns columns, Tokens tokens) {
		Query.Term term = query.terms().get(0);
		boolean single = !query.isSetOperation();
		if (single && term instanceof Query.Values values && query.orderBy().isEmpty()) {
			return rows(values.rows());
		}
		int width = columns.exact() ? columns.names().size() : -1;
		boolean plain = single && term instanceof Query.Select select && isPlain(query, select, tokens);
		return new InsertSource(null, plain ? ((Query.Select) term).items() : null, width, -1);
	}

	/**
	 * Whether an item may be added to a select list without a change to anything else.
	 */
	private static boolean isPlain(Query query, Query.Select select, Tokens tokens) {
		return !select.table() && !select.distinct() && !select.items().isEmpty()
				&& select.items().stream().noneMatch((item) -> item.isStar(tokens))
				&& query.orderBy().stream().noneMatch((expression) -> isNumber(expression, tokens))
				&& select.groupBy().stream().noneMatch((expression) -> isNumber(expression, tokens));
	}

	private static boolean isNumber(Expression expression, Tokens tokens) {
		return tokens.get(expression.from()).is(TokenKind.NUMBER);
	}

	/**
	 * The values of a column, in the order of the rows.
	 * @return the values, empty if they are not at hand
	 */
	List<Expression> values(int index) {
		if (this.rows != null) {
			return this.rows.stream().filter((row) -> index < row.size()).map((row) -> row.get(index)).toList();
		}
		if (this.items != null && index < this.items.size()) {
			return List.of(this.items.get(index).expression());
		}
		return List.of();
	}

	/**
	 * The last token of a value, its label included.
	 */
	int endOf(Expression value) {
		if (this.items != null) {
			for (Query.Item item : this.items) {
				if (item.expression().from() == value.from() && item.alias() >= 0) {
					return item.alias();
				}
			}
		}
		return value.to() - 1;
	}

}
