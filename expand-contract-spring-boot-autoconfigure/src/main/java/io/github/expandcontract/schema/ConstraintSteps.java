package io.github.expandcontract.schema;

import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;

/**
 * Steps that constraints of several kinds have in common.
 */
final class ConstraintSteps {

	private ConstraintSteps() {
	}

	static Step lock(TableName table) {
		return Step.inTransaction("wait for the lock, no longer than the lock timeout", LockLevel.ACCESS_EXCLUSIVE,
				"LOCK TABLE " + table.quoted() + " IN ACCESS EXCLUSIVE MODE");
	}

	static Step mark(TableChange change, String name) {
		return Step.inTransaction("mark the constraint as ours", LockLevel.NONE,
				"COMMENT ON CONSTRAINT " + Identifiers.quote(name) + " ON " + change.table().quoted() + " IS "
						+ Sql.literal(Marker.made(change)));
	}

	static Step validate(TableName table, String name) {
		return Step.inTransaction("look at the rows that are there", LockLevel.SHARE_UPDATE_EXCLUSIVE,
				"ALTER TABLE " + table.quoted() + " VALIDATE CONSTRAINT " + Identifiers.quote(name));
	}

	static StepGroup drop(TableName table, String name) {
		return StepGroup.transaction(lock(table), dropStep(table, name));
	}

	static Step dropStep(TableName table, String name) {
		return Step.inTransaction("drop the constraint", LockLevel.ACCESS_EXCLUSIVE,
				"ALTER TABLE " + table.quoted() + " DROP CONSTRAINT " + Identifiers.quote(name));
	}

}
