package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.LockUnavailableException;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.SqlStates;
import io.github.expandcontract.postgres.Table;

/**
 * The steps on the schema that take a column's rename through its phases. Every step
 * reads the catalog first and does what is still missing, so that it may be repeated,
 * interrupted anywhere, and asked for by two instances at once.
 */
public final class ColumnSteps {

	private final Ddl ddl;

	private final SyncMode sync;

	private final IndexCopies copies;

	private final Statistics statistics;

	/**
	 * Creates the steps.
	 * @param ddl where statements run
	 * @param sync what keeps the columns in step
	 */
	public ColumnSteps(Ddl ddl, SyncMode sync) {
		this.ddl = ddl;
		this.sync = sync;
		this.copies = new IndexCopies(ddl);
		this.statistics = new Statistics(ddl);
	}

	/**
	 * Checks that a change can be made on the table as it is. Touches nothing.
	 * @param change the change
	 * @throws UnsupportedChangeException if not, with the reason and the way out
	 */
	public void check(ColumnChange change) {
		new ColumnCheck(this.ddl.jdbc(), this.sync).check(change);
	}

	/**
	 * Adds the new column and the trigger, unless both are there or the change is through
	 * already.
	 * @param change the change
	 * @throws UnsupportedChangeException if the change cannot be made
	 * @throws LockUnavailableException if the lock on the table did not come
	 */
	public void expand(ColumnChange change) {
		check(change);
		if (isExpanded(this.ddl.jdbc(), change)) {
			return;
		}
		createOwnSchema();
		this.ddl.inTransaction("expand " + change.id(), (jdbc) -> {
			lock(jdbc, change);
			if (!isExpanded(jdbc, change)) {
				new ColumnCheck(jdbc, this.sync).check(change);
				run(jdbc, expandSteps(jdbc, change));
			}
			return change;
		});
	}

	/**
	 * Prepares what reads of new need: a copy of each of old's indexes, built
	 * concurrently and never unique, and the statistics by which the planner chooses
	 * them.
	 * @param change the change
	 * @throws LockUnavailableException if a build did not come through
	 */
	public void copyIndexes(ColumnChange change) {
		if (inspect(change) == Situation.BOTH) {
			boolean built = this.copies.build(change);
			if (built || this.statistics.stale(change)) {
				this.statistics.refresh(change);
			}
		}
	}

	/**
	 * Whether the planner knows less of new than of old. It stands in the way of nothing,
	 * but reads of new may be slow.
	 * @param change the change
	 * @return whether {@link #copyIndexes} has something to do for the planner
	 */
	public boolean staleStatistics(ColumnChange change) {
		return inspect(change) == Situation.BOTH && this.statistics.stale(change);
	}

	/**
	 * Names old's indexes that have no valid copy on new.
	 * @param change the change
	 * @return their names, empty when all copies can be used
	 */
	public List<String> missingCopies(ColumnChange change) {
		return (inspect(change) == Situation.BOTH) ? this.copies.missing(change) : List.of();
	}

	/**
	 * Whether the text of a statement must change at the very moment of CONTRACT: a
	 * conflict target that names old, or an INSERT that gives old its value because a
	 * default would take its place.
	 * @param change the change
	 * @return whether the column stands in a unique index or has a default
	 */
	public boolean heldCutover(ColumnChange change) {
		Boolean held = this.ddl.jdbc().queryForObject("""
				SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a
				  WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attname IN (?, ?) AND (a.atthasdef
				  OR EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique
				    AND (a.attnum = ANY (i.indkey::int2[]) OR EXISTS (SELECT FROM pg_catalog.pg_depend d
				      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
				      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = i.indrelid
				      AND d.refobjsubid = a.attnum)))))
				""", Boolean.class, change.table().quoted(), change.oldColumn(), change.newColumn());
		return Boolean.TRUE.equals(held);
	}

