package io.github.expandcontract.coordination;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.phase.PhaseStore;

/**
 * What an operator sees and may do.
 */
public final class Operations {

	private static final Log logger = LogFactory.getLog(Operations.class);

	private final PhaseStore store;

	private final Coordinator coordinator;

	private final Courses courses;

	private final Backfill backfill;

	private final Planner planner;

	private volatile List<Change> changes = List.of();

	/**
	 * Creates the operations.
	 * @param store the rows of the fleet
	 * @param coordinator moves the changes
	 * @param courses how each change is taken through the phases
	 * @param backfill the backfill
	 */
	public Operations(PhaseStore store, Coordinator coordinator, Courses courses, Backfill backfill) {
		this.store = store;
		this.coordinator = coordinator;
		this.courses = courses;
		this.backfill = backfill;
		this.planner = new Planner(store, courses);
	}

	/**
	 * Makes the declared changes known.
	 * @param changes the changes
	 */
	public void declare(List<Change> changes) {
		this.changes = List.copyOf(changes);
	}

	/**
	 * The declared changes.
	 * @return the changes, empty before the start has come that far
	 */
	public List<Change> declared() {
		return this.changes;
	}

	/**
	 * The status of a change.
	 * @param id the id of the change
	 * @return the status, empty if this application does not declare the change
	 */
	public Optional<ChangeStatus> status(String id) {
		return find(id).map(this::status);
	}

	private ChangeStatus status(Change change) {
		ChangeState state = this.store.change(change.id()).orElseThrow();
		Course course = this.courses.of(change);
		return new ChangeStatus(state, change.describe(), Targets.of(state, this.store.instances()),
				course.heldCutover(), course.progress(), course.lastVerification().orElse(null),
				this.coordinator.evidence(change));
	}

	/**
	 * What will run from where a change stands, to the end and back again.
	 * @param id the id of the change
	 * @return the plan, empty if this application does not declare the change
	 */
	public Optional<ChangePlan> plan(String id) {
		return find(id)
			.map((change) -> this.planner.plan(change, this.store.change(change.id()).orElseThrow().phase()));
	}

	/**
	 * The rows of the declared changes, in one query.
	 * @return where the cluster stands
	 */
	public List<ChangeState> states() {
		Map<String, ChangeState> states = this.changes.isEmpty() ? Map.of() : this.store.changes();
		return this.changes.stream().map((change) -> states.get(change.id())).filter(Objects::nonNull).toList();
	}

	/**
	 * How far the backfill of a change is.
	 * @param id the id of a declared change
	 * @return the progress
	 */
	public BackfillProgress progress(String id) {
		return this.courses.of(find(id).orElseThrow()).progress();
	}

	/**
	 * The instances that the database knows.
	 * @return all of them, also those whose lease has run out
	 */
	public List<InstanceState> instances() {
		return this.changes.isEmpty() ? List.of() : this.store.instances();
	}

	/**
	 * Pauses the backfill of a change on all instances.
	 * @param id the id of the change
	 * @return whether this application declares the change
	 */
	public boolean pause(String id) {
		find(id).ifPresent((change) -> this.backfill.pause(change.id()));
		return find(id).isPresent();
	}

	/**
	 * Resumes a paused backfill.
	 * @param id the id of the change
	 * @return whether this application declares the change
	 */
	public boolean resume(String id) {
		find(id).ifPresent((change) -> this.backfill.resume(change.id()));
		return find(id).isPresent();
	}

	/**
	 * Asks for a phase above every instance's yml.
	 * @param id the id of the change
	 * @param target the phase, or {@code null} to let the yml decide again
	 * @param by who asks
	 * @return whether this application declares the change
	 */
	public boolean override(String id, @Nullable Phase target, String by) {
		if (find(id).isEmpty()) {
			return false;
		}
		logger.info("Change '" + id + "': " + by + ((target != null) ? " asks for phase " + target.propertyName()
				: " lets the configuration decide the phase again"));
		return this.store.override(id, target, by);
	}

	/**
	 * Lets evidence pass that stands against the next move, until the phase changes.
	 * @param id the id of the change
	 * @param evidence the name of the evidence, as it is shown
	 * @param by who lets it pass
	 * @return whether this application declares the change
	 * @throws IllegalArgumentException if no such evidence stands against the move that
	 * may be accepted
	 */
	public boolean accept(String id, String evidence, String by) {
		Optional<Change> change = find(id);
		if (change.isEmpty()) {
			return false;
		}
		ChangeState state = this.store.change(id).orElseThrow();
		List<String> acceptable = this.coordinator.evidence(change.get())
			.stream()
			.filter(Evidence::acceptable)
			.map(Evidence::name)
			.toList();
		if (!acceptable.contains(evidence)) {
			throw new IllegalArgumentException("'" + evidence + "' is no evidence against the next move of '" + id
					+ "' that may be accepted; " + (acceptable.isEmpty() ? "there is none now."
							: "what may be is " + String.join(", ", acceptable) + "."));
		}
		this.store.acceptances().accept(state, evidence, by);
		logger.info(
				"Change '" + id + "': " + by + " accepts '" + evidence + "' in phase " + state.phase().propertyName());
		return true;
	}

	private Optional<Change> find(String id) {
		return this.changes.stream().filter((change) -> change.id().equals(id)).findFirst();
	}

}
