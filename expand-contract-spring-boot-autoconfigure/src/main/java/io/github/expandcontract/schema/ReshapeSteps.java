package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.LockUnavailableException;
import io.github.expandcontract.postgres.SqlStates;
import io.github.expandcontract.postgres.Table;

/**
 * The steps on the schema that split or merge columns.
 * <ol>
 * <li>The new columns are added, which may be NULL, with the grants of the old ones and
 * the trigger that keeps both sides in step.
 * <li>CONTRACT drops the trigger and the old columns. Nothing that hangs on these can be
 * given to the new ones, because none of them means what an old one did: whatever there
 * is keeps the transaction from being made.
 * <li>The way back adds the old columns again, with the trigger. They are
 * {@link #isRefilling filled} while everything reads the new ones, and are then as they
 * were.
 * </ol>
 * Every step reads the catalog first and does what is still missing, so that it may be
 * repeated, interrupted anywhere, and asked for by two instances at once.
 */
public final class ReshapeSteps {

	private final Ddl ddl;

	private final SyncMode sync;

	private final Statistics statistics;

	/**
	 * Creates the steps.
	 * @param ddl where statements run
	 * @param sync what keeps the columns in step
	 */
	public ReshapeSteps(Ddl ddl, SyncMode sync) {
		this.ddl = ddl;
		this.sync = sync;
		this.statistics = new Statistics(ddl);
	}

	/**
	 * Checks that a change can be made on the table as it is. Touches nothing.
	 * @param change the change
	 * @throws UnsupportedChangeException if not, with the reason and the way out
	 */
	public void check(ReshapeColumns change) {
		new ReshapeCheck(this.ddl, this.sync).check(change);
	}

	/**
	 * Adds the new columns and the trigger, unless they are there or the change is
	 * through already.
	 * @param change the change
	 * @throws UnsupportedChangeException if the change cannot be made
	 * @throws LockUnavailableException if the lock on the table did not come
	 */
	public void expand(ReshapeColumns change) {
		check(change);
		if (expandSteps(this.ddl.jdbc(), change).isEmpty()) {
			return;
		}
		ColumnSteps.createOwnSchema(this.ddl);
		this.ddl.inTransaction("expand " + change.id(), (jdbc) -> {
			ColumnSteps.lock(jdbc, change);
			ColumnSteps.run(jdbc, expandSteps(jdbc, change));
			return change;
		});
	}

	/**
	 * Lets the planner know the new columns, where it knows the old ones alone. It stands
	 * in the way of nothing, but reads of the new ones may be slow.
	 * @param change the change
	 */
	public void refreshStatistics(ReshapeColumns change) {
		if (inspect(change) == Situation.BOTH && this.statistics.missing(change)) {
			this.statistics.refresh(change);
		}
	}

	/**
	 * What keeps the columns from being kept in step.
	 * @param change the change
	 * @return a sentence for each trigger that does not fire, with what mends it
	 */
	public List<String> missingTriggers(ReshapeColumns change) {
		return new SyncTrigger(change).missing(this.ddl.jdbc());
	}

	/**
	 * What hangs on the columns of the change.
	 * @param change the change
	 * @return what keeps CONTRACT from being made, and what will be gone with the old
	 * columns
	 */
	public List<Dependent> dependents(ReshapeColumns change) {
		JdbcOperations jdbc = this.ddl.jdbc();
		Dependents dependents = new Dependents(jdbc, true);
		Set<Dependent> found = new LinkedHashSet<>();
		for (String old : change.oldColumns()) {
			change.newColumns().forEach((part) -> found.addAll(dependents.of(change, old, part, Set.of())));
		}
		Table table = new Catalog(jdbc).table(change.table()).orElseThrow();
		for (String old : change.oldColumns()) {
			table.column(old).ifPresent((column) -> {
				if (column.notNull()) {
					found.add(new Dependent("not null", "column " + old,
							"goes with the column; none of the new ones is NOT NULL unless you make it so", false));
				}
				String comment = ColumnCheck.comment(jdbc, change.table(), old);
				if (comment != null) {
					found.add(new Dependent("comment", "column " + old, comment, false));
				}
			});
		}
		return List.copyOf(found);
	}

