package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockUnavailableException;
import io.github.expandcontract.postgres.TableName;

/**
 * The steps on the schema that take a change of a table through its phases. What is
 * missing for a {@link Stage} is read from the catalog each time, so that every step may
 * be repeated, and interrupted anywhere. It is what {@link #plan} shows and what runs.
 */
public final class TableSteps {

	private final Ddl ddl;

	private final TableChange change;

	private final Addition addition;

	private final Findings findings;

	/**
	 * Creates the steps of a change.
	 * @param ddl where statements run
	 * @param change the change
	 */
	public TableSteps(Ddl ddl, TableChange change) {
		this.ddl = ddl;
		this.change = change;
		this.addition = Addition.of(change, ddl);
		this.findings = new Findings(ddl, change.id());
	}

	/**
	 * Checks that the change can be made on the table as it is. Touches nothing and reads
	 * no rows.
	 * @throws UnsupportedChangeException if not, with the reason and the way out
	 */
	public void check() {
		JdbcOperations jdbc = this.ddl.jdbc();
		if (new Catalog(jdbc).table(this.change.table()).isEmpty()) {
			throw new UnknownTableException(this.change,
					"the table " + this.change.table().quoted() + " does not exist, or is none.",
					"Create it in a migration that runs before, or correct the table's name or schema.");
		}
		new Privileges(jdbc).requireChanging(this.change);
		this.addition.check(jdbc);
	}

	/**
	 * How much is there.
	 * @return the stage by the catalog, whoever brought the table there
	 */
	public Stage stage() {
		return this.addition.stage(this.ddl.jdbc());
	}

	/**
	 * Whether what is there goes when the change goes back.
	 * @return {@code false} if it was there before, so that it stays
	 */
	public boolean isOurs() {
		JdbcOperations jdbc = this.ddl.jdbc();
		return this.addition.stage(jdbc) == Stage.NOTHING || this.addition.isOurs(jdbc);
	}

	/**
	 * Brings the table up to a stage by steps that may take long, each on its own. Nobody
	 * is kept waiting by them for longer than the lock timeout.
	 * @param goal the stage
	 * @return whether it is there; {@code false} while another instance builds
	 * @throws LockUnavailableException if a lock did not come
	 * @throws DataIntegrityViolationException if a row stands against it; what the build
	 * has left is gone then
	 */
	public boolean raise(Stage goal) {
		return runAll(() -> missing(this.ddl.jdbc(), goal));
	}

	/**
	 * Takes back what is above a stage by steps that may take long, each on its own, as
	 * far as this change has made it.
	 * @param goal the stage
	 * @return whether it is gone; {@code false} while another instance builds
	 * @throws LockUnavailableException if a lock did not come
	 */
	public boolean lower(Stage goal) {
		return runAll(() -> surplus(this.ddl.jdbc(), goal));
	}

	private boolean runAll(Supplier<List<StepGroup>> left) {
		List<StepGroup> former = List.of();
		for (List<StepGroup> groups = left.get(); !groups.isEmpty(); groups = left.get()) {
			if (groups.equals(former)) {
				throw new IllegalStateException("The step '" + groups.get(0).purpose() + "' of change '"
						+ this.change.id() + "' changes nothing");
			}
			if (isBuiltElsewhere()) {
				return false;
			}
			try {
				run(groups.get(0));
			}
			catch (DataIntegrityViolationException ex) {
				removeLeftover();
				throw ex;
			}
			former = groups;
		}
		return true;
	}

	private List<StepGroup> missing(JdbcOperations jdbc, Stage goal) {
		return missing(jdbc, this.addition.stage(jdbc), goal);
	}

	private List<StepGroup> missing(JdbcOperations jdbc, Stage present, Stage goal) {
		List<StepGroup> groups = new ArrayList<>();
		for (Stage stage : Stage.values()) {
			if (stage.compareTo(present) > 0 && stage.compareTo(goal) <= 0) {
				groups.addAll(this.addition.up(jdbc, stage));
			}
		}
		return groups;
	}

