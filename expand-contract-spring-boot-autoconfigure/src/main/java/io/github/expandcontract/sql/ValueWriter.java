package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Identifiers;

/**
 * Decides which columns a value is written to, and how it looks in each of them.
 */
final class ValueWriter {

	private final Analysis analysis;

	ValueWriter(Analysis analysis) {
		this.analysis = analysis;
	}

	/**
	 * Decides which columns are written.
	 * <ol>
	 * <li>A value that may be evaluated twice is written to the columns that the rule
	 * names.</li>
	 * <li>One that may not is written to the old column, and the trigger derives the new
	 * one; without a trigger, or where the old column cannot hold all of the value, the
	 * statement is refused.</li>
	 * <li>An INSERT of the new column alone would lose to a default of the old one, so it
	 * writes both.</li>
	 * </ol>
	 * @param values the values that the column gets, {@code null} if they are not at hand
	 * @param position the column's token, for a refusal
	 */
	Writing decide(ColumnRule rule, ChangingTable table, @Nullable List<Expression> values, boolean insert,
			int position) {
		if (rule.writing() == Writing.OLD || rule.column().oldColumn() == null) {
			return rule.writing();
		}
		boolean twice = values != null && values.stream()
			.allMatch((value) -> isDefault(value) ? !isDefaultVolatile(rule, table) : isDuplicable(value));
		if (rule.writing() == Writing.BOTH) {
			return twice ? Writing.BOTH : onlyOld(rule, position);
		}
		boolean volatileDefault = isDefaultVolatile(rule, table) && values != null
				&& values.stream().anyMatch(this::isDefault);
		if (rule.synced() && volatileDefault) {
			return onlyOld(rule, position);
		}
		if (insert && rule.synced() && defaultOf(rule, table) != null) {
			return twice ? Writing.BOTH : onlyOld(rule, position);
		}
		return Writing.NEW;
	}

	private Writing onlyOld(ColumnRule rule, int position) {
		if (!rule.synced() || !rule.column().lossless()) {
			throw notDuplicable(rule, position);
		}
		return Writing.OLD;
	}

	RefusalException notDuplicable(ColumnRule rule, int position) {
		return this.analysis.refuse(position,
				"The value of " + Identifiers.quote(rule.name())
						+ " must be evaluated once, but would have to be written to two columns.",
				rule.column().lossless()
						? "Compute the value before and pass it as a parameter, or set expand-contract.sync to both."
						: "Compute the value before and pass it as a parameter.");
	}

	RefusalException notConvertible(ColumnRule rule, int position) {
		return this.analysis.refuse(position, "The value of " + Identifiers.quote(rule.name())
				+ " has to be converted for the old column, which is not possible where a query gives it as a whole.",
				"Let one plain SELECT or VALUES give the value, or compute it before and pass it as a parameter.");
	}

	/**
	 * Whether a value gives the same when it is evaluated twice in a statement.
	 */
	boolean isDuplicable(Expression value) {
		for (Element element : value.elements()) {
			if (element instanceof Element.Subquery) {
				return false;
			}
			if (element instanceof Element.Call call
					&& !this.analysis.changes().isNonVolatile(this.analysis.name(call.last()))) {
				return false;
			}
		}
		return true;
	}

	boolean isDefault(Expression value) {
		return value.to() - value.from() == 1 && this.analysis.tokens().get(value.from()).is("default");
	}

	private static @Nullable String defaultOf(ColumnRule rule, ChangingTable table) {
		Column old = table.oldColumn(rule);
		return (old != null) ? old.defaultExpression() : null;
	}

	private static boolean isDefaultVolatile(ColumnRule rule, ChangingTable table) {
		Column old = table.oldColumn(rule);
		return old != null && old.defaultExpression() != null && old.defaultVolatile();
	}

	/**
	 * What DEFAULT means for the new column, which has no default of its own.
	 */
	static String newDefault(ColumnRule rule, ChangingTable table) {
		String expression = defaultOf(rule, table);
		if (expression == null) {
			return "NULL";
		}
		return rule.column().isIdentity() ? expression : rule.column().up((old) -> "(" + expression + ")");
	}