	/**
	 * Leaves only the new column, in one transaction and one attempt. With a trigger the
	 * copy is dropped and the original renamed; without one the original is dropped.
	 * @param change the change
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first, before the
	 * table is locked
	 * @throws LockUnavailableException if the lock did not come
	 * @throws DependentObjectException if an object depends on the column that is dropped
	 */
	public void contract(ColumnChange change, Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		ApplicationRename rename = new ApplicationRename(this.ddl);
		List<Step> indexNames = new ArrayList<>();
		if (!this.sync.hasTrigger() && inspect(change) == Situation.BOTH) {
			rename.prepare(change, lockTimeout);
			indexNames.addAll(this.copies.renames(change));
		}
		turn("contract " + change.id(), change, lockTimeout, alongside, Situation.NEW_ONLY,
				(jdbc) -> this.sync.hasTrigger() ? contractSteps(change)
						: rename.contractSteps(jdbc, change, indexNames));
	}

	/**
	 * Goes back from CONTRACT: the column has its former name again, beside an empty copy
	 * with the trigger where there is one, in one transaction and one attempt. Old holds
	 * every value from the first moment, whichever way CONTRACT had ended.
	 * @param change the change
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first, before the
	 * table is locked
	 * @throws LockUnavailableException if the lock did not come
	 */
	public void reopen(ColumnChange change, Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		createOwnSchema();
		turn("reopen " + change.id(), change, lockTimeout, alongside, Situation.BOTH,
				(jdbc) -> reopenSteps(jdbc, change));
	}

	/**
	 * Lets old be NULL, when nothing writes it any more. Does nothing with a trigger.
	 * @param change the change
	 * @throws LockUnavailableException if the lock on the table did not come
	 */
	public void relaxOld(ColumnChange change) {
		if (!this.sync.hasTrigger()) {
			new ApplicationRename(this.ddl).relaxOld(change);
		}
	}

	/**
	 * Forbids NULL in old again, if {@link #relaxOld} or the way back from CONTRACT
	 * allowed it. Does nothing with a trigger.
	 * @param change the change
	 * @throws LockUnavailableException if the lock on the table did not come
	 * @throws DataAccessException if old still holds NULL somewhere
	 */
	public void restoreOld(ColumnChange change) {
		if (!this.sync.hasTrigger()) {
			new ApplicationRename(this.ddl).restoreOld(change);
		}
	}

	/**
	 * Which of the two columns are there.
	 * @param change the change
	 * @return the situation by the catalog
	 */
	public Situation inspect(ColumnChange change) {
		return inspect(this.ddl.jdbc(), change);
	}

	/**
	 * Whether the triggers that keep the columns in step exist and are enabled.
	 * @param change the change
	 * @return whether they do
	 */
	public boolean hasTrigger(ColumnChange change) {
		return new SyncTrigger(change).exists(this.ddl.jdbc());
	}

	/**
	 * What hangs on the columns of a change.
	 * @param change the change
	 * @return what would break at CONTRACT or block it, and what is carried along
	 */
	public List<Dependent> dependents(ColumnChange change) {
		return new Dependents(this.ddl.jdbc(), this.sync).of(change);
	}

	/**
	 * What runs on the schema between two phases, by what the catalog says now.
	 * @param change the change
	 * @param from the phase before
	 * @param to the phase after
	 * @return the statements in their order, empty where the schema stays as it is
	 */
	public List<Step> plan(ColumnChange change, Phase from, Phase to) {
		JdbcOperations jdbc = this.ddl.jdbc();
		List<Step> steps = new ArrayList<>();
		ApplicationRename rename = new ApplicationRename(this.ddl);
		Situation situation = inspect(jdbc, change);
		if (from == Phase.CONTRACT && to.isBefore(Phase.CONTRACT)) {
			steps.add(lockStep(change));
			steps.addAll(reopenSteps(jdbc, change));
			return steps;
		}
		if (situation == Situation.OLD_ONLY) {
			steps.add(schemaStep());
			steps.add(lockStep(change));
			steps.addAll(expandSteps(jdbc, change));
		}
		if (situation != Situation.NEW_ONLY && from.isBefore(Phase.SWITCH_READS) && Phase.DUAL_WRITE.isBefore(to)) {
			List<Step> copying = this.copies.plan(change);
			steps.addAll(copying);
			if (!copying.isEmpty() || situation == Situation.OLD_ONLY || this.statistics.stale(change)) {
				steps.add(Statistics.step(change));
			}
		}
		if (!this.sync.hasTrigger()) {
			if (from.isBefore(Phase.STOP_DUAL_WRITE) && !to.isBefore(Phase.STOP_DUAL_WRITE)) {
				steps.addAll(rename.relaxSteps(jdbc, change));
			}
			if (from == Phase.STOP_DUAL_WRITE && to.isBefore(from)) {
				steps.addAll(rename.restoreSteps(jdbc, change));
			}
		}
		if (to == Phase.CONTRACT && situation != Situation.NEW_ONLY) {
			if (!this.sync.hasTrigger()) {
				steps.addAll(rename.prepareSteps(jdbc, change));
			}
			steps.add(lockStep(change));
			steps.addAll(this.sync.hasTrigger() ? contractSteps(change)
					: rename.contractSteps(jdbc, change, this.copies.renames(change)));
		}
		return steps;
	}

