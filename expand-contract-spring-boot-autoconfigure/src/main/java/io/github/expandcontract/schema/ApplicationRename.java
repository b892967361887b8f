package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;

/**
 * A rename without a trigger. Nothing keeps old in step once the application has stopped
 * to write it, so it is new that stays in the end, and is first given what old had: NOT
 * NULL, the default, the comment, and the names of the indexes. From there the way back
 * is that of any rename: the column that stayed gets its former name again.
 */
final class ApplicationRename {

	private final Ddl ddl;

	ApplicationRename(Ddl ddl) {
		this.ddl = ddl;
	}

	static String notNullCheck(ColumnChange change, String column) {
		return ShortName.of("expand_contract_nn_", column, change.table().quoted(), column);
	}

	void relaxOld(ColumnChange change) {
		if (!relaxSteps(this.ddl.jdbc(), change).isEmpty()) {
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

	void prepare(ColumnChange change, Duration lockTimeout) {
		for (Step step : prepareSteps(this.ddl.jdbc(), change)) {
			this.ddl.once(step.purpose(), lockTimeout, (jdbc) -> {
				jdbc.execute(step.sql());
				return change;
			});
		}
	}

	List<Step> relaxSteps(JdbcOperations jdbc, ColumnChange change) {
		if (ColumnSteps.inspect(jdbc, change) != Situation.BOTH
				|| !ColumnSteps.column(jdbc, change, change.oldColumn()).notNull()) {
			return List.of();
		}
		return List.of(Step.inTransaction("let old be null while nothing writes it", LockLevel.ACCESS_EXCLUSIVE,
				alter(change, change.oldColumn()) + "DROP NOT NULL"), mark(change, Marker.relaxed(change)));
	}

	List<Step> restoreSteps(JdbcOperations jdbc, ColumnChange change) {
		if (ColumnSteps.inspect(jdbc, change) != Situation.BOTH || !isRelaxed(jdbc, change)) {
			return List.of();
		}
		List<Step> steps = new ArrayList<>(notNullSteps(jdbc, change, change.oldColumn()));
		steps.add(mark(change, Marker.of(change)));
		return steps;
	}

	List<Step> prepareSteps(JdbcOperations jdbc, ColumnChange change) {
		if (ColumnSteps.inspect(jdbc, change) != Situation.BOTH) {
			return List.of();
		}
		boolean required = isRelaxed(jdbc, change) || ColumnSteps.column(jdbc, change, change.oldColumn()).notNull();
		return required ? notNullSteps(jdbc, change, change.newColumn()) : List.of();
	}

	List<Step> contractSteps(JdbcOperations jdbc, ColumnChange change, List<Step> indexNames) {
		Column original = ColumnSteps.column(jdbc, change, change.oldColumn());
		ColumnCheck.checkApplication(jdbc, change, original);
		String table = change.table().quoted();
		List<Step> steps = new ArrayList<>(new SyncTrigger(change).drop());
		if (original.defaultExpression() != null) {
			steps.add(Step.inTransaction("give new the default", LockLevel.ACCESS_EXCLUSIVE,
					alter(change, change.newColumn()) + "SET DEFAULT " + original.defaultExpression()));
		}
		steps.add(comment(change, change.newColumn(), ColumnCheck.comment(jdbc, change.table(), change.oldColumn())));
		steps.add(Step.inTransaction("drop the original", LockLevel.ACCESS_EXCLUSIVE,
				"ALTER TABLE " + table + " DROP COLUMN " + Identifiers.quote(change.oldColumn()) + " RESTRICT"));
		steps.addAll(indexNames);
		return steps;
	}

	private List<Step> notNullSteps(JdbcOperations jdbc, ColumnChange change, String column) {
		String table = "ALTER TABLE " + change.table().quoted() + " ";
		String name = notNullCheck(change, column);
		Boolean there = jdbc.queryForObject("""
				SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint
				  WHERE conrelid = pg_catalog.to_regclass(?) AND conname = ?)
				""", Boolean.class, change.table().quoted(), name);
		boolean checked = Boolean.TRUE.equals(there);
		List<Step> steps = new ArrayList<>();
		if (!ColumnSteps.column(jdbc, change, column).notNull()) {
			if (!checked) {
				steps.add(Step.inTransaction("forbid null in new rows", LockLevel.ACCESS_EXCLUSIVE,
						table + "ADD CONSTRAINT " + Identifiers.quote(name) + " CHECK (" + Identifiers.quote(column)
								+ " IS NOT NULL) NOT VALID"));
				checked = true;
			}
			steps.add(Step.inTransaction("look at the rows that are there", LockLevel.SHARE_UPDATE_EXCLUSIVE,
					table + "VALIDATE CONSTRAINT " + Identifiers.quote(name)));
			steps.add(Step.inTransaction("forbid null, without another look", LockLevel.ACCESS_EXCLUSIVE,
					alter(change, column) + "SET NOT NULL"));
		}
		if (checked) {
			steps.add(Step.inTransaction("drop the check that has served", LockLevel.ACCESS_EXCLUSIVE,
					table + "DROP CONSTRAINT " + Identifiers.quote(name)));
		}
		return steps;
	}

	private static boolean isRelaxed(JdbcOperations jdbc, ColumnChange change) {
		return Marker.isRelaxed(ColumnCheck.comment(jdbc, change.table(), change.newColumn()), change);
	}

	private static Step mark(ColumnChange change, String marker) {
		return comment(change, change.newColumn(), marker);
	}

	private static Step comment(ColumnChange change, String column, @Nullable String comment) {
		return Step.inTransaction("comment on \"" + column + "\"", LockLevel.SHARE_UPDATE_EXCLUSIVE,
				"COMMENT ON COLUMN " + change.table().quoted() + "." + Identifiers.quote(column) + " IS "
						+ ((comment != null) ? Sql.literal(comment) : "NULL"));
	}

	private static String alter(ColumnChange change, String column) {
		return "ALTER TABLE " + change.table().quoted() + " ALTER COLUMN " + Identifiers.quote(column) + " ";
	}

}
