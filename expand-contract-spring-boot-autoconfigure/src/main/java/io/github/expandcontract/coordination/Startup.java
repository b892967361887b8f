package io.github.expandcontract.coordination;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.FleetMember;
import io.github.expandcontract.phase.PhaseStore;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.schema.DropTableSteps;
import io.github.expandcontract.schema.MissingPrivilegeException;
import io.github.expandcontract.schema.Sessions;
import io.github.expandcontract.schema.StatementUse;
import io.github.expandcontract.schema.TableUse;
import io.github.expandcontract.schema.UnannotatedUse;

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

	private final Courses courses;

	private final Backfill backfill;

	private final FleetMember member;

	/**
	 * Creates a startup.
	 * @param ddl executor of our own tables' DDL
	 * @param store the rows of the fleet
	 * @param courses how each change is taken through the phases
	 * @param backfill the backfill
	 * @param member this instance
	 */
	public Startup(Ddl ddl, PhaseStore store, Courses courses, Backfill backfill, FleetMember member) {
		this.ddl = ddl;
		this.store = store;
		this.courses = courses;
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
	public void run(List<Change> changes, Map<String, Phase> listed) {
		check(changes);
		install();
		changes.forEach(this::expand);
		Map<String, Phase> targets = new HashMap<>(listed);
		changes.forEach((change) -> targets.computeIfAbsent(change.id(), (id) -> unlisted(change)));
		this.member.join(targets);
	}

	/*
	 * All that is missing of privileges is said at once, so that it is given at once.
	 */
	private void check(List<Change> changes) {
		List<MissingPrivilegeException> missing = new ArrayList<>();
		for (Change change : changes) {
			try {
				this.courses.of(change).check();
			}
			catch (MissingPrivilegeException ex) {
				missing.add(ex);
			}
		}
		if (!missing.isEmpty()) {
			throw MissingPrivilegeException.together(missing);
		}
	}

	private Phase unlisted(Change change) {
		return (state(change).phase() == Phase.CONTRACT) ? Phase.CONTRACT : Phase.EXPAND;
	}

	private void install() {
		this.ddl.inTransaction("create the tables of expand-contract", (jdbc) -> {
			// CREATE ... IF NOT EXISTS by two sessions at once fails in one of them.
			jdbc.queryForList("SELECT pg_advisory_xact_lock(?)", INSTALLATION_LOCK);
			jdbc.execute("CREATE SCHEMA IF NOT EXISTS " + OwnSchema.NAME);
			PhaseStore.install(jdbc);
			StatementUse.install(jdbc);
			UnannotatedUse.install(jdbc);
			TableUse.install(jdbc);
			DropTableSteps.install(jdbc);
			Sessions.install(jdbc);
			return true;
		});
		this.backfill.install();
	}

	private void expand(Change change) {
		Course course = this.courses.of(change);
		this.store.declare(change, course.isOver() ? Phase.CONTRACT : Phase.EXPAND);
		ChangeState state = state(change);
		Optional<PhaseMismatchException> contradiction = course.contradiction(state.phase());
		// Others may enter or leave CONTRACT meanwhile: only what was read between two
		// looks at the same version belongs together.
		for (ChangeState again = state(change); again.version() != state.version(); again = state(change)) {
			state = again;
			contradiction = course.contradiction(state.phase());
		}
		contradiction.ifPresent((exception) -> {
			throw exception;
		});
		if (state.phase() != Phase.CONTRACT) {
			course.begin();
			logger.info("Change '" + change.id() + "' (" + change.describe() + ") is in phase "
					+ state.phase().propertyName());
		}
	}

	private ChangeState state(Change change) {
		return this.store.change(change.id()).orElseThrow();
	}

}
