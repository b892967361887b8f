package io.github.expandcontract.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.Identifiers;

/**
 * Rewrites what SET assigns, in UPDATE, in DO UPDATE and in MERGE.
 */
final class AssignmentRewriter {

	private final Analysis analysis;

	private final ValueWriter values;

	private final References references;

	AssignmentRewriter(Analysis analysis, ValueWriter values, References references) {
		this.analysis = analysis;
		this.values = values;
		this.references = references;
	}

	void assignments(List<Statement.Assignment> assignments, Source target, Scope scope) {
		if (target.table() != null) {
			fill(assignments, target, target.table(), scope);
		}
		for (Statement.Assignment assignment : assignments) {
			this.references.expressions(assignment.values(), scope);
			ChangingTable table = target.table();
			for (int i = 0; i < assignment.targets().size(); i++) {
				Statement.Target column = assignment.targets().get(i);
				ColumnRule rule = (table != null) ? rule(table, column.token()) : null;
				this.analysis.account().settle(column.token());
				if (table != null && rule != null) {
					assign(assignment, i, rule, table);
				}
			}
		}
	}

	/**
	 * Fills columns that the statement does not assign where it would take their value
	 * from a row that is not filled yet: it assigns what the value follows from, or
	 * another column by which the row would count as filled.
	 */
	private void fill(List<Statement.Assignment> assignments, Source target, ChangingTable table, Scope scope) {
		Set<String> assigned = assignments.stream()
			.flatMap((assignment) -> assignment.targets().stream())
			.map((column) -> this.analysis.name(column.token()))
			.collect(Collectors.toCollection(HashSet::new));
		table.rules()
			.stream()
			.filter((rule) -> assigned.contains(rule.name()))
			.forEach((rule) -> assigned.addAll(rule.column().leaving()));
		String qualifier = (scope.sources().size() > 1) ? Names.write(String.valueOf(target.alias())) + "." : "";
		for (ColumnRule rule : table.rules()) {
			if (rule.column().isFilledWith(assigned) && rule.predicate() == Reading.FALLBACK) {
				String value = table.expression(rule, Reading.FALLBACK, (column) -> qualifier + Names.write(column));
				Statement.Assignment first = assignments.get(0);
				int token = first.targets().get(0).token();
				this.analysis.edits()
					.insertBefore((first.form() == Statement.Assignment.Form.SINGLE) ? token : token - 1,
							Names.write(rule.name()) + " = " + value + ", ");
			}
		}
	}

	/**
	 * The rule of a column that is written.
	 */
	private @Nullable ColumnRule rule(ChangingTable table, int token) {
		ColumnRule lost = table.ruleAgainst(this.analysis.name(token));
		if (lost != null) {
			throw this.analysis.forbidden(token, lost);
		}
		return table.ruleOf(this.analysis.name(token));
	}

	private void assign(Statement.Assignment assignment, int index, ColumnRule rule, ChangingTable table) {
		Statement.Target column = assignment.targets().get(index);
		boolean source = assignment.form() == Statement.Assignment.Form.SOURCE;
		Writing writing;
		if (column.subscripted()) {
			writing = subscripted(rule, column);
		}
		else {
			writing = this.values.decide(rule, table, source ? null : List.of(assignment.values().get(index)), false,
					column.token());
		}
		if (source && writing == Writing.OLD && !rule.column().isIdentity()) {
			throw this.values.notConvertible(rule, column.token());
		}
		boolean single = assignment.form() == Statement.Assignment.Form.SINGLE;
		String old = this.values.target(rule, writing, column.token(), !single);
		if (!source) {
			Expression value = assignment.values().get(index);
			this.values.write(rule, table, writing, value, value.to() - 1, single ? ", " + old + " = " : ", ");
		}
	}

	/**
	 * A part of the new column cannot be written before it is filled: only the old one's
	 * part is, and the trigger derives the whole.
	 */
	private Writing subscripted(ColumnRule rule, Statement.Target column) {
		if (rule.writing() == Writing.NEW) {
			return Writing.NEW;
		}
		if (!rule.column().isIdentity() || (rule.writing() == Writing.BOTH && !rule.synced())) {
			throw this.analysis
				.refuse(column.token(),
						"The statement writes a part of " + Identifiers.quote(rule.name())
								+ ", which cannot be done to two columns alike.",
						"Write the whole value of the column.");
		}
		return Writing.OLD;
	}

}
