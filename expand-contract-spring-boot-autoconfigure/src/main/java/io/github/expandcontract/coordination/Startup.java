package io.github.expandcontract.coordination;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.Examination;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.FleetMember;
import io.github.expandcontract.phase.PhaseStore;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.schema.ColumnSteps;
import io.github.expandcontract.schema.Dependent;
import io.github.expandcontract.schema.Situation;

/**
 * The start of an instance, after the user's migrations and before anything uses the
 * tables:
 * <ol>
 * <li>check every change against the catalog before anything is touched;</li>
 * <li>create our own schema and tables;</li>
 * <li>expand those that are not expanded yet, once it is known that every value can be
 * converted;</li>
 * <li>join the fleet, which publishes the cluster phases.</li>
 * </ol>
 * Each step finds its work done if another instance was first or a former start was
 * killed.
 */
public final class Startup {

	private static final Log logger = LogFactory.getLog(Startup.class);

	private static final long INSTALLATION_LOCK = 0x6578_7061_6e64_0001L;

	private final Ddl ddl;

	private final PhaseStore store;

	private final ColumnSteps steps;

	private final Backfill backfill;

	private final FleetMember member;

	/**
	 * Creates a startup.
	 * @param ddl executor of our own tables' DDL
	 * @param store the rows of the fleet
	 * @param steps steps on the schema
	 * @param backfill the backfill
	 * @param member this instance
	 */
	public Startup(Ddl ddl, PhaseStore store, ColumnSteps steps, Backfill backfill, FleetMember member) {
		this.ddl = ddl;
		this.store = store;
		this.steps = steps;
		this.backfill = backfill;
		this.member = member;
	}

	/**
	 * Brings the database and this instance to where statements may run.
	 * @param changes the declared changes
	 * @param listed the phase that the yml asks for, by change. One that it does not list
	 * is asked to expand, or to stay where it is once that is the end: the way back from
	 * there renames a column, and is not taken because a line is missing.
	 */
	public void run(List<ColumnChange> changes, Map<String, Phase> listed) {
		changes.forEach(this.steps::check);
		install();
		changes.forEach(this::expand);
		Map<String, Phase> targets = new HashMap<>(listed);
		changes.forEach((change) -> targets.computeIfAbsent(change.id(), (id) -> unlisted(change)));
		this.member.join(targets);
	}

	private Phase unlisted(ColumnChange change) {
		return (state(change).phase() == Phase.CONTRACT) ? Phase.CONTRACT : Phase.EXPAND;
	}

	private void install() {
		this.ddl.inTransaction("create the tables of expand-contract", (jdbc) -> {
			// CREATE ... IF NOT EXISTS by two sessions at once fails in one of them.
			jdbc.queryForList("SELECT pg_advisory_xact_lock(?)", INSTALLATION_LOCK);
			jdbc.execute("CREATE SCHEMA IF NOT EXISTS " + OwnSchema.NAME);
			PhaseStore.install(jdbc);
			return true;
		});
		this.backfill.install();
	}

	private void expand(ColumnChange change) {
		Situation situation = this.steps.inspect(change);
		this.store.declare(change, (situation == Situation.NEW_ONLY) ? Phase.CONTRACT : Phase.EXPAND);
		ChangeState state = state(change);
		Situation present = this.steps.inspect(change);
		// Others may enter or leave CONTRACT meanwhile: only what was read between two
		// looks at the same version belongs together.
		for (ChangeState again = state(change); again.version() != state.version(); again = state(change)) {
			state = again;
			present = this.steps.inspect(change);
		}
		if ((state.phase() == Phase.CONTRACT) != (present == Situation.NEW_ONLY)) {
			throw new PhaseMismatchException(change, state.phase());
		}
		if (state.phase() != Phase.CONTRACT) {
			if (present == Situation.OLD_ONLY) {
				examine(change);
			}
			this.steps.expand(change);
			logger.info("Change '" + change.id() + "' (" + change.describe() + ") is in phase "
					+ state.phase().propertyName());
			warnOfDependents(change);
		}
	}

	private void warnOfDependents(ColumnChange change) {
		this.steps.dependents(change)
			.stream()
			.filter(Dependent::blocking)
			.forEach((dependent) -> logger.warn("Change '" + change.id() + "' will not enter contract before this is "
					+ "changed or dropped: " + Gate.described(dependent)));
	}

	/*
	 * Before the trigger, which would refuse the writes of others that hold such a value.
	 */
	private void examine(ColumnChange change) {
		this.backfill.examine(change, () -> true)
			.filter((examination) -> examination.lossy() > 0)
			.ifPresent((examination) -> logger.warn("Change '" + change.id() + "': " + lossy(change, examination)));
	}

	static String lossy(ColumnChange change, Examination examination) {
		return "In " + examination.lossy() + " of " + examination.rows() + " rows down does not give back what '"
				+ change.oldColumn() + "' held when up took it, for example in " + examination.sample()
				+ ". Before contract the column keeps it where nobody writes the row; the way back from contract "
				+ "brings what down gives.";
	}

	private ChangeState state(ColumnChange change) {
		return this.store.change(change.id()).orElseThrow();
	}

}
