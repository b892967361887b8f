package io.github.expandcontract.change;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A change that brings new columns, whose values follow from others of the same row.
 */
public sealed interface RowChange extends Change permits ColumnChange, AddColumn, ReshapeColumns {

	/**
	 * The columns that go away.
	 * @return their names as the catalog spells them, empty where nothing is replaced
	 */
	List<String> oldColumns();

	/**
	 * The columns that come.
	 * @return their names as the catalog spells them while the change is under way, at
	 * least one
	 */
	List<String> newColumns();

	/**
	 * The value of a new column.
	 * @param newColumn one of {@link #newColumns()}
	 * @param reference gives an SQL expression for the value of a column by its name
	 * @return an SQL expression for the value, safe to stand anywhere an expression may
	 */
	String up(String newColumn, UnaryOperator<String> reference);

	/**
	 * The value of an old column.
	 * @param oldColumn one of {@link #oldColumns()}
	 * @param reference gives an SQL expression for the value of a column by its name
	 * @return an SQL expression for the value, safe to stand anywhere an expression may
	 */
	String down(String oldColumn, UnaryOperator<String> reference);

	@Override
	default List<String> changingColumns() {
		List<String> columns = new ArrayList<>(oldColumns());
		columns.addAll(newColumns());
		return List.copyOf(columns);
	}

	@Override
	default List<String> leavingColumns() {
		return oldColumns();
	}

}