	private List<StepGroup> surplus(JdbcOperations jdbc, Stage goal) {
		return surplus(jdbc, this.addition.stage(jdbc), goal);
	}

	private List<StepGroup> surplus(JdbcOperations jdbc, Stage present, Stage goal) {
		return (present != Stage.NOTHING && present.reaches(goal) && this.addition.isOurs(jdbc))
				? this.addition.down(jdbc, present, goal) : List.of();
	}

	/*
	 * An index that could not be completed may still refuse what is written.
	 */
	private void removeLeftover() {
		if (!this.addition.builds().isEmpty() && !stage().reaches(Stage.ALL_ROWS)) {
			surplus(this.ddl.jdbc(), Stage.NEW_ROWS).forEach(this::run);
		}
	}

	private boolean isBuiltElsewhere() {
		List<String> builds = this.addition.builds();
		return !builds.isEmpty() && Boolean.TRUE.equals(this.ddl.jdbc().queryForObject("""
				SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
				  JOIN pg_catalog.unnest(?::text[]) name ON p.index_relid = pg_catalog.to_regclass(name)
				  WHERE p.datname = pg_catalog.current_database())
				""", Boolean.class, (Object) builds.toArray(String[]::new)));
	}

	private void run(StepGroup group) {
		if (group.transactional()) {
			this.ddl.inTransaction(group.purpose(), (jdbc) -> {
				group.run(jdbc);
				return group;
			});
		}
		else {
			group.steps().forEach((step) -> this.ddl.concurrently(step.purpose(), step.sql()));
		}
	}

	/**
	 * Whether the way back to a stage has steps that no one transaction can hold, which
	 * {@link #lower} has to take first.
	 * @param goal the stage
	 * @return whether it has
	 */
	public boolean needsTime(Stage goal) {
		List<StepGroup> groups = surplus(this.ddl.jdbc(), goal);
		return groups.size() > 1 || groups.stream().anyMatch((group) -> !group.transactional());
	}

	/**
	 * Brings the table up to a stage in one transaction and one attempt.
	 * @param goal the stage
	 * @param lockTimeout how long to wait for the locks
	 * @param alongside what else belongs to that transaction; runs first
	 * @throws LockUnavailableException if a lock did not come
	 * @throws UnsupportedChangeException if it takes more than a transaction
	 */
	public void enter(Stage goal, Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		turn(lockTimeout, alongside, (jdbc) -> missing(jdbc, goal));
	}

	/**
	 * Takes back what is above a stage in one transaction and one attempt, as far as this
	 * change has made it.
	 * @param goal the stage
	 * @param lockTimeout how long to wait for the locks
	 * @param alongside what else belongs to that transaction; runs first
	 * @throws LockUnavailableException if a lock did not come
	 * @throws UnsupportedChangeException if it takes more than a transaction
	 */
	public void leave(Stage goal, Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		turn(lockTimeout, alongside, (jdbc) -> surplus(jdbc, goal));
	}

	private void turn(Duration lockTimeout, Consumer<JdbcOperations> alongside,
			Function<JdbcOperations, List<StepGroup>> left) {
		this.ddl.once("take " + this.change.id() + " on", lockTimeout, (jdbc) -> {
			alongside.accept(jdbc);
			List<StepGroup> groups = left.apply(jdbc);
			if (groups.size() > 1 || groups.stream().anyMatch((group) -> !group.transactional())) {
				throw new UnsupportedChangeException(this.change,
						"the table is not as it should be any more: '" + groups.get(0).purpose()
								+ "' would have to be done again.",
						"Look who changed the table; the phase backfill brings back what is missing.");
			}
			groups.forEach((group) -> group.run(jdbc));
			return groups;
		});
	}

	/**
	 * What was found when the rows were last looked at.
	 * @return the finding, empty before the first look
	 */
	public Optional<Finding> lastFinding() {
		return this.findings.last();
	}

	/**
	 * Looks for rows that stand against the change, and keeps what it finds.
	 */
	public void look() {
		this.addition.badRows(this.ddl.jdbc()).ifPresent(this.findings::look);
	}

