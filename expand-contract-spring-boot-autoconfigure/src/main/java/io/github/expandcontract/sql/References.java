package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;

/**
 * Finds out what the names in expressions refer to, by PostgreSQL's rules: a column of
 * the innermost level that has one of that name, else a whole row.
 */
final class References {

	private static final Set<String> SYSTEM_COLUMNS = Set.of("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid");

	private final Analysis analysis;

	private final QueryRewriter queries;

	References(Analysis analysis, QueryRewriter queries) {
		this.analysis = analysis;
		this.queries = queries;
	}

	void expressions(List<Expression> expressions, Scope scope) {
		expressions.forEach((expression) -> expression(expression, scope, Use.PREDICATE));
	}

	/**
	 * Resolves an expression.
	 * @param use what the expression is used for if it is a bare reference; a reference
	 * within an expression is a predicate's
	 */
	void expression(@Nullable Expression expression, Scope scope, Use use) {
		if (expression == null) {
			return;
		}
		Use within = (use == Use.OUTPUT && expression.bareReference() == null) ? Use.PREDICATE : use;
		for (Element element : expression.elements()) {
			if (element instanceof Element.Reference reference) {
				reference(reference, scope, within);
			}
			else if (element instanceof Element.Subquery subquery) {
				this.queries.query(subquery.query(), scope, false, false);
			}
			else if (element instanceof Element.TypeName type) {
				type(type);
			}
			else if (element instanceof Element.Field field && field.ofReference()) {
				this.analysis.account().settle(field.token());
			}
		}
	}

	private void type(Element.TypeName type) {
		String schema = (type.first() != type.last()) ? this.analysis.name(type.last() - 2) : null;
		ChangingTable table = this.analysis.changes().table(schema, this.analysis.name(type.last()));
		if (table != null) {
			throw this.analysis.refuse(type.last(), "The statement uses the row type of table "
					+ table.table().name().quoted() + ", whose columns change.", "Name the columns that are needed.");
		}
	}

	void reference(Element.Reference reference, Scope scope, Use use) {
		if (this.analysis.account().isSettled(reference.last())) {
			return;
		}
		Token last = this.analysis.tokens().get(reference.last());
		if (last.is(TokenKind.STAR)) {
			wholeRows(reference, scope);
		}
		else if (reference.qualified()) {
			qualified(reference, last, scope, use);
		}
		else {
			unqualified(reference, last, scope, use);
		}
	}

	private void wholeRows(Element.Reference reference, Scope scope) {
		if (reference.qualified()) {
			Source source = qualifier(reference, scope);
			if (source != null) {
				this.analysis.account().settle(reference.first(), reference.last());
				wholeRow(source, reference);
			}
		}
	}

	/**
	 * Has the table read through a derived table. The row of a table keeps the names of
	 * its columns behind a column alias list, that of a derived table does not.
	 */
	private void wholeRow(Source source, Element.Reference reference) {
		if (source.hasAliasList()) {
			throw this.analysis.refuse(reference.last(),
					"The statement uses the row of a changing table as a value and gives its columns other names.",
					"Leave out the column alias list, or name the columns that are needed.");
		}
		source.derive(reference.last());
	}

	private void qualified(Element.Reference reference, Token last, Scope scope, Use use) {
		Source source = qualifier(reference, scope);
		String name = last.name();
		if (source == null || (!source.owns(name) && !source.losesColumn(name))) {
			if (source != null) {
				this.analysis.account().settle(reference.first(), reference.last());
				obstructBySystemColumn(source, name);
			}
			return;
		}
		resolved(reference, source, name, use);
	}

	private static void obstructBySystemColumn(Source source, String name) {
		if (SYSTEM_COLUMNS.contains(name) && source.table() != null) {
			source.obstruct("a system column is used besides");
		}
	}

	/**
	 * The source that stands before the last dot.
	 */
	@Nullable Source qualifier(Element.Reference reference, Scope scope) {
		int token = reference.last() - 2;
		Source source = scope.byAlias(this.analysis.name(token));
		if (token == reference.first() || source == null) {
			return source;
		}
		ChangingTable table = source.table();
		if (table == null) {
			return source.hasWrittenAlias() ? null : source;
		}
		TableName written = new TableName(this.analysis.name(token - 2), this.analysis.name(token));
		if (source.hasWrittenAlias() || !table.table().name().equals(written)) {
			return null;
		}
		source.obstruct("the table is named with its schema");
		return source;
	}

	private void unqualified(Element.Reference reference, Token last, Scope scope, Use use) {
		String name = last.name();
		if (SYSTEM_COLUMNS.contains(name)) {
			scope.sources().forEach((source) -> obstructBySystemColumn(source, name));
			return;
		}
		Source owner = this.analysis.changes().isColumn(name) ? owner(reference, name, scope) : null;
		if (owner != null) {
			resolved(reference, owner, name, use);
			Read read = this.analysis.readOf(reference);
			if (read != null && read.changes() && isNameTaken(read, read.otherColumns(), scope)) {
				qualify(read, scope);
			}
			return;
		}
		Source row = scope.byAlias(name);
		if (row != null) {
			this.analysis.account().settle(reference.last());
			wholeRow(row, reference);
		}
		else {
			this.analysis.account().settle(reference.last());
		}
	}

