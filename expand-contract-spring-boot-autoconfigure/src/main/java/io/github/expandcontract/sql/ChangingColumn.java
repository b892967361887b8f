package io.github.expandcontract.sql;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * A column as statements know it, and the columns of the table that hold its value while
 * a change is under way. One kind for each way in which columns change.
 */
sealed interface ChangingColumn permits ColumnPair, ColumnInPlace, AddedColumn, ReshapedColumn, LeavingColumn {

	/**
	 * The name by which statements know the column in every phase.
	 */
	String name();

	/**
	 * Whether there will be a column of that name in the end.
	 */
	default boolean stays() {
		return true;
	}

	/**
	 * The column of the table that holds the value in the end, by its present name.
	 */
	String newColumn();

	/**
	 * The column of the table that holds the value in another form until then, if one
	 * alone does.
	 */
	default @Nullable String oldColumn() {
		return null;
	}

	/**
	 * The columns of the table that will not be there in the end.
	 */
	default List<String> leaving() {
		return List.of();
	}

	/**
	 * The names that are names of columns now and that no statement may say.
	 */
	default List<String> forbidden() {
		return leaving();
	}

	/**
	 * What a statement may say in place of a forbidden name.
	 */
	default List<String> instead() {
		return List.of(name());
	}

	/**
	 * The value as the columns that were there before give it.
	 * @param reference gives an expression for the value of a column by its name
	 */
	default String up(UnaryOperator<String> reference) {
		throw new IllegalStateException(name() + " follows from no other column");
	}

	/**
	 * The old column's value from the new one's.
	 * @param newReference an expression for the new column's value
	 */
	default String down(String newReference) {
		throw new IllegalStateException(name() + " has no old column");
	}

	/**
	 * The value where it is not known whether the new column is filled.
	 * @param reference gives an expression for the value of a column by its name
	 * @param up the value as the columns that were there before give it
	 */
	default String fallback(UnaryOperator<String> reference, String up) {
		return "COALESCE(" + reference.apply(newColumn()) + ", " + up + ")";
	}

	/**
	 * Whether an UPDATE of other columns takes its value from this one where it is not
	 * filled yet, so that it has to fill it.
	 * @param assigned the columns that it assigns, by the names that it says
	 */
	default boolean isFilledWith(Set<String> assigned) {
		return false;
	}

	/**
	 * Whether the old column's value is the value itself.
	 */
	default boolean isIdentity() {
		return false;
	}

	/**
	 * Whether the old column can hold whatever the new one can.
	 */
	default boolean lossless() {
		return true;
	}

	/**
	 * Whether the column has the old one's place among the table's columns in the end.
	 * @param synced whether a trigger keeps the columns in step to the end
	 */
	default boolean originalStays(boolean synced) {
		return false;
	}

}
