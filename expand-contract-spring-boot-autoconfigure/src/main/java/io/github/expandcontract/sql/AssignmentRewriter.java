package io.github.expandcontract.sql;

import java.util.List;

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
	 * The rule of a column that is written.
	 */
	private @Nullable ColumnRule rule(ChangingTable table, int token) {
		ColumnRule lost = table.ruleOfOld(this.analysis.name(token));
		if (lost != null) {
			throw this.analysis.namesOldColumn(token, lost);
		}
		return table.ruleOfNew(this.analysis.name(token));
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
		if (source && writing == Writing.OLD && !Analysis.isIdentity(rule)) {
			throw this.values.notConvertible(rule, column.token());
		}
		String old = Names.writeLike(rule.change().oldColumn(), this.analysis.tokens().get(column.token()));
		if (writing == Writing.OLD) {
			this.analysis.edits().replace(column.token(), column.token(), old);
		}
		boolean row = assignment.form() == Statement.Assignment.Form.ROW;
		if (row && writing == Writing.BOTH) {
			this.analysis.edits().insertAfter(column.token(), ", " + old);
		}
		if (!source) {
			Expression value = assignment.values().get(index);
			this.values.write(rule, table, writing, value, value.to() - 1, row ? ", " : ", " + old + " = ");
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
		if (!Analysis.isIdentity(rule) || (rule.writing() == Writing.BOTH && !rule.synced())) {
			throw this.analysis
				.refuse(column.token(),
						"The statement writes a part of " + Identifiers.quote(rule.change().newColumn())
								+ ", which cannot be done to two columns alike.",
						"Write the whole value of the column.");
		}
		return Writing.OLD;
	}

}