	/**
	 * Whether any row can stand against the change.
	 * @return whether there is something to look for
	 */
	public boolean looks() {
		return this.addition.badRows(this.ddl.jdbc()).isPresent();
	}

	/**
	 * What was found, as a sentence with the way out.
	 * @param finding the finding
	 * @return the sentence
	 */
	public String describe(Finding finding) {
		BadRows badRows = this.addition.badRows(this.ddl.jdbc()).orElseThrow();
		return finding.clean() ? "There are no " + badRows.what() + "."
				: "There are " + badRows.what() + ", " + finding.listed() + ". " + badRows.remedy();
	}

	/**
	 * The first phase that may not be entered while rows stand against the change.
	 * @return the phase
	 */
	public Phase gate() {
		return this.addition.gate();
	}

	/**
	 * Mends rows that stand against the change, where it was declared that this be done.
	 * @param goOn asked between small transactions
	 * @return how many rows were changed
	 */
	public long mend(BooleanSupplier goOn) {
		return (this.addition instanceof ForeignKeyAddition key && mends()) ? key.removal(this.ddl.jdbc()).run(goOn)
				: 0;
	}

	/**
	 * Whether rows that stand against the change are mended by it.
	 * @return whether {@link #mend} does anything
	 */
	public boolean mends() {
		return this.addition.gate() == Phase.SWITCH_READS;
	}

	/**
	 * How far a build of the server's has come, for a person.
	 * @return a sentence, empty while nothing is built
	 */
	public Optional<String> building() {
		List<String> builds = this.addition.builds();
		if (builds.isEmpty()) {
			return Optional.empty();
		}
		return this.ddl.jdbc().query("""
				SELECT 'The server is ' || p.phase || ', block ' || p.blocks_done || ' of ' || p.blocks_total || '.'
				FROM pg_catalog.pg_stat_progress_create_index p
				JOIN pg_catalog.unnest(?::text[]) name ON p.index_relid = pg_catalog.to_regclass(name)
				WHERE p.datname = pg_catalog.current_database()
				""", (row, number) -> row.getString(1), (Object) builds.toArray(String[]::new)).stream().findFirst();
	}

	/**
	 * Who keeps the table from being changed for a time that cannot be told: builds of
	 * indexes, looks at all rows, and VACUUM. To ask for a stronger lock beside them
	 * would make traffic queue for nothing.
	 * @return a sentence, empty while nobody does
	 */
	public Optional<String> busy() {
		return this.ddl.jdbc()
			.query("""
					SELECT 'Session ' || l.pid || ' builds an index of ' || l.relation::regclass
					  || ', looks at all of its rows or vacuums it. It is waited for without keeping anyone out.'
					FROM pg_catalog.pg_locks l JOIN pg_catalog.unnest(?::text[]) name
					  ON l.relation = pg_catalog.to_regclass(name) OR l.relation IN (
					    SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(name)))
					WHERE l.mode = 'ShareUpdateExclusiveLock' AND l.granted
					AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
					ORDER BY 1
					""",
					(row, number) -> row.getString(1),
					(Object) this.addition.locked().stream().map(TableName::quoted).toArray(String[]::new))
			.stream()
			.findFirst();
	}

	/**
	 * What somebody has to know who looks at the change.
	 * @return sentences, empty if there is nothing
	 */
	public List<String> notes() {
		return this.addition.notes(this.ddl.jdbc());
	}

	/**
	 * The phase that the way back from CONTRACT leads to.
	 * @return the last one whose stage is there after that step
	 */
	public Phase returnsTo() {
		return this.addition.returnsTo();
	}

	/**
	 * What runs on the schema between two phases. What the phases before will have made
	 * is foreseen, where the catalog does not show it yet.
	 * @param from the phase before, the same as {@code to} for what is still missing in
	 * it
	 * @param to the phase after
	 * @return the statements in their order, empty where the schema stays as it is
	 */
	public List<Step> plan(Phase from, Phase to) {
		JdbcOperations jdbc = this.ddl.jdbc();
		Stage present = this.addition.stage(jdbc);
		if (from == to) {
			return (to == Phase.BACKFILL) ? steps(missing(jdbc, present, Stage.ALL_ROWS)) : List.of();
		}
		Stage before = this.addition.shown(Stage.after(from));
		if (from.isBefore(to)) {
			return steps(missing(jdbc, present.reaches(before) ? present : before, Stage.after(to)));
		}
		if (present != Stage.NOTHING && !this.addition.isOurs(jdbc)) {
			return List.of();
		}
		return back(jdbc, before, from, to);
	}

