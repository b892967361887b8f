package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.LockUnavailableException;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.SqlStates;
import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.postgres.TableName;

/**
 * The steps on the schema that take a change of a column through its phases. Every step
 * reads the catalog first and does what is still missing, so that it may be repeated,
 * interrupted anywhere, and asked for by two instances at once.
 */
public final class ColumnSteps {

	private final Ddl ddl;

	private final SyncMode sync;

	private final IndexCopies copies;

	private final UniqueCopies uniques;

	private final Carrier carrier;

	private final ContractPreparation preparation;

	private final Statistics statistics;

	/**
	 * Creates the steps, which leave the user's views alone.
	 * @param ddl where statements run
	 * @param sync what keeps the columns in step
	 */
	public ColumnSteps(Ddl ddl, SyncMode sync) {
		this(ddl, sync, false);
	}

	/**
	 * Creates the steps.
	 * @param ddl where statements run
	 * @param sync what keeps the columns in step
	 * @param rebuildViews whether views on a column that is dropped are built again
	 */
	public ColumnSteps(Ddl ddl, SyncMode sync, boolean rebuildViews) {
		this.ddl = ddl;
		this.sync = sync;
		this.copies = new IndexCopies(ddl);
		this.uniques = new UniqueCopies(ddl, this.copies);
		this.carrier = new Carrier(ddl, this.copies, this.uniques, rebuildViews);
		this.preparation = new ContractPreparation(ddl, this.carrier);
		this.statistics = new Statistics(ddl);
	}

	/**
	 * Checks that a change can be made on the table as it is. Touches nothing.
	 * @param change the change
	 * @throws UnsupportedChangeException if not, with the reason and the way out
	 */
	public void check(ColumnChange change) {
		JdbcOperations jdbc = this.ddl.jdbc();
		new ColumnCheck(jdbc, this.sync).check(change);
		Table table = new Catalog(jdbc).table(change.table()).orElseThrow();
		Optional<Column> original = table.column(change.oldColumn());
		Optional<Column> copy = table.column(change.newColumn());
		if (original.isPresent()) {
			new Privileges(jdbc).requireLooking(change);
		}
		change.fold((rename) -> rename, (type) -> {
			if (inspect(change) == Situation.NEW_ONLY) {
				KeptName.requireAnotherType(this.ddl, type);
				return type;
			}
			original.ifPresent((column) -> {
				new ConversionCheck(type, column).check(this.ddl, copy.orElse(null));
				this.copies.check(change);
				new Privileges(jdbc).requireReferring(change);
				if (copy.isEmpty()) {
					this.carrier.check(change);
				}
			});
			if (new SyncTrigger(type).convertsOtherwise(jdbc)) {
				throw new UnsupportedChangeException(change,
						"the change is under way with other expressions, by which the trigger converts and rows are filled.",
						"Put those expressions back; other ones need another new column and another id.");
			}
			return type;
		});
		// Last, so that a plan has checked all else where it may only look
		if (original.isPresent()) {
			new Privileges(jdbc).requireChanging(change);
		}
	}

	/**
	 * What serves those who search by the new column before it is filled, if anybody
	 * does.
	 * @param change the change
	 * @return statements that build indexes, none where those of the old column serve
	 */
	public List<String> searchIndexes(ColumnChange change) {
		return new SearchIndexes(this.ddl, this.sync.hasTrigger()).statements(change);
	}