	/**
	 * The default that an INSERT which leaves the column out has to write into the new
	 * one, because nothing else would.
	 * @return the expression, {@code null} if nothing has to be written
	 */
	@Nullable String omittedDefault(ColumnRule rule, ChangingTable table, int position) {
		if (rule.synced() || rule.writing() == Writing.OLD || defaultOf(rule, table) == null) {
			return null;
		}
		if (rule.writing() == Writing.BOTH && isDefaultVolatile(rule, table)) {
			throw notDuplicable(rule, position);
		}
		return newDefault(rule, table);
	}

	/**
	 * Edits the name of a column that is written, for the columns that are.
	 * @param listed whether the old column's name stands in the list behind the new one's
	 * @return the old column's name, empty if it is not written beside the new one
	 */
	String target(ColumnRule rule, Writing writing, int token, boolean listed) {
		String column = (writing == Writing.OLD) ? rule.oldColumn() : rule.column().newColumn();
		if (!column.equals(rule.name())) {
			this.analysis.edits().replace(token, token, this.analysis.columnName(rule, column, token));
		}
		if (writing != Writing.BOTH) {
			return "";
		}
		String old = this.analysis.columnName(rule, rule.oldColumn(), token);
		if (listed) {
			this.analysis.edits().insertAfter(token, ", " + old);
		}
		return old;
	}

	/**
	 * Edits a value for the columns that it is written to.
	 * @param end the last token of the value, its label included
	 * @param separator what stands between the value for the new column and that for the
	 * old one
	 */
	void write(ColumnRule rule, ChangingTable table, Writing writing, Expression value, int end, String separator) {
		if (isDefault(value)) {
			if (writing != Writing.OLD && (writing == Writing.BOTH || defaultOf(rule, table) != null)) {
				this.analysis.edits().replace(value.from(), value.from(), newDefault(rule, table));
			}
			if (writing == Writing.BOTH) {
				this.analysis.edits().insertAfter(end, separator + "DEFAULT");
			}
			return;
		}
		if (writing == Writing.BOTH) {
			List<Edits.Piece> pieces = new ArrayList<>();
			pieces.add(new Edits.Text(separator));
			pieces.addAll(old(rule, table, value));
			this.analysis.later(() -> this.analysis.edits().insertAfter(end, pieces));
		}
		else if (writing == Writing.OLD) {
			List<Edits.Piece> pieces = old(rule, table, value);
			boolean once = pieces.stream().filter((piece) -> piece instanceof Edits.Copy).count() <= 1;
			if (!once && !isDuplicable(value)) {
				throw notDuplicable(rule, value.from());
			}
			if (!isUnchanged(pieces, value)) {
				this.analysis.edits().replace(value.from(), value.to() - 1, pieces);
			}
		}
	}

	private boolean isUnchanged(List<Edits.Piece> pieces, Expression value) {
		return pieces.size() == 1 && pieces.get(0).equals(this.analysis.edits().copy(value.from(), value.to() - 1));
	}

	/**
	 * A value as the old column takes it.
	 */
	private List<Edits.Piece> old(ColumnRule rule, ChangingTable table, Expression value) {
		Edits.Copy copy = this.analysis.edits().copy(value.from(), value.to() - 1);
		Read read = this.analysis.readOf(value.bareReference());
		if (read != null && read.rule().equals(rule) && !read.source().isDerived()
				&& (read.source().role() == Source.Role.EXCLUDED || read.reading() == Reading.OLD)) {
			return List.of(new Edits.Text(this.analysis.oldText(read.reference(), rule)));
		}
		if (rule.column().isIdentity()) {
			return List.of(copy);
		}
		List<Edits.Piece> argument = argument(rule, table, copy);
		List<Edits.Piece> pieces = new ArrayList<>();
		String[] parts = rule.column().down(Analysis.MARK).split(Analysis.MARK, -1);
		for (int i = 0; i < parts.length; i++) {
			if (i > 0) {
				pieces.addAll(argument);
			}
			pieces.add(new Edits.Text(parts[i]));
		}
		return pieces;
	}

	/**
	 * A value as the new column would hold it. What is assigned is converted to the
	 * column's type before it is converted for the old one.
	 */
	private static List<Edits.Piece> argument(ColumnRule rule, ChangingTable table, Edits.Copy copy) {
		String type = table.newType(rule);
		return (type != null) ? List.of(new Edits.Text("CAST("), copy, new Edits.Text(" AS " + type + ")"))
				: List.of(new Edits.Text("("), copy, new Edits.Text(")"));
	}

}
