package io.github.expandcontract.sql;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A reference to a changing column, and how it is read.
 *
 * @param reference where it stands
 * @param source what it belongs to
 * @param table the table of that source
 * @param rule the column's rule
 * @param reading from where it is read
 * @param raw whether the old column is named as it is, without a conversion
 * @param missing whether there may be no row of the source
 */
record Read(Element.Reference reference, Source source, ChangingTable table, ColumnRule rule, Reading reading,
		boolean raw, boolean missing) {

	/**
	 * Whether it is to be written in another way.
	 */
	boolean changes() {
		return !this.rule.isAsWritten(this.reading) && !this.source.isDerived();
	}

	/**
	 * The column whose mere name takes the reference's place, if one does.
	 */
	@Nullable String plainColumn() {
		return switch (this.reading) {
			case NEW -> this.rule.column().newColumn();
			case OLD -> (this.raw || this.rule.column().isIdentity()) ? this.rule.oldColumn() : null;
			case FALLBACK -> null;
		};
	}

	/**
	 * The columns by which it is read.
	 */
	Set<String> columns() {
		return this.table.named(this.rule, this.reading, this.missing);
	}

	/**
	 * The columns by which it is read, besides the one that it names.
	 */
	Set<String> otherColumns() {
		Set<String> columns = columns();
		columns.remove(this.rule.name());
		return columns;
	}

}
