package io.github.expandcontract.change;

import org.jspecify.annotations.Nullable;

/**
 * What holds for the names of every declaration of two columns.
 */
final class ColumnNames {

	private ColumnNames() {
	}

	/**
	 * Checks the names of two columns.
	 * @throws InvalidDeclarationException if a name is empty, the columns are the same or
	 * the id cannot be used
	 */
	static void requireTwo(@Nullable String explicitId, String table, String oldColumn, String newColumn,
			String declaredAt) {
		require(explicitId, table, oldColumn, newColumn, declaredAt);
		if (oldColumn.equals(newColumn)) {
			throw InvalidDeclarationException.sameColumn(declaredAt, oldColumn);
		}
	}

	/**
	 * Checks the names of two columns that may be one.
	 * @throws InvalidDeclarationException if a name is empty or the id cannot be used
	 */
	static void require(@Nullable String explicitId, String table, String oldColumn, String newColumn,
			String declaredAt) {
		if (table.isBlank() || oldColumn.isBlank() || newColumn.isBlank()) {
			throw InvalidDeclarationException.emptyName(declaredAt);
		}
		ChangeIds.requireUsable(ChangeIds.of(explicitId, table, newColumn), declaredAt);
	}

}