	private List<Step> back(JdbcOperations jdbc, Stage before, Phase from, Phase to) {
		List<Step> steps = new ArrayList<>();
		Stage present = before;
		for (Stage goal : wayBack(from, to)) {
			if (present.reaches(goal)) {
				steps.addAll(steps(this.addition.down(jdbc, present, goal)));
				present = goal;
			}
		}
		if (to == Phase.BACKFILL && !present.reaches(Stage.ALL_ROWS)) {
			steps.addAll(steps(this.addition.up(jdbc, Stage.ALL_ROWS)).stream()
				.map((step) -> step.once("where the change is to stay in backfill"))
				.toList());
		}
		boolean again = from == Phase.BACKFILL && returnsTo() == Phase.BACKFILL;
		return again ? steps.stream().map((step) -> step.once("where it was made again in backfill")).toList() : steps;
	}

	/**
	 * What looks for rows that stand against the change.
	 * @return the statement of {@link #look}, empty if no row can stand against it
	 */
	public List<Step> planLook() {
		return this.addition.badRows(this.ddl.jdbc())
			.map((badRows) -> Step
				.alone("look for " + badRows.what() + "; takes no lock that keeps anyone out", LockLevel.NONE,
						Findings.query(badRows))
				.once("again while there are some, and before a phase that would do harm to them"))
			.stream()
			.toList();
	}

	/**
	 * What mends rows that stand against the change.
	 * @return the statements of {@link #mend}, empty where it does nothing
	 */
	public List<Step> planMend() {
		return (this.addition instanceof ForeignKeyAddition key && mends()) ? key.removal(this.ddl.jdbc()).steps()
				: List.of();
	}

	/**
	 * What stands against the change, for a sentence.
	 * @return such as {@code rows that violate a check}, empty if no row can
	 */
	public Optional<String> badRows() {
		return this.addition.badRows(this.ddl.jdbc()).map(BadRows::what);
	}

	private static List<Step> steps(List<StepGroup> groups) {
		return groups.stream().flatMap((group) -> group.all().stream()).toList();
	}

	/**
	 * Whether writers wait for a moment when a phase is entered, by what is there now.
	 * @param from the phase before
	 * @param to the phase after
	 * @return whether the table is locked
	 */
	public boolean keepsWritersOut(Phase from, Phase to) {
		JdbcOperations jdbc = this.ddl.jdbc();
		List<StepGroup> groups = from.isBefore(to) ? missing(jdbc, Stage.at(to))
				: backTo(from, to).map((goal) -> surplus(jdbc, goal)).orElse(List.of());
		return steps(groups).stream().anyMatch((step) -> step.lock().keepsWritersOut());
	}

	/**
	 * The stages that the way back stops at.
	 */
	private List<Stage> wayBack(Phase from, Phase to) {
		List<Stage> stages = new ArrayList<>();
		Phase present = from;
		while (to.isBefore(present)) {
			Phase next = (present == Phase.CONTRACT) ? returnsTo() : present.toward(to).orElseThrow();
			backTo(present, next).ifPresent(stages::add);
			present = next;
		}
		return stages;
	}

	/**
	 * The stage that a step back leads to.
	 * @param present the phase before
	 * @param next the phase after
	 * @return the stage, empty where the table stays as it is
	 */
	public Optional<Stage> backTo(Phase present, Phase next) {
		return switch (next) {
			case EXPAND, DUAL_WRITE -> Optional.of(Stage.at(next));
			case BACKFILL -> (present == Phase.CONTRACT) ? Optional.of(Stage.NEW_ROWS) : Optional.empty();
			case SWITCH_READS, STOP_DUAL_WRITE, CONTRACT -> Optional.empty();
		};
	}

}
