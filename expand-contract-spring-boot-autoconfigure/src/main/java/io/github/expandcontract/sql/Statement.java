package io.github.expandcontract.sql;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A statement whose structure is known.
 */
sealed interface Statement permits Query, Statement.Insert, Statement.Update, Statement.Delete, Statement.Merge,
		Statement.Utility, Statement.Expressions {

	/**
	 * INSERT.
	 *
	 * @param with its WITH clause, if any
	 * @param target the table
	 * @param columns the column list, {@code null} if it has none
	 * @param source what is inserted, {@code null} for DEFAULT VALUES
	 * @param body the first token behind table, alias and column list
	 * @param conflict its ON CONFLICT clause, if any
	 * @param returning its RETURNING clause, if any
	 * @param to the token behind the statement
	 */
	record Insert(@Nullable With with, FromItem.TableRef target, @Nullable List<Target> columns, @Nullable Query source,
			int body, @Nullable Conflict conflict, @Nullable Returning returning, int to) implements Statement {
	}

	/**
	 * ON CONFLICT.
	 *
	 * @param target the expressions that infer an index
	 * @param where the predicate that infers a partial one, if any
	 * @param assignments what DO UPDATE sets
	 * @param condition the WHERE of DO UPDATE, if any
	 */
	record Conflict(List<Expression> target, @Nullable Expression where, List<Assignment> assignments,
			@Nullable Expression condition) {
	}

	/**
	 * UPDATE.
	 *
	 * @param with its WITH clause, if any
	 * @param target the table
	 * @param assignments what it sets
	 * @param sources the items of FROM
	 * @param where its condition, if any
	 * @param returning its RETURNING clause, if any
	 * @param to the token behind the statement
	 */
	record Update(@Nullable With with, FromItem.TableRef target, List<Assignment> assignments, List<FromItem> sources,
			@Nullable Expression where, @Nullable Returning returning, int to) implements Statement {
	}

	/**
	 * DELETE.
	 *
	 * @param with its WITH clause, if any
	 * @param target the table
	 * @param sources the items of USING
	 * @param where its condition, if any
	 * @param returning its RETURNING clause, if any
	 * @param to the token behind the statement
	 */
	record Delete(@Nullable With with, FromItem.TableRef target, List<FromItem> sources, @Nullable Expression where,
			@Nullable Returning returning, int to) implements Statement {
	}

	/**
	 * MERGE.
	 *
	 * @param with its WITH clause, if any
	 * @param target the table
	 * @param source what is merged into it
	 * @param on the join condition
	 * @param actions its WHEN clauses
	 * @param returning its RETURNING clause, if any
	 * @param to the token behind the statement
	 */
	record Merge(@Nullable With with, FromItem.TableRef target, FromItem source, Expression on, List<Action> actions,
			@Nullable Returning returning, int to) implements Statement {
	}

	/**
	 * A WHEN clause.
	 *
	 * @param sight whose columns its expressions may name
	 * @param condition its condition, if any
	 * @param assignments what an UPDATE sets
	 * @param insert whether it inserts
	 * @param columns the column list of an INSERT, {@code null} if it has none
	 * @param values the values of an INSERT, {@code null} for DEFAULT VALUES
	 * @param body the first token behind the INSERT's column list
	 */
	record Action(Sight sight, @Nullable Expression condition, List<Assignment> assignments, boolean insert,
			@Nullable List<Target> columns, @Nullable List<Expression> values, int body) {

		/**
		 * What there is a row of.
		 */
		enum Sight {

			/**
			 * Of the target and of the source.
			 */
			BOTH,

			/**
			 * Of the target alone.
			 */
			TARGET,

			/**
			 * Of the source alone.
			 */
			SOURCE

		}

	}

	/**
	 * A statement that is not about rows: it is let through or refused as a whole.
	 *
	 * @param from its first token
	 * @param to the token behind it
	 */
	record Utility(int from, int to) implements Statement {
	}

	/**
	 * Values that stand alone, such as the arguments of CALL and EXECUTE.
	 *
	 * @param values the values
	 */
	record Expressions(List<Expression> values) implements Statement {
	}

	/**
	 * A column that is written.
	 *
	 * @param token the token of its name
	 * @param end the token behind it and its subscripts
	 */
	record Target(int token, int end) {

		boolean subscripted() {
			return this.end != this.token + 1;
		}

	}

	/**
	 * An assignment of SET.
	 *
	 * @param targets the columns
	 * @param values the values, one for each column, or the one that fills them all
	 * @param form how they are written
	 */
	record Assignment(List<Target> targets, List<Expression> values, Form form) {

		/**
		 * How columns and values are written.
		 */
		enum Form {

			/**
			 * {@code a = 1}.
			 */
			SINGLE,

			/**
			 * {@code (a, b) = (1, 2)}.
			 */
			ROW,

			/**
			 * {@code (a, b) = (SELECT ...)}.
			 */
			SOURCE

		}

	}

	/**
	 * RETURNING.
	 *
	 * @param items what it returns
	 * @param aliases the tokens that name the old and the new row, if it says so
	 */
	record Returning(List<Query.Item> items, List<Integer> aliases) {
	}

}
