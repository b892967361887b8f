package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.change.RenameInPlace;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.LockUnavailableException;

/**
 * The one step on the schema that renames a column in place, and the same the other way
 * round. Whatever hangs on the column stays on it.
 */
public final class InPlaceSteps {

	private final Ddl ddl;

	/**
	 * Creates the steps.
	 * @param ddl where statements run
	 */
	public InPlaceSteps(Ddl ddl) {
		this.ddl = ddl;
	}

	/**
	 * Checks that the column can be renamed. Touches nothing.
	 * @param change the change
	 * @throws UnsupportedChangeException if not, with the reason and the way out
	 */
	public void check(RenameInPlace change) {
		new InPlaceCheck(this.ddl.jdbc()).check(change);
	}

	/**
	 * Which of the two names is there.
	 * @param change the change
	 * @return the situation by the catalog
	 */
	public Situation inspect(RenameInPlace change) {
		return ColumnSteps.inspect(this.ddl.jdbc(), change.byCopy());
	}

	/**
	 * Gives the column its new name, in one transaction and one attempt.
	 * @param change the change
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first, before the
	 * table is locked
	 * @throws LockUnavailableException if the lock did not come
	 * @throws UnsupportedChangeException if someone else changed the columns
	 */
	public void contract(RenameInPlace change, Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		turn("contract " + change.id(), change, lockTimeout, alongside, Situation.NEW_ONLY);
	}

	/**
	 * Gives the column its former name again, in one transaction and one attempt.
	 * @param change the change
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first, before the
	 * table is locked
	 * @throws LockUnavailableException if the lock did not come
	 * @throws UnsupportedChangeException if someone else changed the columns
	 */
	public void reopen(RenameInPlace change, Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		turn("reopen " + change.id(), change, lockTimeout, alongside, Situation.OLD_ONLY);
	}

	/**
	 * What names the column, as it is called now.
	 * @param change the change
	 * @return what would break when it is called otherwise, and what is carried along
	 */
	public List<Dependent> dependents(RenameInPlace change) {
		boolean over = inspect(change) == Situation.NEW_ONLY;
		String present = over ? change.newColumn() : change.oldColumn();
		String other = over ? change.oldColumn() : change.newColumn();
		return new Dependents(this.ddl.jdbc(), false)
			.of(new RenameColumn(change.id(), change.table(), present, other, change.declaredAt()), Set.of());
	}

	/**
	 * What runs on the schema between two phases.
	 * @param change the change
	 * @param from the phase before
	 * @param to the phase after
	 * @return the statements in their order, empty where the schema stays as it is
	 */
	public List<Step> plan(RenameInPlace change, Phase from, Phase to) {
		if ((from == Phase.CONTRACT) == (to == Phase.CONTRACT)) {
			return List.of();
		}
		return List.of(ColumnSteps.lockStep(change),
				step(change, (to == Phase.CONTRACT) ? Situation.NEW_ONLY : Situation.OLD_ONLY));
	}

	private void turn(String step, RenameInPlace change, Duration lockTimeout, Consumer<JdbcOperations> alongside,
			Situation goal) {
		this.ddl.once(step, lockTimeout, (jdbc) -> {
			alongside.accept(jdbc);
			ColumnSteps.lock(jdbc, change);
			Situation situation = ColumnSteps.inspect(jdbc, change.byCopy());
			if (situation != goal) {
				require(jdbc, change, situation);
				ColumnSteps.run(jdbc, List.of(step(change, goal)));
			}
			return change;
		});
	}

	private static void require(JdbcOperations jdbc, RenameInPlace change, Situation situation) {
		if (situation == Situation.BOTH) {
			throw new InPlaceCheck(jdbc).both(change);
		}
		if (situation == Situation.NEITHER) {
			throw new UnsupportedChangeException(change,
					"the table has neither a column \"" + change.oldColumn() + "\" nor \"" + change.newColumn() + "\".",
					"Look who changed the table.");
		}
	}

	private static Step step(RenameInPlace change, Situation goal) {
		return (goal == Situation.NEW_ONLY)
				? rename("give the column its new name, which nobody but annotated repositories may miss", change,
						change.oldColumn(), change.newColumn())
				: rename("give the column its former name", change, change.newColumn(), change.oldColumn());
	}

	private static Step rename(String purpose, RenameInPlace change, String from, String to) {
		return Step.inTransaction(purpose, LockLevel.ACCESS_EXCLUSIVE, "ALTER TABLE " + change.table().quoted()
				+ " RENAME COLUMN " + Identifiers.quote(from) + " TO " + Identifiers.quote(to));
	}

}