	private interface Steps {

		List<Step> in(JdbcOperations jdbc);

	}

	private void turn(String step, ColumnChange change, Duration lockTimeout, Consumer<JdbcOperations> alongside,
			Situation goal, Steps steps) {
		try {
			this.ddl.once(step, lockTimeout, (jdbc) -> {
				alongside.accept(jdbc);
				lock(jdbc, change);
				Situation situation = inspect(jdbc, change);
				if (situation != goal) {
					require(jdbc, change, situation, (goal == Situation.BOTH) ? Situation.NEW_ONLY : Situation.BOTH);
					run(jdbc, steps.in(jdbc));
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

	private void require(JdbcOperations jdbc, ColumnChange change, Situation situation, Situation expected) {
		if (situation != expected) {
			throw new UnsupportedChangeException(change,
					"the table's columns are in the situation " + situation + " where " + expected + " was expected.",
					"Look which of the columns exist; someone else changed the table.");
		}
		if (situation == Situation.BOTH && !isCopy(jdbc, change)) {
			throw ColumnCheck.foreign(change);
		}
	}

	private boolean isExpanded(JdbcOperations jdbc, ColumnChange change) {
		return switch (inspect(jdbc, change)) {
			case NEW_ONLY -> true;
			case BOTH -> isCopy(jdbc, change) && (!this.sync.hasTrigger() || new SyncTrigger(change).exists(jdbc));
			case OLD_ONLY, NEITHER -> false;
		};
	}

	private static boolean isCopy(JdbcOperations jdbc, ColumnChange change) {
		return Marker.marks(ColumnCheck.comment(jdbc, change.table(), change.newColumn()), change);
	}

	static Situation inspect(JdbcOperations jdbc, ColumnChange change) {
		Table table = new Catalog(jdbc).table(change.table()).orElse(null);
		if (table == null) {
			return Situation.NEITHER;
		}
		boolean oldThere = table.column(change.oldColumn()).isPresent();
		if (table.column(change.newColumn()).isPresent()) {
			return oldThere ? Situation.BOTH : Situation.NEW_ONLY;
		}
		return oldThere ? Situation.OLD_ONLY : Situation.NEITHER;
	}

	private List<Step> expandSteps(JdbcOperations jdbc, ColumnChange change) {
		List<Step> steps = new ArrayList<>();
		if (inspect(jdbc, change) == Situation.OLD_ONLY) {
			steps.addAll(copySteps(column(jdbc, change, change.oldColumn()), change));
		}
		steps.addAll(syncSteps(jdbc, change));
		return steps;
	}

	private List<Step> syncSteps(JdbcOperations jdbc, ColumnChange change) {
		if (!this.sync.hasTrigger()) {
			// One that is there is left alone: other instances may still rely on it
			return List.of();
		}
		List<String> path = new ArrayList<>(new Catalog(jdbc).searchPath());
		if (!path.contains(change.table().schema())) {
			path.add(change.table().schema());
		}
		return new SyncTrigger(change).create(path);
	}

	static List<Step> copySteps(Column original, ColumnChange change) {
		String table = change.table().quoted();
		String copy = Identifiers.quote(change.newColumn());
		return List.of(
				Step.inTransaction("add the new column", LockLevel.ACCESS_EXCLUSIVE,
						"ALTER TABLE " + table + " ADD COLUMN " + copy + " " + type(original)),
				Step.inTransaction("mark the new column as ours", LockLevel.SHARE_UPDATE_EXCLUSIVE,
						"COMMENT ON COLUMN " + table + "." + copy + " IS " + Sql.literal(Marker.of(change))));
	}

	static String type(Column column) {
		return column.type() + ((column.collation() != null) ? " COLLATE " + column.collation() : "");
	}

	private static List<Step> contractSteps(ColumnChange change) {
		String table = change.table().quoted();
		List<Step> steps = new ArrayList<>(new SyncTrigger(change).drop());
		steps.add(Step.inTransaction("drop the copy", LockLevel.ACCESS_EXCLUSIVE,
				"ALTER TABLE " + table + " DROP COLUMN " + Identifiers.quote(change.newColumn()) + " RESTRICT"));
		steps.add(Step.inTransaction("give the original its new name", LockLevel.ACCESS_EXCLUSIVE,
				"ALTER TABLE " + table + " RENAME COLUMN " + Identifiers.quote(change.oldColumn()) + " TO "
						+ Identifiers.quote(change.newColumn())));
		return steps;
	}

	private List<Step> reopenSteps(JdbcOperations jdbc, ColumnChange change) {
		List<Step> steps = new ArrayList<>();
		steps.add(Step.inTransaction("give the original its former name", LockLevel.ACCESS_EXCLUSIVE,
				"ALTER TABLE " + change.table().quoted() + " RENAME COLUMN " + Identifiers.quote(change.newColumn())
						+ " TO " + Identifiers.quote(change.oldColumn())));
		steps.addAll(copySteps(column(jdbc, change, change.newColumn()), change));
		steps.addAll(syncSteps(jdbc, change));
		return steps;
	}

	static Column column(JdbcOperations jdbc, ColumnChange change, String name) {
		return new Catalog(jdbc).table(change.table())
			.flatMap((table) -> table.column(name))
			.orElseThrow(() -> new UnknownColumnException(change, "the column \"" + name + "\" is gone.",
					"Look who changed the table, and try again."));
	}

	private void createOwnSchema() {
		Integer there = this.ddl.jdbc()
			.queryForObject("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = ?", Integer.class,
					OwnSchema.NAME);
		if (there == null || there == 0) {
			try {
				this.ddl.inTransaction("create the schema " + OwnSchema.NAME, (jdbc) -> {
					run(jdbc, List.of(schemaStep()));
					return OwnSchema.NAME;
				});
			}
			catch (DataAccessException ex) {
				// Another instance was faster
				if (!SqlStates.is(ex, SqlStates.UNIQUE_VIOLATION, SqlStates.DUPLICATE_SCHEMA)) {
					throw ex;
				}
			}
		}
	}

	private static Step schemaStep() {
		return Step.inTransaction("create our own schema", LockLevel.NONE,
				"CREATE SCHEMA IF NOT EXISTS " + OwnSchema.NAME);
	}

	private static Step lockStep(ColumnChange change) {
		return Step.inTransaction("wait for the lock, no longer than the lock timeout", LockLevel.ACCESS_EXCLUSIVE,
				"LOCK TABLE " + change.table().quoted() + " IN ACCESS EXCLUSIVE MODE");
	}

	/*
	 * A partitioned table's partitions are locked one after the other, each with a wait
	 * of its own, while those before it keep traffic out already. So the statement as a
	 * whole is bounded.
	 */
	static void lock(JdbcOperations jdbc, ColumnChange change) {
		jdbc.execute("""
				SELECT pg_catalog.set_config('statement_timeout', pg_catalog.current_setting('lock_timeout'), true)
				""");
		run(jdbc, List.of(lockStep(change)));
		jdbc.execute("SET LOCAL statement_timeout = 0");
	}

	static void run(JdbcOperations jdbc, List<Step> steps) {
		steps.forEach((step) -> jdbc.execute(step.sql()));
	}

}
