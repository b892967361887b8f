package io.github.expandcontract.schema;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Column;

/**
 * How far a column that is to be added has come, by the catalog.
 */
enum AddedColumnState {

	/**
	 * It is not there.
	 */
	ABSENT,

	/**
	 * The change has added it and is under way.
	 */
	OURS,

	/**
	 * It is there for good and never NULL, by this change or from the beginning.
	 */
	OVER,

	/**
	 * Somebody else has made it, and it may be NULL.
	 */
	FOREIGN;

	static AddedColumnState of(JdbcOperations jdbc, AddColumn change) {
		Column column = new Catalog(jdbc).table(change.table())
			.flatMap((table) -> table.column(change.column()))
			.orElse(null);
		if (column == null) {
			return ABSENT;
		}
		if (AddedMark.marks(ColumnCheck.comment(jdbc, change.table(), change.column()), change)) {
			return OURS;
		}
		return column.notNull() ? OVER : FOREIGN;
	}

}
