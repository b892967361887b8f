package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.Change;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.ShortName;

/**
 * NOT NULL on a column that has rows, without a lock for the time that they are read: a
 * check that holds for new rows, then one look at the others, then the mark in the
 * catalog, which believes the check.
 */
final class NotNull {

	private NotNull() {
	}

	static String check(Change change, String column) {
		return ShortName.of("expand_contract_nn_", column, change.table().quoted(), column);
	}

	static List<Step> steps(JdbcOperations jdbc, Change change, String column) {
		return steps(change, column, ColumnSteps.column(jdbc, change, column).notNull(),
				isChecked(jdbc, change, column));
	}

	/**
	 * The steps where it is known, or foreseen, what is there.
	 * @param notNull whether the column is NOT NULL already
	 * @param isChecked whether the check is there already
	 */
	static List<Step> steps(Change change, String column, boolean notNull, boolean isChecked) {
		boolean checked = isChecked;
		List<Step> steps = new ArrayList<>();
		if (!notNull) {
			if (!checked) {
				steps.add(addCheck(change, column));
				checked = true;
			}
			steps.add(validate(change, column));
			steps.add(set(change, column));
		}
		if (checked) {
			steps.add(dropCheck(change, column));
		}
		return steps;
	}

	static Step addCheck(Change change, String column) {
		return Step.inTransaction("forbid null in new rows", LockLevel.ACCESS_EXCLUSIVE,
				"ALTER TABLE " + change.table().quoted() + " ADD CONSTRAINT " + Identifiers.quote(check(change, column))
						+ " CHECK (" + Identifiers.quote(column) + " IS NOT NULL) NOT VALID");
	}

	static Step validate(Change change, String column) {
		return ConstraintSteps.validate(change.table(), check(change, column));
	}

	static Step set(Change change, String column) {
		return Step.inTransaction("forbid null, without another look", LockLevel.ACCESS_EXCLUSIVE, "ALTER TABLE "
				+ change.table().quoted() + " ALTER COLUMN " + Identifiers.quote(column) + " SET NOT NULL");
	}

	static Step dropCheck(Change change, String column) {
		return Step.inTransaction("drop the check that has served", LockLevel.ACCESS_EXCLUSIVE, "ALTER TABLE "
				+ change.table().quoted() + " DROP CONSTRAINT " + Identifiers.quote(check(change, column)));
	}

	static boolean isChecked(JdbcOperations jdbc, Change change, String column) {
		return Boolean.TRUE.equals(jdbc.queryForObject("""
				SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint
				  WHERE conrelid = pg_catalog.to_regclass(?) AND conname = ?)
				""", Boolean.class, change.table().quoted(), check(change, column)));
	}

}
