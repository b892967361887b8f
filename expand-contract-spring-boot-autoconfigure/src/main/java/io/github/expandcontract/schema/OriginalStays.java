package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;

/**
 * The copy was the vehicle: it is dropped, and the original column stays under the new
 * name with everything that hangs on it.
 */
final class OriginalStays implements Ending {

	@Override
	public boolean copyStays() {
		return false;
	}

	@Override
	public Phase returnsTo() {
		return new FormerName().phase();
	}

	@Override
	public List<Step> prepareSteps(JdbcOperations jdbc, ColumnChange change) {
		return List.of();
	}

	@Override
	public List<Step> contractSteps(JdbcOperations jdbc, ColumnChange change, Carried carried) {
		String table = change.table().quoted();
		List<Step> steps = new ArrayList<>(new SyncTrigger(change).drop());
		steps.add(Step.inTransaction("drop the copy", LockLevel.ACCESS_EXCLUSIVE,
				"ALTER TABLE " + table + " DROP COLUMN " + Identifiers.quote(change.newColumn()) + " RESTRICT"));
		steps.add(Step.inTransaction("give the original its new name", LockLevel.ACCESS_EXCLUSIVE,
				"ALTER TABLE " + table + " RENAME COLUMN " + Identifiers.quote(change.oldColumn()) + " TO "
						+ Identifiers.quote(change.newColumn())));
		return steps;
	}

	@Override
	public List<Step> reopenSteps(JdbcOperations jdbc, ColumnChange change) {
		return new FormerName().steps(jdbc, change);
	}

}
