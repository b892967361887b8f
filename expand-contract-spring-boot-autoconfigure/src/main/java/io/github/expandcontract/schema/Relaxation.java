package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;

/**
 * NOT NULL of old while it does not hold what it should: lifted when nothing writes it
 * any more and no trigger does, and put on again when it has been filled. In between the
 * comment of new remembers it.
 */
final class Relaxation {

	private final Ddl ddl;

	Relaxation(Ddl ddl) {
		this.ddl = ddl;
	}

	void relaxOld(ColumnChange change) {
		if (ColumnSteps.inspect(this.ddl.jdbc(), change) == Situation.BOTH
				&& !relaxSteps(this.ddl.jdbc(), change).isEmpty()) {
			this.ddl.inTransaction("let " + change.oldColumn() + " be null", (jdbc) -> {
				ColumnSteps.lock(jdbc, change);
				ColumnSteps.run(jdbc, relaxSteps(jdbc, change));
				return change;
			});
		}
	}

	void restoreOld(ColumnChange change) {
		for (Step step : restoreSteps(this.ddl.jdbc(), change)) {
			this.ddl.inTransaction(step.purpose(), (jdbc) -> {
				jdbc.execute(step.sql());
				return change;
			});
		}
	}

	List<Step> relaxSteps(JdbcOperations jdbc, ColumnChange change) {
		if (!isRequired(jdbc, change, change.oldColumn())) {
			return List.of();
		}
		return List.of(
				Step.inTransaction("let old be null while nothing writes it", LockLevel.ACCESS_EXCLUSIVE,
						"ALTER TABLE " + change.table().quoted() + " ALTER COLUMN "
								+ Identifiers.quote(change.oldColumn()) + " DROP NOT NULL"),
				mark(change, Marker.relaxed(change)));
	}

	List<Step> restoreSteps(JdbcOperations jdbc, ColumnChange change) {
		if (ColumnSteps.inspect(jdbc, change) != Situation.BOTH) {
			return List.of();
		}
		List<Step> steps = new ArrayList<>();
		if (isRelaxed(jdbc, change)) {
			steps.addAll(NotNull.steps(jdbc, change, change.oldColumn()));
		}
		if (isRelaxed(jdbc, change) || isRefilling(jdbc, change)) {
			steps.add(mark(change, Marker.of(change)));
		}
		return steps;
	}

	/**
	 * What {@link #restoreSteps} will be once old was relaxed, or added again.
	 */
	static List<Step> foreseenRestoration(JdbcOperations jdbc, ColumnChange change, Situation situation) {
		List<Step> steps = new ArrayList<>();
		String present = (situation == Situation.NEW_ONLY) ? change.newColumn() : change.oldColumn();
		if (isRequired(jdbc, change, present) || isRelaxed(jdbc, change)) {
			steps.addAll(NotNull.foreseen(change, change.oldColumn()));
		}
		steps.add(mark(change, Marker.of(change)));
		return steps;
	}

	private static boolean isRequired(JdbcOperations jdbc, ColumnChange change, String column) {
		return new Catalog(jdbc).table(change.table())
			.flatMap((table) -> table.column(column))
			.filter(Column::notNull)
			.isPresent();
	}

	static boolean isRelaxed(JdbcOperations jdbc, ColumnChange change) {
		return Marker.isRelaxed(ColumnCheck.comment(jdbc, change.table(), change.newColumn()), change);
	}

	static boolean isRefilling(JdbcOperations jdbc, ColumnChange change) {
		return Marker.isRefilling(ColumnCheck.comment(jdbc, change.table(), change.newColumn()), change);
	}

	private static Step mark(ColumnChange change, String marker) {
		return Attributes.comment(change.table(), change.newColumn(), marker);
	}

}
