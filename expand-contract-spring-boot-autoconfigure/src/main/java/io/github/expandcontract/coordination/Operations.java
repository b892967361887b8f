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
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.phase.PhaseStore;
import io.github.expandcontract.schema.ColumnSteps;

/**
 * What an operator sees and may do.
 */
public final class Operations {

	private static final Log logger = LogFactory.getLog(Operations.class);

	private final PhaseStore store;

	private final Coordinator coordinator;

	private final ColumnSteps steps;

	private final Backfill backfill;

	private volatile List<ColumnChange> changes = List.of();

	/**
	 * Creates the operations.
	 * @param store the rows of the fleet
	 * @param coordinator moves the changes
	 * @param steps steps on the schema
	 * @param backfill the backfill
	 */
	public Operations(PhaseStore store, Coordinator coordinator, ColumnSteps steps, Backfill backfill) {
		this.store = store;
		this.coordinator = coordinator;
		this.steps = steps;
		this.backfill = backfill;
	}

	/**
	 * Makes the declared changes known.
	 * @param changes the changes
	 */
	public void declare(List<ColumnChange> changes) {
		this.changes = List.copyOf(changes);
	}

	/**
	 * The declared changes.
	 * @return the changes, empty before the start has come that far
	 */
	public List<ColumnChange> declared() {
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

	private ChangeStatus status(ColumnChange change) {
		ChangeState state = this.store.change(change.id()).orElseThrow();
		return new ChangeStatus(state, change.describe(), Targets.of(state, this.store.instances()),
				this.steps.heldCutover(change), this.backfill.progress(change),
				this.backfill.lastVerification(change).orElse(null), this.coordinator.evidence(change));
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
		return this.backfill.progress(find(id).orElseThrow());
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

	private Optional<ColumnChange> find(String id) {
		return this.changes.stream().filter((change) -> change.id().equals(id)).findFirst();
	}

}