	/**
	 * What can be done before the transaction of CONTRACT without keeping anyone waiting.
	 * @param change the change
	 */
	public void prepareContract(ReshapeColumns change) {
		for (Step step : FormerParts.install(this.ddl.jdbc())) {
			this.ddl.inTransaction(step.purpose(), (jdbc) -> ColumnSteps.run(jdbc, step));
		}
	}

	/**
	 * Leaves only the new columns, in one transaction and one attempt.
	 * @param change the change
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first, before the
	 * table is locked
	 * @throws LockUnavailableException if the lock did not come
	 * @throws DependentObjectException if an object depends on an old column
	 * @throws UnsupportedChangeException if something would be lost with an old column
	 */
	public void contract(ReshapeColumns change, Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		prepareContract(change);
		turn("contract " + change.id(), change, lockTimeout, alongside, Situation.NEW_ONLY, (jdbc) -> {
			change.newColumns().forEach((name) -> ReshapeCheck.requireOurs(jdbc, change, name));
			requireNothingLost(jdbc, change);
			ColumnSteps.run(jdbc, contractSteps(jdbc, change));
		});
	}

	private static void requireNothingLost(JdbcOperations jdbc, ReshapeColumns change) {
		Set<String> losses = new LinkedHashSet<>();
		change.oldColumns().forEach((old) -> losses.addAll(Losses.of(jdbc, change, old, Set.of())));
		if (!losses.isEmpty()) {
			throw new UnsupportedChangeException(change,
					"the columns \"" + String.join("\", \"", change.oldColumns())
							+ "\" are dropped at CONTRACT, and this would be lost with them: "
							+ String.join("; ", losses) + ".",
					"Create on \"" + String.join("\", \"", change.newColumns())
							+ "\" what is needed there in a migration, drop these, and the change goes on.");
		}
	}

	/**
	 * Goes back from CONTRACT, in one transaction and one attempt. The old columns are
	 * added again, empty, and the change {@link #isRefilling} until {@link #restoreOld}.
	 * @param change the change
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first, before the
	 * table is locked
	 * @throws LockUnavailableException if the lock did not come
	 * @throws UnsupportedChangeException if the way back is closed
	 */
	public void reopen(ReshapeColumns change, Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		ColumnSteps.createOwnSchema(this.ddl);
		turn("reopen " + change.id(), change, lockTimeout, alongside, Situation.BOTH, (jdbc) -> {
			requireNoDefault(jdbc, change);
			ColumnSteps.run(jdbc, reopenSteps(jdbc, change));
		});
	}

	/*
	 * The trigger would take it for what a statement has given.
	 */
	private static void requireNoDefault(JdbcOperations jdbc, ReshapeColumns change) {
		for (String name : change.newColumns()) {
			String expression = ColumnSteps.column(jdbc, change, name).defaultExpression();
			if (expression != null) {
				throw new UnsupportedChangeException(change,
						"the way back is closed, because \"" + name + "\" has a default now (" + expression
								+ "), which would take the place of what others write to \""
								+ String.join("\", \"", change.oldColumns()) + "\".",
						"Drop the default, or stay at CONTRACT.");
			}
		}
	}

	/**
	 * Whether the old columns were added again after CONTRACT and may not be read yet,
	 * because not every row of them is known to be filled.
	 * @param change the change
	 * @return whether it is so
	 */
	public boolean isRefilling(ReshapeColumns change) {
		return isRefilling(this.ddl.jdbc(), change);
	}

	private static boolean isRefilling(JdbcOperations jdbc, ReshapeColumns change) {
		return inspect(jdbc, change) == Situation.BOTH && change.newColumns()
			.stream()
			.anyMatch((name) -> Marker.isRefilling(ColumnCheck.comment(jdbc, change.table(), name), change));
	}

	/**
	 * Forbids NULL in the old columns again where it was forbidden before CONTRACT, and
	 * lets them be read. To be called when every row of them is filled.
	 * @param change the change
	 * @throws LockUnavailableException if the lock on the table did not come
	 * @throws DataAccessException if such a column still holds NULL somewhere
	 */
	public void restoreOld(ReshapeColumns change) {
		for (Step step : restoreSteps(this.ddl.jdbc(), change)) {
			this.ddl.inTransaction(step.purpose(), (jdbc) -> ColumnSteps.run(jdbc, step));
		}
	}

