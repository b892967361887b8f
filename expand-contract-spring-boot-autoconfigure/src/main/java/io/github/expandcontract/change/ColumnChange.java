package io.github.expandcontract.change;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A change by which a new column takes the place of an old one.
 */
public sealed interface ColumnChange extends RowChange permits RenameColumn, ChangeType {

	/**
	 * The column that goes away.
	 * @return its name as the catalog spells it
	 */
	String oldColumn();

	/**
	 * The column that takes its place.
	 * @return its name as the catalog spells it while both are there
	 */
	String newColumn();

	/**
	 * The name by which the code knows the column, which is the one that is left in the
	 * end.
	 * @return the new column's name, or the old one's where the name is kept
	 */
	default String name() {
		return newColumn();
	}

	@Override
	default List<String> oldColumns() {
		return List.of(oldColumn());
	}

	@Override
	default List<String> newColumns() {
		return List.of(newColumn());
	}

	@Override
	default String up(String newColumn, UnaryOperator<String> reference) {
		return up(reference.apply(oldColumn()));
	}

	@Override
	default String down(String oldColumn, UnaryOperator<String> reference) {
		return down(reference.apply(newColumn()));
	}

	/**
	 * The new column's value from the old one's.
	 * @param oldReference an SQL expression for the old column's value
	 * @return an SQL expression for the new column's value, safe to stand anywhere an
	 * expression may
	 */
	String up(String oldReference);

	/**
	 * The old column's value from the new one's.
	 * @param newReference an SQL expression for the new column's value
	 * @return an SQL expression for the old column's value, safe to stand anywhere an
	 * expression may
	 */
	String down(String newReference);

	/**
	 * Whether {@code up(down(value))} is the value again for whatever the new column can
	 * hold, so that a predicate on the new column may be asked of the old one.
	 * @return whether the old column determines the new one
	 */
	boolean lossless();

	/**
	 * Tells the kinds apart, so that whoever does so learns from the compiler when there
	 * is one more.
	 * @param <T> the type of the answer
	 * @param rename the answer for a rename
	 * @param type the answer for a change of type
	 * @return the answer for this kind
	 */
	<T> T fold(Function<RenameColumn, T> rename, Function<ChangeType, T> type);

	/**
	 * Whether it is the original that stays after CONTRACT, under its new name and with
	 * all that hangs on it; else the new column stays and the original is dropped.
	 * @param synced whether a trigger keeps the columns in step to the end
	 * @return whether the original stays
	 */
	boolean keepsOriginal(boolean synced);

}
