package io.github.expandcontract.schema;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Table;

/**
 * What must be so before a column is added. Leaves nothing behind.
 */
final class AddColumnCheck {

	private final Ddl ddl;

	private final ColumnCheck columns;

	AddColumnCheck(Ddl ddl, SyncMode sync) {
		this.ddl = ddl;
		this.columns = new ColumnCheck(ddl.jdbc(), sync);
	}

	void check(AddColumn change) {
		ColumnCheck.checkName(change, change.column());
		Table table = this.columns.table(change);
		Column present = table.column(change.column()).orElse(null);
		switch (AddedColumnState.of(this.ddl.jdbc(), change)) {
			case FOREIGN -> throw foreign(change);
			case OVER -> {
				// Its expression may name what is gone since then
				if (present != null) {
					requireType(change, present);
				}
				return;
			}
			case OURS -> requireSameDeclaration(change);
			case ABSENT -> {
			}
		}
		this.columns.checkTable(change, table);
		change.fill().columns().forEach((name) -> requirePlain(change, table, name));
		ColumnCheck.checkPrivileges(this.ddl.jdbc(), change);
		new FillCheck(change).check(this.ddl, table, present);
	}

	static ForeignColumnException foreign(AddColumn change) {
		return new ForeignColumnException(change,
				"the column \"" + change.column() + "\" exists already, may be NULL, and was not added by this change.",
				"Choose another name, or drop the column if nobody needs it. If it is the one that is meant, fill it and "
						+ "set it NOT NULL in a migration, and remove the declaration.");
	}

	private void requireType(AddColumn change, Column present) {
		JdbcOperations jdbc = this.ddl.jdbc();
		Boolean same = jdbc.queryForObject("""
				SELECT a.atttypid = pg_catalog.to_regtype(?) FROM pg_catalog.pg_attribute a
				WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attname = ?
				""", Boolean.class, change.type(), change.table().quoted(), present.name());
		if (!Boolean.TRUE.equals(same)) {
			throw new ForeignColumnException(change,
					"the column \"" + present.name() + "\" exists already, but is of type " + present.type() + ".",
					"Declare the type that it has; or choose another name; or, if the change is over, remove its "
							+ "declaration.");
		}
	}

	private void requireSameDeclaration(AddColumn change) {
		if (!AddedMark.isSame(ColumnCheck.comment(this.ddl.jdbc(), change.table(), change.column()), change)) {
			throw new UnsupportedChangeException(change,
					"the change is under way with another type, fill or default, by which the column was added.",
					"Put these back until the change is over; other ones need another column and another id.");
		}
	}

	private static void requirePlain(AddColumn change, Table table, String name) {
		if (table.column(name).filter(Column::generated).isPresent()) {
			throw new UnsupportedChangeException(change,
					"fill names the generated column \"" + name + "\", which has no value yet when a row is inserted.",
					"Write the expression of \"" + name + "\" in its place.");
		}
	}

}
