package io.github.expandcontract.coordination;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.schema.Dependent;

/**
 * Something goes away and nothing comes instead: first it is unused, then it is gone. No
 * rows are gone over, and nobody's calls are held, because by then nobody names it.
 */
abstract class DropCourse implements Course {

	@Override
	public final Optional<PhaseMismatchException> contradiction(Phase recorded) {
		return ((recorded == Phase.CONTRACT) != isOver()) ? Optional.of(PhaseMismatchException.drop(change(), recorded))
				: Optional.empty();
	}

	@Override
	public final List<Evidence> before(Phase next, ChangeState state, List<InstanceState> instances) {
		List<Evidence> evidence = new ArrayList<>();
		evidence.add(FleetEvidence.acknowledged(state, instances));
		if (state.phase() == Phase.CONTRACT) {
			evidence.add(Evidence.blocks("way back", "What was dropped is gone with what it held, so there is no way "
					+ "back from contract. Ask for contract again; if it is needed, create it by a migration and "
					+ "fill it from a backup."));
		}
		else if (state.phase().isBefore(next)) {
			if (next == Phase.CONTRACT) {
				evidence.add(FleetEvidence.legacyWriters(state, instances));
				evidence
					.add(Evidence.ok("way back", "Up to here each step can be taken back. From contract there is no "
							+ "way back: what is dropped is gone with what it holds."));
			}
			unused(next, state, evidence);
		}
		return List.copyOf(evidence);
	}

	/**
	 * Adds what has to be known of those who use it.
	 */
	abstract void unused(Phase next, ChangeState state, List<Evidence> evidence);

	@Override
	public final List<String> needs(Phase from, Phase to) {
		if (from == Phase.CONTRACT && to != from) {
			return List.of("There is no way back from contract: what was dropped is gone with what it held.");
		}
		List<String> needs = new ArrayList<>();
		if (from.isBefore(to)) {
			if (to == Phase.CONTRACT) {
				needs.add(DECLARED);
			}
			needs.addAll(needsUnused(to));
		}
		return needs;
	}

	/**
	 * What has to be known of those who use it before a phase is entered, in sentences.
	 */
	abstract List<String> needsUnused(Phase next);

	static Evidence dependents(List<Dependent> dependents) {
		String name = "dependents";
		String blocking = list(dependents, true);
		String along = list(dependents, false);
		String goes = along.isEmpty() ? "" : " These go along: " + along + ".";
		return blocking.isEmpty() ? Evidence.ok(name, "Nothing depends on it that would break." + goes) : Evidence
			.blocks(name, "These use it and would break: " + blocking + ". Change or drop them first." + goes);
	}

	private static String list(List<Dependent> dependents, boolean blocking) {
		return dependents.stream()
			.filter((dependent) -> dependent.blocking() == blocking)
			.map((dependent) -> dependent.identity().startsWith(dependent.kind()) ? dependent.identity()
					: dependent.kind() + " " + dependent.identity())
			.collect(Collectors.joining(", "));
	}

	@Override
	public final Phase returnsTo() {
		return Phase.STOP_DUAL_WRITE;
	}

	@Override
	public final boolean heldCutover() {
		return false;
	}

	@Override
	public final BackfillProgress progress() {
		@Nullable Instant never = null;
		return new BackfillProgress(0, 0, 0, 0, null, false, "idle", List.of(), never, never);
	}

	@Override
	public final Optional<Verification> lastVerification() {
		return Optional.empty();
	}

}