	private void resolved(Element.Reference reference, Source source, String name, Use use) {
		this.analysis.account().settle(reference.first(), reference.last());
		ChangingTable table = source.table();
		if (table == null) {
			return;
		}
		ColumnRule rule = table.ruleOf(name);
		ColumnRule lost = table.ruleAgainst(name);
		boolean renamed = source.isDerived() && source.columns().owns(name);
		if (rule == null && lost != null && !renamed) {
			throw this.analysis.forbidden(reference.last(), lost);
		}
		if (rule != null) {
			if (use == Use.CONFLICT && use.reading(rule) == Reading.OLD && !rule.column().isIdentity()) {
				throw this.analysis.refuse(reference.last(),
						"The conflict target has an expression over " + Identifiers.quote(name)
								+ ", whose values are converted, so that no index of the old column answers it.",
						"Name the column itself, or the constraint.");
			}
			if (use == Use.CONFLICT_COLUMN && use.reading(rule) == Reading.OLD && !rule.column().lossless()) {
				throw this.analysis.refuse(reference.last(), "The conflict target is " + Identifiers.quote(name)
						+ ", which is the old column's until contract, and two values of the new one may be the same there, so that another row would be taken for this one.",
						"Declare the change lossless if up(down(value)) is the value again for all that the column can hold, or do without the conflict target until contract.");
			}
			this.analysis.read(new Read(reference, source, table, rule, reading(source, rule, use),
					use == Use.CONFLICT_COLUMN, isMissing(source, reference)));
		}
	}

	/**
	 * Whether the row may be missing that a reference is about.
	 */
	boolean isMissing(Source source, Element.Reference reference) {
		return source.isMissing(reference.qualified() ? this.analysis.name(reference.last() - 2) : null);
	}

	private static Reading reading(Source source, ColumnRule rule, Use use) {
		if (source.role() == Source.Role.EXCLUDED) {
			return (rule.writing() == Writing.OLD) ? Reading.OLD : Reading.NEW;
		}
		return use.reading(rule);
	}

	/**
	 * The source that owns an unqualified name.
	 * @return the source, {@code null} if the name is no column as far as is known
	 */
	private @Nullable Source owner(Element.Reference reference, String name, Scope scope) {
		boolean uncertain = false;
		List<Source> capturing = new ArrayList<>();
		for (Scope level = scope; level != null; level = level.parent()) {
			List<Source> owners = new ArrayList<>();
			boolean open = false;
			for (Source source : level.sources()) {
				if (source.owns(name)) {
					owners.add(source);
				}
				else if (source.losesColumn(name)) {
					capturing.add(source);
				}
				open |= source.columns().open();
			}
			if (!owners.isEmpty() && uncertain) {
				throw ambiguous(reference, name);
			}
			if (owners.size() > 1) {
				capturing.forEach((source) -> source.derive(reference.last()));
				return merged(reference, name, level, owners);
			}
			if (owners.size() == 1) {
				if (!capturing.isEmpty()) {
					qualify(reference, owners.get(0), capturing, scope);
				}
				return owners.get(0);
			}
			uncertain |= open;
		}
		if (!uncertain && scope.byAlias(name) != null) {
			capturing.forEach((source) -> source.derive(reference.last()));
			return null;
		}
		for (Source source : capturing) {
			ColumnRule rule = (source.table() != null) ? source.table().ruleAgainst(name) : null;
			if (rule != null) {
				throw this.analysis.forbidden(reference.last(), rule);
			}
		}
		return null;
	}

	private Source merged(Element.Reference reference, String name, Scope level, List<Source> owners) {
		if (!level.isMerged(name)) {
			throw ambiguous(reference, name);
		}
		return owners.stream().filter((source) -> source.table() != null).findFirst().orElse(owners.get(0));
	}

	private RefusalException ambiguous(Element.Reference reference, String name) {
		return this.analysis.refuse(reference.last(),
				"It is not certain which table the column " + Identifiers.quote(name) + " belongs to.",
				"Write the table's name or alias before the column.");
	}

	/**
	 * Resolves a bare name whose owner is known, though others may have a column of that
	 * name.
	 */
	void resolve(Element.Reference reference, Source owner, Scope scope) {
		resolved(reference, owner, this.analysis.name(reference.last()), Use.PREDICATE);
		Read read = this.analysis.readOf(reference);
		if (read != null && read.changes() && isNameTaken(read, read.columns(), scope)) {
			qualify(read, scope);
		}
	}

	/**
	 * Whether the name alone of a column that is read in a reference's place would mean
	 * something of another source, too. Of columns that do not change it is not known who
	 * else has one of that name.
	 */
	private boolean isNameTaken(Read read, Set<String> columns, Scope scope) {
		for (Scope level = scope; level != null; level = level.parent()) {
			for (Source source : level.sources()) {
				boolean takes = columns.stream()
					.anyMatch((column) -> source.owns(column) || source.losesColumn(column) || source.columns().open()
							|| !this.analysis.changes().isColumn(column));
				if (source != read.source() && takes) {
					return true;
				}
			}
			if (level.sources().contains(read.source())) {
				return false;
			}
		}
		return false;
	}

	/**
	 * Has the owner written before the columns that are read in a reference's place, or
	 * the table read through a derived table where its name does not reach.
	 */
	void qualify(Read read, Scope scope) {
		String alias = read.source().alias();
		if (read.reference().qualified()) {
			return;
		}
		if (alias != null && scope.byAlias(alias) == read.source()) {
			this.analysis.qualify(read.reference(), alias);
		}
		else {
			read.source().derive(read.reference().last());
		}
	}

	/**
	 * Writes the owner before a name that a column which goes away would catch, or hides
	 * that column.
	 */
	private void qualify(Element.Reference reference, Source owner, List<Source> capturing, Scope scope) {
		String alias = owner.alias();
		if (alias == null || scope.byAlias(alias) != owner) {
			capturing.forEach((source) -> source.derive(reference.last()));
			return;
		}
		this.analysis.edits()
			.replace(reference.first(), reference.last(),
					Names.write(alias) + "." + this.analysis.tokens().text(reference.last()));
	}

}
