package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;

/**
 * The column gets its former name back, beside an empty copy. Old holds every value from
 * the first moment, and the copy is filled in {@link Phase#BACKFILL} as it was before.
 */
final class FormerName implements WayBack {

	@Override
	public Phase phase() {
		return Phase.BACKFILL;
	}

	@Override
	public List<Step> rememberSteps(JdbcOperations jdbc) {
		return List.of();
	}

	@Override
	public List<Step> prepareSteps(JdbcOperations jdbc) {
		return List.of();
	}

	@Override
	public List<Step> steps(JdbcOperations jdbc, ColumnChange change) {
		return steps(jdbc, change, change.newColumn());
	}

	@Override
	public List<Step> foreseen(JdbcOperations jdbc, ColumnChange change, List<Step> indexNames) {
		return steps(jdbc, change, change.oldColumn());
	}

	private static List<Step> steps(JdbcOperations jdbc, ColumnChange change, String present) {
		List<Step> steps = new ArrayList<>();
		steps.add(Step.inTransaction("give the original its former name", LockLevel.ACCESS_EXCLUSIVE,
				"ALTER TABLE " + change.table().quoted() + " RENAME COLUMN " + Identifiers.quote(change.newColumn())
						+ " TO " + Identifiers.quote(change.oldColumn())));
		steps.addAll(ColumnSteps.copySteps(jdbc, change, present));
		return steps;
	}

}
