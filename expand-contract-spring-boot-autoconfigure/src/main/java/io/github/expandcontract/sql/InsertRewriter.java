package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.Identifiers;

/**
 * Rewrites INSERT with its ON CONFLICT clause.
 */
final class InsertRewriter {

	private final Analysis analysis;

	private final QueryRewriter queries;

	private final ValueWriter values;

	private final AssignmentRewriter assignments;

	private final ReturningRewriter returnings;

	InsertRewriter(Analysis analysis, QueryRewriter queries, ValueWriter values, AssignmentRewriter assignments,
			ReturningRewriter returnings) {
		this.analysis = analysis;
		this.queries = queries;
		this.values = values;
		this.assignments = assignments;
		this.returnings = returnings;
	}

	void insert(Statement.Insert insert, Scope outer, GeneratedKeys keys) {
		Source target = WritingRewriter.target(insert.target(), this.analysis, this.queries.outputs());
		ChangingTable table = target.table();
		Query query = insert.source();
		if (query != null) {
			this.queries.query(query, outer, false, false);
		}
		if (table != null) {
			InsertSource source = (query != null)
					? InsertSource.query(query, this.queries.outputs().columns(query, outer), this.analysis.tokens())
					: InsertSource.defaults(insert.body());
			columns(table, insert.columns(), insert.body(), source);
		}
		else if (insert.columns() != null) {
			insert.columns().forEach((column) -> this.analysis.account().settle(column.token()));
		}
		Scope scope = new Scope(outer);
		scope.add(target);
		if (insert.conflict() != null) {
			conflict(insert.conflict(), target, outer);
		}
		this.returnings.returning(insert.returning(), target, scope, keys, insert.to());
	}

	/**
	 * Rewrites the column list and the values that belong to it.
	 * @param columns the column list, {@code null} if there is none
	 * @param body the token behind the place of the column list
	 */
	void columns(ChangingTable table, @Nullable List<Statement.Target> columns, int body, InsertSource source) {
		List<String> added = new ArrayList<>();
		List<String> defaults = new ArrayList<>();
		if (columns != null) {
			for (int i = 0; i < columns.size(); i++) {
				refuseOldColumn(table, columns, columns.get(i).token());
				written(table, columns.get(i), source, i);
			}
			for (ColumnRule rule : table.rules()) {
				omitted(table, rule, lists(columns, rule), body, added, defaults);
			}
			if (!added.isEmpty()) {
				append(columns, source, added, defaults, body);
			}
			return;
		}
		if (source.defaults() >= 0) {
			table.rules().forEach((rule) -> omitted(table, rule, false, body, added, defaults));
			if (!added.isEmpty()) {
				this.analysis.edits()
					.replace(source.defaults(), source.defaults() + 1,
							"(" + String.join(", ", added) + ") VALUES (" + String.join(", ", defaults) + ")");
			}
			return;
		}
		listAll(table, body, source);
	}

	private void refuseOldColumn(ChangingTable table, List<Statement.Target> columns, int token) {
		ColumnRule lost = table.ruleAgainst(this.analysis.name(token));
		if (lost == null) {
			return;
		}
		if (!lists(columns, lost)) {
			throw this.analysis.forbidden(token, lost);
		}
		throw this.analysis.forbidden(token, lost, "Leave it out, because " + Identifiers.quote(lost.name())
				+ " is listed as well. Where a library lists the columns that it finds in the database, as SimpleJdbcInsert does, tell it which to write, as by usingColumns.");
	}

	private boolean lists(List<Statement.Target> columns, ColumnRule rule) {
		return columns.stream()
			.anyMatch((column) -> rule.column().stays() && this.analysis.name(column.token()).equals(rule.name()));
	}

	private void written(ChangingTable table, Statement.Target column, InsertSource source, int index) {
		this.analysis.account().settle(column.token());
		ColumnRule rule = table.ruleOf(this.analysis.name(column.token()));
		if (rule == null) {
			return;
		}
		Writing writing = decide(rule, table, source, index, column.token());
		if (column.subscripted() && writing == Writing.BOTH) {
			throw this.values.notDuplicable(rule, column.token());
		}
		this.values.target(rule, writing, column.token(), true);
		write(rule, table, writing, source, index);
	}

