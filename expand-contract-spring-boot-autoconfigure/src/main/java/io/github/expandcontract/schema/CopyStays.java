package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Identifiers;

/**
 * The original is dropped, and the copy stays: of another type, or because without a
 * trigger nothing has kept the original in step. It is given what the original had: NOT
 * NULL, the default, the comment, the grants, what the server knows of its statistics and
 * storage, and by the {@link Carrier} all that hung on it. What it cannot be given keeps
 * the transaction from being made.
 */
final class CopyStays implements Ending {

	private final WayBack wayBack;

	CopyStays(WayBack wayBack) {
		this.wayBack = wayBack;
	}

	@Override
	public boolean copyStays() {
		return true;
	}

	@Override
	public Phase returnsTo() {
		return this.wayBack.phase();
	}

	@Override
	public List<Step> prepareSteps(JdbcOperations jdbc, ColumnChange change) {
		if (ColumnSteps.inspect(jdbc, change) != Situation.BOTH) {
			return List.of();
		}
		List<Step> steps = new ArrayList<>(this.wayBack.prepareSteps(jdbc));
		if (Relaxation.isRelaxed(jdbc, change) || ColumnSteps.column(jdbc, change, change.oldColumn()).notNull()) {
			steps.addAll(NotNull.steps(jdbc, change, change.newColumn()));
		}
		return steps;
	}

	@Override
	public List<Step> contractSteps(JdbcOperations jdbc, ColumnChange change, Carried carried) {
		requireNothingLost(jdbc, change, carried);
		String table = "ALTER TABLE " + change.table().quoted() + " ";
		Column original = ColumnSteps.column(jdbc, change, change.oldColumn());
		List<Step> steps = new ArrayList<>(new SyncTrigger(change).drop());
		String expression = original.defaultExpression();
		if (expression != null) {
			steps.add(Step.inTransaction("give new the default", LockLevel.ACCESS_EXCLUSIVE,
					table + "ALTER COLUMN " + Identifiers.quote(change.newColumn()) + " SET DEFAULT "
							+ change.up("(CAST((" + expression + ") AS " + original.type() + "))")));
		}
		steps.addAll(this.wayBack.rememberSteps(jdbc));
		steps.addAll(Attributes.carry(jdbc, change.table(), change.oldColumn(), change.newColumn(), change.oldColumn(),
				ColumnSteps.copyType(original, change)));
		steps.addAll(carried.before());
		steps.add(Step
			.inTransaction("drop the original", LockLevel.ACCESS_EXCLUSIVE,
					table + "DROP COLUMN " + Identifiers.quote(change.oldColumn()) + " RESTRICT")
			.locking(LockLevel.ACCESS_EXCLUSIVE, ForeignKeys.others(jdbc, change.table(), change.oldColumn())));
		steps.addAll(carried.after());
		steps.addAll(KeptName.contractSteps(change));
		return steps;
	}

	private static void requireNothingLost(JdbcOperations jdbc, ColumnChange change, Carried carried) {
		if (!carried.state().equals(Carrier.state(jdbc, carried.objects()))) {
			throw new UnsupportedChangeException(change,
					"something that hangs on \"" + change.oldColumn() + "\" has been altered at this very moment.",
					"It is read again when CONTRACT is tried again.");
		}
		List<String> losses = Losses.of(jdbc, change, carried.objects());
		if (!losses.isEmpty()) {
			throw new UnsupportedChangeException(change,
					"the column \"" + change.oldColumn() + "\" is dropped at CONTRACT, and this would be lost with it: "
							+ String.join("; ", losses) + ".",
					"Create on \"" + change.newColumn()
							+ "\" what is needed there in a migration, drop these, and the change goes on.");
		}
	}

	@Override
	public List<Step> foreseenPreparation(JdbcOperations jdbc, ColumnChange change) {
		List<Step> steps = new ArrayList<>(this.wayBack.prepareSteps(jdbc));
		if (ColumnSteps.column(jdbc, change, change.oldColumn()).notNull()) {
			steps.addAll(NotNull.foreseen(change, change.newColumn()));
		}
		return steps;
	}

	@Override
	public List<Step> foreseenReturn(JdbcOperations jdbc, ColumnChange change, List<Step> indexNames) {
		return this.wayBack.foreseen(jdbc, change, indexNames);
	}

	@Override
	public List<Step> reopenSteps(JdbcOperations jdbc, ColumnChange change) {
		return this.wayBack.steps(jdbc, change);
	}

}
