package io.github.expandcontract.coordination;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.RenameInPlace;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.schema.InPlaceSteps;
import io.github.expandcontract.schema.Leaving;
import io.github.expandcontract.schema.Situation;
import io.github.expandcontract.schema.Step;

/**
 * A column gets another name where it is. Until {@link Phase#CONTRACT} every phase is the
 * same: the former name is there, and annotated repositories say it. So the phases before
 * pass as soon as they are acknowledged, and the way back leads to the nearest of them,
 * {@link Phase#STOP_DUAL_WRITE}, in which the previous release works again.
 */
final class InPlaceCourse implements Course {

	private final RenameInPlace change;

	private final Tools tools;

	private final InPlaceSteps steps;

	private final UseEvidence use;

	InPlaceCourse(RenameInPlace change, Tools tools) {
		this.change = change;
		this.tools = tools;
		this.steps = new InPlaceSteps(tools.ddl());
		this.use = new UseEvidence(Leaving.of(change), tools);
	}

	@Override
	public RenameInPlace change() {
		return this.change;
	}

	@Override
	public void check() {
		this.steps.check(this.change);
	}

	@Override
	public boolean isOver() {
		return this.steps.inspect(this.change) == Situation.NEW_ONLY;
	}

	@Override
	public Optional<PhaseMismatchException> contradiction(Phase recorded) {
		return ((recorded == Phase.CONTRACT) != isOver())
				? Optional.of(PhaseMismatchException.column(this.change.byCopy(), recorded)) : Optional.empty();
	}

	@Override
	public void begin() {
		check();
	}

	@Override
	public void prepare(ChangeState state, Optional<Phase> next, BooleanSupplier goOn) {
		if (state.phase() == Phase.STOP_DUAL_WRITE) {
			this.use.watch(state, next);
		}
	}

	@Override
	public List<Evidence> before(Phase next, ChangeState state, List<InstanceState> instances) {
		List<Evidence> evidence = new ArrayList<>();
		evidence.add(FleetEvidence.acknowledged(state, instances));
		if (next == Phase.CONTRACT) {
			evidence.add(FleetEvidence.legacyWriters(state, instances));
			evidence.add(DependentEvidence.named(this.steps.dependents(this.change), this.change.oldColumn()));
			evidence.addAll(this.use.sinceBesideAnnotated(state));
		}
		else if (state.phase() == Phase.CONTRACT) {
			evidence.add(DependentEvidence.named(this.steps.dependents(this.change), this.change.newColumn()));
		}
		return List.copyOf(evidence);
	}

	@Override
	public void lookAgain(Phase next, ChangeState state) {
		if (next == Phase.CONTRACT) {
			this.use.lookAgain(state);
		}
	}

	@Override
	public void step(ChangeState state, Phase next) {
		if (next == Phase.CONTRACT) {
			this.tools.cutover()
				.run(state, (held) -> this.steps.contract(this.change, this.tools.lockTimeout(held),
						(within) -> this.tools.move(within, held, next)));
		}
		else if (state.phase() == Phase.CONTRACT) {
			this.tools.cutover()
				.run(state, (held) -> this.steps.reopen(this.change, this.tools.lockTimeout(held),
						(within) -> this.tools.move(within, held, next)));
		}
		else {
			this.tools.move(state, next);
		}
	}

	@Override
	public Phase returnsTo() {
		return Phase.STOP_DUAL_WRITE;
	}

	@Override
	public boolean heldCutover() {
		return true;
	}

	@Override
	public boolean heldReturn() {
		return true;
	}

	@Override
	public BackfillProgress progress() {
		return BackfillProgress.none();
	}

	@Override
	public Optional<Verification> lastVerification() {
		return Optional.empty();
	}

	@Override
	public List<String> needs(Phase from, Phase to) {
		if (to == Phase.CONTRACT) {
			return List.of(DECLARED, named(this.change.oldColumn()),
					"Nobody but annotated repositories was seen to use it since the phase was entered, or an operator "
							+ "has accepted what was seen.");
		}
		return (from == Phase.CONTRACT) ? List.of(named(this.change.newColumn())) : List.of();
	}

	private static String named(String column) {
		return "Nothing that does not follow a new name by itself names '" + column + "'.";
	}

	@Override
	public List<Step> plan(Phase from, Phase to) {
		return this.steps.plan(this.change, from, to);
	}

}
