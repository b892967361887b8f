package io.github.expandcontract.schema;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Table;

/**
 * What must be so before columns are split or merged. Leaves nothing behind.
 */
final class ReshapeCheck {

	private final Ddl ddl;

	private final SyncMode sync;

	ReshapeCheck(Ddl ddl, SyncMode sync) {
		this.ddl = ddl;
		this.sync = sync;
	}

	void check(ReshapeColumns change) {
		change.changingColumns().forEach((name) -> ColumnCheck.checkName(change, name));
		JdbcOperations jdbc = this.ddl.jdbc();
		ColumnCheck columns = new ColumnCheck(jdbc, this.sync);
		Table table = columns.table(change);
		if (ReshapeSteps.inspect(jdbc, change) == Situation.NEW_ONLY) {
			return;
		}
		if (!this.sync.hasTrigger()) {
			throw new UnsupportedChangeException(change,
					"with sync 'application' nothing keeps the columns in step with what others write, nor with a "
							+ "statement that writes some of them.",
					"Set 'expand-contract.sync' to 'both'.");
		}
		for (String name : change.oldColumns()) {
			Column original = table.column(name).orElseThrow(() -> ColumnCheck.unknownColumn(change, table, name));
			new OriginalCheck(jdbc, table, original).check(change);
		}
		columns.checkTable(change, table);
		checkNew(change, table);
		new Privileges(jdbc).requireChanging(change);
		new ReshapeConversionCheck(change, table).check(this.ddl);
		if (new SyncTrigger(change).convertsOtherwise(jdbc)) {
			throw new UnsupportedChangeException(change,
					"the change is under way with other expressions, by which the trigger converts and rows are filled.",
					"Put those expressions back; other ones need other new columns and another id.");
		}
	}

	private void checkNew(ReshapeColumns change, Table table) {
		boolean begun = change.newColumns().stream().anyMatch((name) -> table.column(name).isPresent());
		if (!begun) {
			change.oldColumns().forEach((name) -> checkDefault(change, table, name));
			return;
		}
		for (String name : change.newColumns()) {
			if (table.column(name).isEmpty()) {
				throw new UnknownColumnException(change,
						"the column \"" + name + "\" is missing, while others of the change are there.",
						"Drop the other new columns too if nobody needs what they hold, to have all of them made again.");
			}
			requireOurs(this.ddl.jdbc(), change, name);
		}
	}

	static void requireOurs(JdbcOperations jdbc, ReshapeColumns change, String name) {
		if (!Marker.marks(ColumnCheck.comment(jdbc, change.table(), name), change)) {
			throw new ForeignColumnException(change,
					"the column \"" + name + "\" exists already and is not one that this change made.",
					"Choose another name, or drop the column if nobody needs it.");
		}
	}

	/*
	 * An INSERT of NULL into every new column would get what the default makes of them.
	 */
	private static void checkDefault(ReshapeColumns change, Table table, String name) {
		String expression = table.column(name).map(Column::defaultExpression).orElse(null);
		if (expression != null) {
			throw new UnsupportedChangeException(change,
					"\"" + name + "\" has a default (" + expression
							+ "), which an INSERT that sets all of the new columns to NULL would get instead.",
					"Drop the default, and let the application give the value.");
		}
	}

}
