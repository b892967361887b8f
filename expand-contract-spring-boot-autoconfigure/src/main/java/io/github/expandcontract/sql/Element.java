package io.github.expandcontract.sql;

/**
 * What an expression contains that means something for rewriting. Positions are indexes
 * of tokens.
 */
sealed interface Element {

	/**
	 * A name, or several with dots between them, where a value is expected: a column, a
	 * whole row, or with a star at its end all columns.
	 *
	 * @param first its first token
	 * @param last its last token
	 */
	record Reference(int first, int last) implements Element {

		boolean qualified() {
			return this.first != this.last;
		}

	}

	/**
	 * The name of a function.
	 *
	 * @param last the last token of the name
	 */
	record Call(int last) implements Element {
	}

	/**
	 * The name of a type.
	 *
	 * @param first its first token
	 * @param last its last token
	 */
	record TypeName(int first, int last) implements Element {
	}

	/**
	 * A field that is taken from a composite value in parentheses.
	 *
	 * @param token the field's name
	 * @param ofReference whether the composite value is a mere name
	 */
	record Field(int token, boolean ofReference) implements Element {
	}

	/**
	 * A query in parentheses.
	 *
	 * @param query the query
	 */
	record Subquery(Query query) implements Element {
	}

}