	private static List<Step> restoreSteps(JdbcOperations jdbc, ReshapeColumns change) {
		List<Step> steps = new ArrayList<>();
		if (isRefilling(jdbc, change)) {
			for (String old : change.oldColumns()) {
				if (FormerParts.isRequired(jdbc, change, old)) {
					steps.addAll(NotNull.steps(jdbc, change, old));
				}
			}
			steps.addAll(marks(change, Marker.of(change)));
		}
		return steps;
	}

	/*
	 * The steps of restoreSteps, when the old columns will have been added again.
	 */
	private static List<Step> foreseenRestoration(JdbcOperations jdbc, ReshapeColumns change) {
		Table table = new Catalog(jdbc).table(change.table()).orElseThrow();
		List<Step> steps = new ArrayList<>();
		for (String old : change.oldColumns()) {
			if (table.column(old).map(Column::notNull).orElseGet(() -> FormerParts.isRequired(jdbc, change, old))) {
				steps.addAll(NotNull.foreseen(change, old));
			}
		}
		steps.addAll(marks(change, Marker.of(change)));
		return steps;
	}

	/**
	 * Which of the columns are there.
	 * @param change the change
	 * @return the situation by the catalog; neither, if some of a side are missing
	 */
	public Situation inspect(ReshapeColumns change) {
		return inspect(this.ddl.jdbc(), change);
	}

	static Situation inspect(JdbcOperations jdbc, ReshapeColumns change) {
		Table table = new Catalog(jdbc).table(change.table()).orElse(null);
		if (table == null) {
			return Situation.NEITHER;
		}
		int old = count(table, change.oldColumns());
		boolean allNew = count(table, change.newColumns()) == change.newColumns().size();
		if (old == change.oldColumns().size()) {
			return allNew ? Situation.BOTH
					: (count(table, change.newColumns()) == 0) ? Situation.OLD_ONLY : Situation.NEITHER;
		}
		return (old == 0 && allNew) ? Situation.NEW_ONLY : Situation.NEITHER;
	}

	private static int count(Table table, List<String> columns) {
		return (int) columns.stream().filter((name) -> table.column(name).isPresent()).count();
	}

	/**
	 * What runs on the schema on the way from one phase to the one beside it, and in that
	 * one before anything else may follow. What the catalog does not show yet is foreseen
	 * from what it shows now.
	 * @param change the change
	 * @param from the phase before, or the same as {@code to} for what is still missing
	 * in a phase that the change stands in
	 * @param to the phase after
	 * @return the statements in their order, empty where the schema stays as it is
	 */
	public List<Step> plan(ReshapeColumns change, Phase from, Phase to) {
		JdbcOperations jdbc = this.ddl.jdbc();
		Situation situation = inspect(jdbc, change);
		List<Step> steps = new ArrayList<>();
		if (from == to) {
			locked(change, (to == Phase.CONTRACT) ? List.of() : expandSteps(jdbc, change), steps);
			restoreSteps(jdbc, change).forEach((step) -> steps.add(step.alone()));
		}
		else if (from == Phase.CONTRACT) {
			locked(change, reopenSteps(jdbc, change), steps);
			foreseenRestoration(jdbc, change).forEach((step) -> steps.add(step.alone()));
		}
		else if (to == Phase.CONTRACT && situation != Situation.NEW_ONLY) {
			FormerParts.install(jdbc).forEach((step) -> steps.add(step.alone()));
			locked(change, contractSteps(jdbc, change), steps);
		}
		if (to == Phase.BACKFILL && !to.isBefore(from)
				&& (situation == Situation.OLD_ONLY || this.statistics.missing(change))) {
			steps.add(Statistics.step(change).once(Statistics.CONDITION));
		}
		return steps;
	}

	private static void locked(ReshapeColumns change, List<Step> work, List<Step> steps) {
		if (!work.isEmpty()) {
			steps.add(ColumnSteps.lockStep(change));
			steps.addAll(work);
		}
	}

