package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;

/**
 * NOT NULL on a column that has rows, without a lock for the time that they are read: a
 * check that holds for new rows, then one look at the others, then the mark in the
 * catalog, which believes the check.
 */
final class NotNull {

	private NotNull() {
	}

	static String check(ColumnChange change, String column) {
		return ShortName.of("expand_contract_nn_", column, change.table().quoted(), column);
	}

	static List<Step> steps(JdbcOperations jdbc, ColumnChange change, String column) {
		return steps(change, column, ColumnSteps.column(jdbc, change, column).notNull(),
				isChecked(jdbc, change, column));
	}

	/**
	 * The steps for a column that will not have been touched by them.
	 */
	static List<Step> foreseen(ColumnChange change, String column) {
		return steps(change, column, false, false);
	}

	private static List<Step> steps(ColumnChange change, String column, boolean notNull, boolean present) {
		String table = "ALTER TABLE " + change.table().quoted() + " ";
		String name = Identifiers.quote(check(change, column));
		boolean checked = present;
		List<Step> steps = new ArrayList<>();
		if (!notNull) {
			if (!checked) {
				steps.add(Step.inTransaction("forbid null in new rows", LockLevel.ACCESS_EXCLUSIVE,
						table + "ADD CONSTRAINT " + name + " CHECK (" + Identifiers.quote(column)
								+ " IS NOT NULL) NOT VALID"));
				checked = true;
			}
			steps.add(Step.inTransaction("look at the rows that are there", LockLevel.SHARE_UPDATE_EXCLUSIVE,
					table + "VALIDATE CONSTRAINT " + name));
			steps.add(Step.inTransaction("forbid null, without another look", LockLevel.ACCESS_EXCLUSIVE,
					table + "ALTER COLUMN " + Identifiers.quote(column) + " SET NOT NULL"));
		}
		if (checked) {
			steps.add(dropCheck(change, column));
		}
		return steps;
	}

	static Step dropCheck(ColumnChange change, String column) {
		return Step.inTransaction("drop the check that has served", LockLevel.ACCESS_EXCLUSIVE, "ALTER TABLE "
				+ change.table().quoted() + " DROP CONSTRAINT " + Identifiers.quote(check(change, column)));
	}

	static boolean isChecked(JdbcOperations jdbc, ColumnChange change, String column) {
		return Boolean.TRUE.equals(jdbc.queryForObject("""
				SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint
				  WHERE conrelid = pg_catalog.to_regclass(?) AND conname = ?)
				""", Boolean.class, change.table().quoted(), check(change, column)));
	}

}