	/**
	 * Whether those indexes are over both columns, so that they are neither carried over
	 * nor dropped in silence with the old one.
	 * @param change the change
	 * @return whether somebody has to drop them before CONTRACT
	 */
	public boolean searchesBoth(ColumnChange change) {
		return SearchIndexes.searchesBoth(change, this.sync.hasTrigger());
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
		if (ending(change).copyStays() && inspect(change) == Situation.OLD_ONLY) {
			this.carrier.examine(change);
		}
		createOwnSchema(this.ddl);
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
	 * conflict target that names old, an INSERT that gives old its value because a
	 * default would take its place, or any where the new column gets old's name.
	 * @param change the change
	 * @return whether the name is kept, or the column stands in a unique index or has a
	 * default
	 */
	public boolean heldCutover(ColumnChange change) {
		if (KeptName.isKept(change)) {
			return true;
		}
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
	 * What can be done before the transaction of CONTRACT without keeping anyone waiting,
	 * where new stays: NOT NULL on it, copies of the indexes that old got lately, of its
	 * constraints and statistics.
	 * @param change the change
	 * @throws LockUnavailableException if the lock on the table did not come
	 * @throws UnsupportedChangeException if new holds what a constraint of old forbids
	 */
	public void prepareContract(ColumnChange change) {
		if (ending(change).copyStays()) {
			copyIndexes(change);
		}
		this.preparation.run(change, ending(change),
				(step) -> this.ddl.inTransaction(step.purpose(), (jdbc) -> run(jdbc, step)));
	}

	/**
	 * Builds what makes new unique as old is, where new stays. To be called when nothing
	 * else stands against CONTRACT: from here on an upsert of a fresh key may fail, where
	 * another one races it, with a unique violation on new's index.
	 * @param change the change
	 * @return whether anything was built, which may have taken its time
	 * @throws UnsupportedChangeException if rows would be the same in new, with their
	 * keys
	 */
	public boolean makeUnique(ColumnChange change) {
		return carries(change) && this.uniques.build(change);
	}

	/**
	 * Takes back what {@link #makeUnique} has built, because CONTRACT is not what comes
	 * next. Does nothing where there is nothing.
	 * @param change the change
	 */
	public void takeBackUnique(ColumnChange change) {
		if (carries(change)) {
			this.uniques.drop(change);
		}
	}

	private boolean carries(ColumnChange change) {
		return ending(change).copyStays() && inspect(change) == Situation.BOTH;
	}

	/**
	 * Leaves only the new column, in one transaction and one attempt. Where the original
	 * stays the copy is dropped and the original renamed; else the original is dropped,
	 * after the copy has been given what it had.
	 * @param change the change
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first, before the
	 * table is locked
	 * @throws LockUnavailableException if the lock did not come
	 * @throws DependentObjectException if an object depends on the column that is dropped
	 * @throws UnsupportedChangeException if something would be lost with that column
	 */
	public void contract(ColumnChange change, Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		this.preparation.run(change, ending(change),
				(step) -> this.ddl.once(step.purpose(), lockTimeout, (jdbc) -> run(jdbc, step)));
		if (carries(change)) {
			this.carrier.requireReady(change);
		}
		Carried carried = carried(change);
		turn("contract " + change.id(), change, lockTimeout, alongside, Situation.NEW_ONLY,
				(jdbc) -> contractSteps(jdbc, change, carried));
	}

	private List<Step> contractSteps(JdbcOperations jdbc, ColumnChange change, Carried carried) {
		Ending ending = ending(change);
		if (!ending.copyStays()) {
			GeneratedColumns.requireNone(jdbc, change, change.table(), change.newColumn());
		}
		return ending.contractSteps(jdbc, change, carried);
	}

	private Carried carried(ColumnChange change) {
		return carries(change) ? this.carrier.carried(change) : Carried.NOTHING;
	}

	/**
	 * Goes back from CONTRACT, in one transaction and one attempt. A renamed column has
	 * its former name again, beside an empty copy, and old holds every value from the
	 * first moment. Where the type was changed old is added again, empty, and
	 * {@link #isRefilling} until {@link #restoreOld}.
	 * @param change the change
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first, before the
	 * table is locked
	 * @throws LockUnavailableException if the lock did not come
	 * @throws UnsupportedChangeException if the way back is closed
	 */
	public void reopen(ColumnChange change, Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		createOwnSchema(this.ddl);
		turn("reopen " + change.id(), change, lockTimeout, alongside, Situation.BOTH,
				(jdbc) -> reopenSteps(jdbc, change));
	}

	/**
	 * The phase that the way back from CONTRACT leads to.
	 * @param change the change
	 * @return one in which nothing reads a column that is not filled
	 */
	public Phase returnsTo(ColumnChange change) {
		return ending(change).returnsTo();
	}

	/**
	 * Whether old was added again after CONTRACT and may not be read yet, because not
	 * every row of it is known to be filled.
	 * @param change the change
	 * @return whether it is so
	 */
	public boolean isRefilling(ColumnChange change) {
		return inspect(change) == Situation.BOTH && Relaxation.isRefilling(this.ddl.jdbc(), change);
	}

	/**
	 * Lets old be NULL, when nothing writes it any more. Does nothing with a trigger.
	 * @param change the change
	 * @throws LockUnavailableException if the lock on the table did not come
	 */
	public void relaxOld(ColumnChange change) {
		if (!this.sync.hasTrigger()) {
			new Relaxation(this.ddl).relaxOld(change);
		}
	}

	/**
	 * Forbids NULL in old again, if {@link #relaxOld} or the way back from CONTRACT
	 * allowed it, builds the indexes that it had again, and lets it be read. To be called
	 * when every row of it is filled.
	 * @param change the change
	 * @throws LockUnavailableException if the lock on the table did not come
	 * @throws DataAccessException if old still holds NULL somewhere
	 */
	public void restoreOld(ColumnChange change) {
		if (isRefilling(change)) {
			this.copies.restore(change);
		}
		new Relaxation(this.ddl).restoreOld(change);
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
	 * What keeps the columns from being kept in step.
	 * @param change the change
	 * @return a sentence for each trigger that does not fire, with what mends it
	 */
	public List<String> missingTriggers(ColumnChange change) {
		return new SyncTrigger(change).missing(this.ddl.jdbc());
	}

	/**
	 * What hangs on the columns of a change.
	 * @param change the change
	 * @return what would break at CONTRACT or block it, and what is carried along
	 */
	public List<Dependent> dependents(ColumnChange change) {
		boolean copyStays = ending(change).copyStays();
		boolean carries = copyStays && !EnumSet.of(Situation.NEW_ONLY, Situation.NEITHER).contains(inspect(change));
		return new Dependents(this.ddl.jdbc(), copyStays).of(change, carries ? this.carrier.objects(change) : Set.of());
	}

	/**
	 * What runs on the schema on the way from one phase to the one beside it, and in that
	 * one before anything else may follow. What the catalog does not show yet, because
	 * the phases before have not been gone through, is foreseen from what it shows now.
	 * @param change the change
	 * @param from the phase before, or the same as {@code to} for what is still missing
	 * in a phase that the change stands in
	 * @param to the phase after
	 * @return the statements in their order, empty where the schema stays as it is
	 * @throws UnsupportedChangeException if the way is closed as things are
	 */
	public List<Step> plan(ColumnChange change, Phase from, Phase to) {
		Situation situation = inspect(change);
		if (from == to) {
			return missing(change, to, situation);
		}
		if (from == Phase.CONTRACT) {
			return planReturn(change, to, situation);
		}
		if (to.isBefore(from)) {
			return (from == Phase.SWITCH_READS && !this.sync.hasTrigger()) ? planRestoration(change, situation)
					: List.of();
		}
		return switch (to) {
			case EXPAND, DUAL_WRITE, SWITCH_READS -> List.of();
			case BACKFILL -> planCopies(change, situation);
			case STOP_DUAL_WRITE -> planRelaxation(change, situation);
			case CONTRACT -> planContract(change, situation);
		};
	}

	private List<Step> missing(ColumnChange change, Phase phase, Situation situation) {
		JdbcOperations jdbc = this.ddl.jdbc();
		List<Step> steps = new ArrayList<>();
		if (phase == Phase.CONTRACT) {
			return steps;
		}
		if (!isExpanded(jdbc, change)) {
			steps.add(lockStep(change));
			steps.addAll(expandSteps(jdbc, change));
		}
		if (phase == Phase.BACKFILL) {
			steps.addAll(planCopies(change, situation));
		}
		if (isRefilling(change)) {
			steps.addAll(planRestoration(change, situation));
		}
		return steps;
	}

	private List<Step> planCopies(ColumnChange change, Situation situation) {
		List<Step> steps = new ArrayList<>(this.copies.plan(change));
		if (!steps.isEmpty()) {
			steps.add(Statistics.step(change));
		}
		else if (situation != Situation.BOTH || this.statistics.stale(change)) {
			steps.add(Statistics.step(change).once(Statistics.CONDITION));
		}
		return steps;
	}

	private List<Step> planRelaxation(ColumnChange change, Situation situation) {
		List<Step> steps = new ArrayList<>();
		if (!this.sync.hasTrigger() && situation != Situation.NEW_ONLY) {
			steps.addAll(new Relaxation(this.ddl).relaxSteps(this.ddl.jdbc(), change));
			if (!steps.isEmpty()) {
				steps.add(0, lockStep(change));
			}
		}
		return steps;
	}

	/*
	 * In the order of restoreOld, where each step runs on its own.
	 */
	private List<Step> planRestoration(ColumnChange change, Situation situation) {
		JdbcOperations jdbc = this.ddl.jdbc();
		List<Step> steps = new ArrayList<>();
		boolean now = situation == Situation.BOTH && (isRefilling(change) || Relaxation.isRelaxed(jdbc, change));
		boolean addedAgain = now ? isRefilling(change) : ending(change).returnsTo() != Phase.BACKFILL;
		if (addedAgain) {
			steps.addAll(this.copies.foreseenRestore(change, situation));
		}
		steps.addAll(now ? new Relaxation(this.ddl).restoreSteps(jdbc, change)
				: Relaxation.foreseenRestoration(jdbc, change, situation));
		return steps.stream().map(Step::alone).toList();
	}

	private List<Step> planContract(ColumnChange change, Situation situation) {
		JdbcOperations jdbc = this.ddl.jdbc();
		Ending ending = ending(change);
		List<Step> steps = new ArrayList<>();
		if (situation == Situation.NEW_ONLY || situation == Situation.NEITHER) {
			return steps;
		}
		steps.addAll(this.preparation.foreseen(jdbc, change, ending, situation));
		if (ending.copyStays()) {
			steps.addAll(this.uniques.plan(change));
		}
		List<Step> planned = new ArrayList<>(steps.stream().map(Step::alone).toList());
		planned.add(lockStep(change));
		planned.addAll(ending.contractSteps(jdbc, change,
				ending.copyStays() ? this.carrier.carried(change) : Carried.NOTHING));
		return planned;
	}

	private List<Step> planReturn(ColumnChange change, Phase to, Situation situation) {
		JdbcOperations jdbc = this.ddl.jdbc();
		List<Step> steps = new ArrayList<>();
		steps.add(lockStep(change));
		steps.addAll((situation == Situation.NEW_ONLY) ? ending(change).reopenSteps(jdbc, change)
				: ending(change).foreseenReturn(jdbc, change, this.copies.foreseenReturn(change, situation)));
		steps.addAll(syncSteps(jdbc, change));
		if (to == Phase.BACKFILL) {
			List<Step> copying = this.copies.foreseen(change, situation);
			steps.addAll(copying);
			steps.add(copying.isEmpty() ? Statistics.step(change).once(Statistics.CONDITION) : Statistics.step(change));
		}
		else if (this.sync.hasTrigger()) {
			steps.addAll(planRestoration(change, (situation == Situation.NEW_ONLY) ? situation : Situation.OLD_ONLY));
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
		if (KeptName.hasArrived(jdbc, change, table)) {
			return Situation.NEW_ONLY;
		}
		boolean oldThere = table.column(change.oldColumn()).isPresent();
		if (table.column(change.newColumn()).isPresent()) {
			return oldThere ? Situation.BOTH : KeptName.isKept(change) ? Situation.NEITHER : Situation.NEW_ONLY;
		}
		return oldThere ? Situation.OLD_ONLY : Situation.NEITHER;
	}

	private List<Step> expandSteps(JdbcOperations jdbc, ColumnChange change) {
		List<Step> steps = new ArrayList<>();
		if (inspect(jdbc, change) == Situation.OLD_ONLY) {
			steps.addAll(copySteps(jdbc, change, change.oldColumn()));
		}
		steps.addAll(syncSteps(jdbc, change));
		return steps;
	}

	private List<Step> syncSteps(JdbcOperations jdbc, ColumnChange change) {
		if (!this.sync.hasTrigger()) {
			// One that is there is left alone: other instances may still rely on it
			return List.of();
		}
		return new SyncTrigger(change).create(searchPath(jdbc, change));
	}

	static List<String> searchPath(JdbcOperations jdbc, Change change) {
		List<String> path = new ArrayList<>(new Catalog(jdbc).searchPath());
		if (!path.contains(change.table().schema())) {
			path.add(change.table().schema());
		}
		return path;
	}

	/**
	 * What makes the new column beside the original. Who was allowed the original alone
	 * is allowed the new one too, because statements name it from here on.
	 * @param present the name that the original has now
	 */
	static List<Step> copySteps(JdbcOperations jdbc, ColumnChange change, String present) {
		String table = change.table().quoted();
		String copy = Identifiers.quote(change.newColumn());
		List<Step> steps = new ArrayList<>();
		steps.add(Step.inTransaction("add the new column", LockLevel.ACCESS_EXCLUSIVE, "ALTER TABLE " + table
				+ " ADD COLUMN " + copy + " " + copyType(column(jdbc, change, present), change)));
		steps.addAll(Attributes.grants(jdbc, change.table(), present, change.newColumn()));
		steps.add(Step.inTransaction("mark the new column as ours", LockLevel.SHARE_UPDATE_EXCLUSIVE,
				"COMMENT ON COLUMN " + table + "." + copy + " IS " + Sql.literal(Marker.of(change))));
		return steps;
	}

	static String copyType(Column original, ColumnChange change) {
		return change.fold((rename) -> type(original), ChangeType::type);
	}

	static String type(Column column) {
		return column.type() + ((column.collation() != null) ? " COLLATE " + column.collation() : "");
	}

	private List<Step> reopenSteps(JdbcOperations jdbc, ColumnChange change) {
		List<Step> steps = new ArrayList<>(ending(change).reopenSteps(jdbc, change));
		steps.addAll(syncSteps(jdbc, change));
		return steps;
	}

	private Ending ending(ColumnChange change) {
		return Ending.of(change, this.sync);
	}

	static Column column(JdbcOperations jdbc, Change change, String name) {
		return new Catalog(jdbc).table(change.table())
			.flatMap((table) -> table.column(name))
			.orElseThrow(() -> new UnknownColumnException(change, "the column \"" + name + "\" is gone.",
					"Look who changed the table, and try again."));
	}

	static void createOwnSchema(Ddl ddl) {
		Integer there = ddl.jdbc()
			.queryForObject("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = ?", Integer.class,
					OwnSchema.NAME);
		if (there == null || there == 0) {
			try {
				ddl.inTransaction("create the schema " + OwnSchema.NAME, (jdbc) -> {
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

	static Step schemaStep() {
		return Step.inTransaction("create our own schema", LockLevel.NONE,
				"CREATE SCHEMA IF NOT EXISTS " + OwnSchema.NAME);
	}

	static Step lockStep(Change change) {
		return lockStep(change.table());
	}

	static Step lockStep(TableName table) {
		return Step.inTransaction("wait for the lock, no longer than the lock timeout", LockLevel.ACCESS_EXCLUSIVE,
				"LOCK TABLE " + table.quoted() + " IN ACCESS EXCLUSIVE MODE");
	}

	/*
	 * A partitioned table's partitions are locked one after the other, each with a wait
	 * of its own, while those before it keep traffic out already. So the statement as a
	 * whole is bounded.
	 */
	static void lock(JdbcOperations jdbc, Change change) {
		lock(jdbc, change.table());
	}

	static void lock(JdbcOperations jdbc, TableName table) {
		jdbc.execute("""
				SELECT pg_catalog.set_config('statement_timeout', pg_catalog.current_setting('lock_timeout'), true)
				""");
		run(jdbc, List.of(lockStep(table)));
		jdbc.execute("SET LOCAL statement_timeout = 0");
	}

	static Step run(JdbcOperations jdbc, Step step) {
		jdbc.execute(step.sql());
		return step;
	}

	static void run(JdbcOperations jdbc, List<Step> steps) {
		steps.forEach((step) -> jdbc.execute(step.sql()));
	}

}
