package io.github.expandcontract.sql;

import java.util.List;

/**
 * A WITH clause.
 *
 * @param recursive whether its members may name themselves
 * @param members its members
 */
record With(boolean recursive, List<Member> members) {

	/**
	 * A common table expression.
	 *
	 * @param name the token of its name
	 * @param columns the tokens of its column list, empty if it has none
	 * @param statement what it stands for
	 */
	record Member(int name, List<Integer> columns, Statement statement) {
	}

}