	/**
	 * Decides which columns are written. A query is evaluated once wherever a trigger
	 * derives the other column.
	 */
	private Writing decide(ColumnRule rule, ChangingTable table, InsertSource source, int index, int position) {
		boolean query = source.rows() == null;
		List<Expression> values = source.values(index);
		boolean known = !values.isEmpty() && !(query && rule.synced() && rule.column().lossless());
		Writing writing = this.values.decide(rule, table, known ? values : null, true, position);
		if (query && writing == Writing.OLD && values.isEmpty() && !rule.column().isIdentity()) {
			throw this.values.notConvertible(rule, position);
		}
		return writing;
	}

	private void write(ColumnRule rule, ChangingTable table, Writing writing, InsertSource source, int index) {
		for (Expression value : source.values(index)) {
			this.values.write(rule, table, writing, value, source.endOf(value), ", ");
		}
	}

	/**
	 * Writes the column list that the statement lacks. The table's columns stand in
	 * another order than they will in the end.
	 */
	private void listAll(ChangingTable table, int body, InsertSource source) {
		if (source.width() < 0) {
			throw this.analysis.refuse(body,
					"The statement inserts into a changing table without a column list, and the number of values is not known.",
					"Write the column list.");
		}
		List<String> names = new ArrayList<>();
		List<ChangingTable.FinalColumn> columns = table.columns();
		for (int i = 0; i < columns.size(); i++) {
			ColumnRule rule = columns.get(i).rule();
			if (i < source.width() && rule != null) {
				Writing writing = decide(rule, table, source, i, body);
				if (writing != Writing.OLD) {
					names.add(Names.write(rule.column().newColumn()));
				}
				if (writing != Writing.NEW) {
					names.add(Names.write(rule.oldColumn()));
				}
				write(rule, table, writing, source, i);
			}
			else if (i < source.width()) {
				names.add(Names.write(columns.get(i).name()));
			}
		}
		List<String> defaults = new ArrayList<>();
		for (int i = source.width(); i < columns.size(); i++) {
			ColumnRule rule = columns.get(i).rule();
			if (rule != null) {
				omitted(table, rule, false, body, names, defaults);
			}
		}
		this.analysis.edits().insertAfter(body - 1, " (" + String.join(", ", names) + ")");
		if (!defaults.isEmpty()) {
			appendValues(source, defaults, body);
		}
	}

	private void omitted(ChangingTable table, ColumnRule rule, boolean listed, int position, List<String> added,
			List<String> defaults) {
		String expression = listed ? null : this.values.omittedDefault(rule, table, position);
		if (expression != null) {
			added.add(Names.write(rule.column().newColumn()));
			defaults.add(expression);
		}
	}

	private void append(List<Statement.Target> columns, InsertSource source, List<String> added, List<String> defaults,
			int position) {
		Statement.Target last = columns.get(columns.size() - 1);
		this.analysis.edits().insertAfter(last.end() - 1, ", " + String.join(", ", added));
		appendValues(source, defaults, position);
	}

	/**
	 * Adds values at the end of each row, behind what is written for the columns that
	 * stand there already.
	 */
	private void appendValues(InsertSource source, List<String> defaults, int position) {
		String text = ", " + String.join(", ", defaults);
		List<Integer> ends = new ArrayList<>();
		if (source.rows() != null) {
			source.rows().forEach((row) -> ends.add(row.get(row.size() - 1).to() - 1));
		}
		else if (source.items() != null) {
			ends.add(source.endOf(source.items().get(source.items().size() - 1).expression()));
		}
		else {
			throw this.analysis.refuse(position,
					"The statement leaves out a changing column whose default has to be written, and its query cannot be added to.",
					"List the changing column with its value.");
		}
		ends.forEach((end) -> this.analysis.later(() -> this.analysis.edits().insertAfter(end, text)));
	}

	private void conflict(Statement.Conflict conflict, Source target, Scope outer) {
		Scope inference = new Scope(outer);
		inference.add(target);
		for (Expression expression : conflict.target()) {
			boolean column = expression.bareReference() != null;
			this.queries.references().expression(expression, inference, column ? Use.CONFLICT_COLUMN : Use.CONFLICT);
		}
		this.queries.references().expression(conflict.where(), inference, Use.CONFLICT);
		ChangingTable table = target.table();
		Scope update = new Scope(outer);
		update.add(target);
		if (table != null) {
			Source excluded = new Source(Source.Role.EXCLUDED, "excluded", true, table, null,
					Outputs.finalColumns(table));
			this.analysis.register(excluded);
			update.add(excluded);
		}
		else {
			update.add(Source.other("excluded", target.columns()));
		}
		this.assignments.assignments(conflict.assignments(), target, update);
		this.queries.references().expression(conflict.condition(), update, Use.PREDICATE);
	}

}