	private static List<Step> expandSteps(JdbcOperations jdbc, ReshapeColumns change) {
		Situation situation = inspect(jdbc, change);
		List<Step> steps = new ArrayList<>();
		if (situation == Situation.OLD_ONLY) {
			for (ReshapeColumns.Part part : change.into()) {
				steps.add(alter("add the new column", change,
						"ADD COLUMN " + Identifiers.quote(part.column()) + " " + part.type()));
			}
			steps.addAll(grants(jdbc, change, change.oldColumns(), change.newColumns()));
			steps.addAll(marks(change, Marker.of(change)));
		}
		if (situation == Situation.OLD_ONLY || (situation == Situation.BOTH && !new SyncTrigger(change).exists(jdbc))) {
			steps.addAll(new SyncTrigger(change).create(ColumnSteps.searchPath(jdbc, change)));
		}
		return steps;
	}

	private static List<Step> contractSteps(JdbcOperations jdbc, ReshapeColumns change) {
		List<Step> steps = new ArrayList<>(new SyncTrigger(change).drop());
		steps.addAll(FormerParts.remember(jdbc, change));
		for (String old : change.oldColumns()) {
			steps.add(alter("drop the old column", change, "DROP COLUMN " + Identifiers.quote(old) + " RESTRICT"));
		}
		change.newColumns().forEach((name) -> steps.add(Attributes.comment(change.table(), name, null)));
		return steps;
	}

	private static List<Step> reopenSteps(JdbcOperations jdbc, ReshapeColumns change) {
		Table table = new Catalog(jdbc).table(change.table()).orElseThrow();
		List<Step> steps = new ArrayList<>();
		for (String old : change.oldColumns()) {
			String type = table.column(old).map(ColumnSteps::type).orElseGet(() -> FormerParts.type(jdbc, change, old));
			steps.add(alter("add the old column again", change, "ADD COLUMN " + Identifiers.quote(old) + " " + type));
		}
		// What is on the new columns, or will be by what is on the old ones
		boolean foreseen = change.newColumns().stream().anyMatch((name) -> table.column(name).isEmpty());
		steps.addAll(grants(jdbc, change, foreseen ? change.oldColumns() : change.newColumns(), change.oldColumns()));
		steps.addAll(marks(change, Marker.refilling(change, false)));
		steps.addAll(new SyncTrigger(change).create(ColumnSteps.searchPath(jdbc, change)));
		return steps;
	}

	private static List<Step> grants(JdbcOperations jdbc, ReshapeColumns change, List<String> from, List<String> to) {
		List<Step> steps = new ArrayList<>();
		for (String target : to) {
			Map<String, Step> given = new TreeMap<>();
			for (String source : from) {
				Attributes.grants(jdbc, change.table(), source, target)
					.forEach((step) -> given.putIfAbsent(step.sql(), step));
			}
			steps.addAll(given.values());
		}
		return steps;
	}

	private static List<Step> marks(ReshapeColumns change, String marker) {
		return change.newColumns().stream().map((name) -> Attributes.comment(change.table(), name, marker)).toList();
	}

	private static Step alter(String purpose, ReshapeColumns change, String action) {
		return Step.inTransaction(purpose, LockLevel.ACCESS_EXCLUSIVE,
				"ALTER TABLE " + change.table().quoted() + " " + action);
	}

	private void turn(String step, ReshapeColumns change, Duration lockTimeout, Consumer<JdbcOperations> alongside,
			Situation goal, Consumer<JdbcOperations> work) {
		Situation expected = (goal == Situation.BOTH) ? Situation.NEW_ONLY : Situation.BOTH;
		try {
			this.ddl.once(step, lockTimeout, (jdbc) -> {
				alongside.accept(jdbc);
				ColumnSteps.lock(jdbc, change);
				Situation situation = inspect(jdbc, change);
				if (situation == expected) {
					work.accept(jdbc);
				}
				else if (situation != goal) {
					throw new UnsupportedChangeException(change,
							"the table's columns are in the situation " + situation + " where " + expected
									+ " was expected.",
							"Look which of the columns exist; someone else changed the table.");
				}
				return change;
			});
		}
		catch (DataAccessException ex) {
			if (SqlStates.is(ex, SqlStates.DEPENDENT_OBJECTS_STILL_EXIST)) {
				throw new DependentObjectException(change, ex.getMostSpecificCause().getMessage() + ".", ex);
			}
			throw ex;
		}
	}

}
