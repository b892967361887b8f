package io.github.expandcontract.change;

import java.util.List;

/**
 * A change that adds something to a table which moves no values and renames nothing, so
 * that no statement is rewritten for it.
 */
public sealed interface TableChange extends Change
		permits AddForeignKey, AddIndex, AddUnique, AddCheck, RequireNotNull {

	@Override
	default List<String> changingColumns() {
		return List.of();
	}

	@Override
	default <T> T accept(ChangeVisitor<T> visitor) {
		return visitor.tableChange(this);
	}

	/**
	 * Tells the kinds apart.
	 * @param <T> the type of the answer
	 * @param visitor the answer for each kind
	 * @return the answer for this one
	 */
	<T> T accept(TableChangeVisitor<T> visitor);

	/**
	 * Whether the change names a column, which then must not change meanwhile.
	 * @param column the column's name as the catalog spells it
	 * @return whether it may name it; a text that is not taken apart may do so where it
	 * does not
	 */
	boolean names(String column);

}
