package io.github.expandcontract.sql;

/**
 * A reference to a changing column, and how it is read.
 *
 * @param reference where it stands
 * @param source what it belongs to
 * @param rule the column's rule
 * @param reading from where it is read
 * @param raw whether the old column is named as it is, without a conversion
 */
record Read(Element.Reference reference, Source source, ColumnRule rule, Reading reading, boolean raw) {

	/**
	 * Whether it is to be written in another way.
	 */
	boolean changes() {
		return this.reading != Reading.NEW && !this.source.isDerived();
	}

}
