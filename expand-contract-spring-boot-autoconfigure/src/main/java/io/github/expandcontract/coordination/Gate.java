package io.github.expandcontract.coordination;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.schema.ColumnSteps;
import io.github.expandcontract.schema.Dependent;

/**
 * What has to be known before a change enters a phase. It only looks; whoever asks brings
 * about what it finds missing.
 */
final class Gate {

	static final String VERIFICATION = "verification";

	private final ColumnSteps steps;

	private final Backfill backfill;

	private final SyncMode sync;

	Gate(ColumnSteps steps, Backfill backfill, SyncMode sync) {
		this.steps = steps;
		this.backfill = backfill;
		this.sync = sync;
	}

	List<Evidence> before(Phase next, ColumnChange change, ChangeState state, List<InstanceState> instances) {
		List<Evidence> evidence = new ArrayList<>();
		evidence.add(acknowledged(state, instances));
		if (state.phase().isBefore(next)) {
			switch (next) {
				case EXPAND, DUAL_WRITE, BACKFILL -> {
				}
				case SWITCH_READS -> {
					if (!this.sync.hasTrigger()) {
						evidence.add(legacyWriters(state, instances));
					}
					evidence.add(backfilled(change));
					evidence.add(verified(change, state));
					evidence.add(copies(change));
					this.backfill.lastExamination(change)
						.filter((examination) -> examination.lossy() > 0)
						.ifPresent((examination) -> evidence
							.add(Evidence.ok("conversion", Startup.lossy(change, examination))));
				}
				case STOP_DUAL_WRITE -> {
					if (!this.sync.hasTrigger()) {
						evidence.add(legacyWriters(state, instances));
					}
				}
				case CONTRACT -> {
					evidence.add(legacyWriters(state, instances));
					if (this.sync.hasTrigger()) {
						if (this.steps.isRefilling(change)) {
							evidence.add(reversed(change));
						}
						evidence.add(verified(change, state));
					}
					// Else old has fallen behind on purpose since the phase was entered.
					evidence.add(dependents(change));
				}
			}
		}
		else if (next == Phase.BACKFILL && state.phase() == Phase.SWITCH_READS
				&& (!this.sync.hasTrigger() || this.steps.isRefilling(change))) {
			evidence.add(reversed(change));
		}
		return List.copyOf(evidence);
	}

	static Evidence acknowledged(ChangeState state, List<InstanceState> instances) {
		String name = "acknowledgement of " + state.phase().propertyName();
		String late = instances.stream()
			.filter(InstanceState::live)
			.filter((instance) -> instance.declares(state.id()))
			.filter((instance) -> !Long.valueOf(state.version()).equals(instance.acknowledged().get(state.id())))
			.map(InstanceState::name)
			.collect(Collectors.joining(", "));
		return late.isEmpty() ? Evidence.ok(name, "All live instances run in this phase alone.")
				: Evidence.waits(name, "These instances still have calls or transactions open that began in the phase "
						+ "before: " + late + ". Look for long transactions there.");
	}

	private static Evidence legacyWriters(ChangeState state, List<InstanceState> instances) {
		String unaware = instances.stream()
			.filter(InstanceState::live)
			.filter((instance) -> !instance.declares(state.id()))
			.map(InstanceState::name)
			.collect(Collectors.joining(", "));
		return unaware.isEmpty() ? Evidence.ok("releases", "All live instances declare the change.")
				: Evidence.blocks("releases", "These live instances do not declare the change and still use the old "
						+ "column: " + unaware + ". Replace them by a release that declares it.");
	}

	private Evidence backfilled(ColumnChange change) {
		if (this.backfill.complete(change)) {
			return Evidence.ok("backfill", "Every row has been filled.");
		}
		BackfillProgress progress = this.backfill.progress(change);
		if (this.backfill.paused(change.id())) {
			return Evidence.blocks("backfill",
					"The backfill is paused at " + progress.rowsDone() + " rows. Resume it by the endpoint.");
		}
		return Evidence.waits("backfill", "The backfill has done " + progress.rowsDone() + " of about "
				+ progress.rowsTotal() + " rows. " + progress.state());
	}

	private Evidence verified(ColumnChange change, ChangeState state) {
		Optional<Verification> last = this.backfill.lastVerification(change)
			.filter((verification) -> !verification.at().isBefore(state.enteredAt()));
		if (last.isEmpty()) {
			return Evidence.waits(VERIFICATION, "Not every row has been verified since the phase "
					+ state.phase().propertyName() + " was entered.");
		}
		if (last.get().mismatches() > 0) {
			return Evidence.blocks(VERIFICATION,
					"In " + last.get().mismatches() + " of " + last.get().rows() + " rows '" + change.newColumn()
							+ "' does not hold what '" + change.oldColumn() + "' gives, for example in "
							+ last.get().sample() + ". Find out who writes past the trigger"
							+ (keepsPromise(change) ? "." : ", or whether up(down(value)) is really the value again."));
		}
		return Evidence.ok(VERIFICATION, last.get().rows() + " rows verified, no mismatch.");
	}

	/**
	 * Whether nothing but a write past the trigger can be the reason of a mismatch.
	 */
	private static boolean keepsPromise(ColumnChange change) {
		return change.fold((rename) -> true, (type) -> !type.lossless());
	}

	private Evidence copies(ColumnChange change) {
		List<String> missing = this.steps.missingCopies(change);
		return missing.isEmpty() ? Evidence.ok("indexes", "Every index on the old column has a valid copy.")
				: Evidence.waits("indexes",
						"These indexes have no valid copy on the new column yet: " + String.join(", ", missing) + ".");
	}

	private Evidence dependents(ColumnChange change) {
		String blocking = this.steps.dependents(change)
			.stream()
			.filter(Dependent::blocking)
			.map(Gate::described)
			.collect(Collectors.joining(", "));
		return blocking.isEmpty() ? Evidence.ok("dependents", "Nothing depends on the old column that is not carried along.")
				: Evidence.blocks("dependents", "These use the old column and would break or be lost: " + blocking
						+ ". Change or drop them first.");
	}

	static String described(Dependent dependent) {
		return dependent.kind() + " " + dependent.identity() + (dependent.definition().isBlank() ? ""
				: " (" + dependent.definition().strip().replaceAll("\\s+", " ") + ")");
	}

	private Evidence reversed(ColumnChange change) {
		return (this.backfill.reverseComplete(change) && !this.steps.isRefilling(change))
				? Evidence.ok("reverse backfill", "The old column holds what the new one says.")
				: Evidence.waits("reverse backfill",
						"The old column is being brought up to date before anything reads it again.");
	}

}
