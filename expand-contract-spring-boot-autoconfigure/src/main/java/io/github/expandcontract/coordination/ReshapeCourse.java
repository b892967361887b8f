package io.github.expandcontract.coordination;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.schema.Dependent;
import io.github.expandcontract.schema.Leaving;
import io.github.expandcontract.schema.ReshapeSteps;
import io.github.expandcontract.schema.Situation;
import io.github.expandcontract.schema.Step;

/**
 * Columns are split or merged: both sides are there, kept in step by the trigger, until
 * every row is filled and nobody names the old ones.
 */
final class ReshapeCourse implements Course {

	private static final Log logger = LogFactory.getLog(ReshapeCourse.class);

	private final ReshapeColumns change;

	private final Tools tools;

	private final Backfill backfill;

	private final ReshapeSteps steps;

	private final Rows rows;

	private final RowPlan rowPlan;

	private final UseEvidence use;

	ReshapeCourse(ReshapeColumns change, Tools tools) {
		this.change = change;
		this.tools = tools;
		this.backfill = tools.backfill();
		this.steps = new ReshapeSteps(tools.ddl(), tools.settings().sync());
		this.rows = new Rows(change, tools.backfill());
		this.rowPlan = new RowPlan(tools.backfill(), change);
		this.use = new UseEvidence(Leaving.of(change), tools);
	}

	@Override
	public ReshapeColumns change() {
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
				? Optional.of(PhaseMismatchException.reshaped(this.change, recorded)) : Optional.empty();
	}

	@Override
	public void begin() {
		boolean first = isUntouched();
		if (first) {
			this.rows.examine();
		}
		this.steps.expand(this.change);
		if (first) {
			announce(this.steps.dependents(this.change));
		}
	}

	private void announce(List<Dependent> dependents) {
		String blocking = String.join("; ", DependentEvidence.blocking(dependents));
		if (!blocking.isEmpty()) {
			logger.warn("Change '" + this.change.id() + "': before contract, these have to be changed or dropped: "
					+ blocking + ".");
		}
		String lost = dependents.stream()
			.filter((dependent) -> !dependent.blocking() && dependent.identity().startsWith("column "))
			.map((dependent) -> dependent.kind() + " of " + dependent.identity() + " (" + dependent.definition() + ")")
			.collect(Collectors.joining("; "));
		if (!lost.isEmpty()) {
			logger.warn("Change '" + this.change.id() + "': with the old columns, contract drops: " + lost + ".");
		}
	}

	private static String columns(List<String> names) {
		return String.join("', '", names);
	}

	@Override
	public void prepare(ChangeState state, Optional<Phase> next, BooleanSupplier goOn) {
		switch (state.phase()) {
			case EXPAND, DUAL_WRITE, CONTRACT -> {
			}
			case BACKFILL -> {
				if (next.filter((phase) -> phase.isBefore(Phase.BACKFILL)).isEmpty()) {
					fill(state, goOn);
				}
			}
			case SWITCH_READS -> refill(goOn);
			case STOP_DUAL_WRITE -> {
				this.use.watch(state, next);
				refill(goOn);
				if (next.filter(Phase.CONTRACT::equals).isPresent() && !this.steps.isRefilling(this.change)) {
					this.rows.verifyNowAndThen(state, goOn);
					this.steps.prepareContract(this.change);
				}
			}
		}
	}

	private void fill(ChangeState state, BooleanSupplier goOn) {
		if (this.rows.filled()) {
			this.steps.refreshStatistics(this.change);
			this.rows.verifyAndMend(state, goOn);
		}
	}

	/**
	 * The old columns were added again after CONTRACT. The trigger keeps in them what is
	 * written, the rest comes from the new ones, and until then nothing goes where the
	 * old ones are read.
	 */
	private void refill(BooleanSupplier goOn) {
		if (this.steps.isRefilling(this.change) && this.rows.reverse(goOn)) {
			this.steps.restoreOld(this.change);
		}
	}

	@Override
	public List<Evidence> before(Phase next, ChangeState state, List<InstanceState> instances) {
		List<Evidence> evidence = new ArrayList<>();
		evidence.add(FleetEvidence.acknowledged(state, instances));
		if (state.phase().isBefore(next)) {
			if (Phase.DUAL_WRITE.isBefore(next)) {
				evidence.add(synchronization());
			}
			switch (next) {
				case EXPAND, DUAL_WRITE, BACKFILL, STOP_DUAL_WRITE -> {
				}
				case SWITCH_READS -> {
					evidence.add(this.rows.backfilled());
					evidence.add(this.rows.verified(state));
					this.rows.conversion().ifPresent(evidence::add);
				}
				case CONTRACT -> {
					evidence.add(FleetEvidence.legacyWriters(state, instances));
					if (this.steps.isRefilling(this.change)) {
						evidence.add(refilled());
					}
					evidence.add(this.rows.verified(state));
					evidence.add(DependentEvidence.dropped(this.steps.dependents(this.change),
							columns(this.change.oldColumns())));
					evidence.addAll(this.use.since(state));
				}
			}
		}
		else if (next == Phase.BACKFILL && state.phase() == Phase.SWITCH_READS && this.steps.isRefilling(this.change)) {
			evidence.add(refilled());
		}
		return List.copyOf(evidence);
	}

	@Override
	public void lookAgain(Phase next, ChangeState state) {
		if (next == Phase.CONTRACT) {
			this.use.lookAgain(state);
		}
	}

	private Evidence synchronization() {
		List<String> missing = this.steps.missingTriggers(this.change);
		return missing.isEmpty() ? Evidence.ok("synchronization", "The triggers keep both sides in step.")
				: Evidence.blocks("synchronization",
						"What others write is not carried over: " + String.join(" ", missing)
								+ " Rows that were written meanwhile are found by the verification.");
	}

	private static Evidence refilled() {
		return Evidence.waits("reverse backfill",
				"The old columns are being brought up to date before anything reads them again.");
	}

	@Override
	public void step(ChangeState state, Phase next) {
		if (next == Phase.CONTRACT) {
			ChangeState moved = state.withoutHold();
			this.steps.contract(this.change, this.tools.lockTimeout(moved),
					(within) -> this.tools.move(within, moved, next));
		}
		else if (state.phase() == Phase.CONTRACT) {
			// Held, because a SELECT * that began before would show the old columns
			this.tools.cutover()
				.run(state, (held) -> this.steps.reopen(this.change, this.tools.lockTimeout(held), (within) -> {
					this.tools.move(within, held, next);
					this.backfill.reset(this.change, within);
				}));
		}
		else {
			this.tools.move(state, next);
		}
	}

	/**
	 * {@inheritDoc} There nothing reads the old columns, which are to be filled.
	 */
	@Override
	public Phase returnsTo() {
		return Phase.STOP_DUAL_WRITE;
	}

	/**
	 * {@inheritDoc} Statements name the new columns alone in the phase before.
	 */
	@Override
	public boolean heldCutover() {
		return false;
	}

	@Override
	public boolean heldReturn() {
		return true;
	}

	@Override
	public Optional<RowChange> fills(Phase present) {
		return (present == Phase.BACKFILL) ? Optional.of(this.change) : Optional.empty();
	}

	@Override
	public BackfillProgress progress() {
		return this.backfill.progress(this.change);
	}

	@Override
	public Optional<Verification> lastVerification() {
		return this.backfill.lastVerification(this.change);
	}

	@Override
	public void tryOut(BooleanSupplier goOn) {
		if (isUntouched()) {
			this.backfill.tryOut(this.change, goOn);
		}
	}

	@Override
	public List<String> needs(Phase from, Phase to) {
		if (to.isBefore(from)) {
			return (from == Phase.CONTRACT)
					? List.of("None of '" + columns(this.change.newColumns()) + "' has a default.") : List.of();
		}
		return switch (to) {
			case EXPAND, DUAL_WRITE, BACKFILL, STOP_DUAL_WRITE -> List.of();
			case SWITCH_READS -> List.of("Every row has been filled and verified.");
			case CONTRACT -> List.of(DECLARED, "Every row has been verified since the phase was entered.",
					"Nothing hangs on '" + columns(this.change.oldColumns()) + "'.", UNUSED);
		};
	}

	private boolean isUntouched() {
		return this.steps.inspect(this.change) == Situation.OLD_ONLY;
	}

	/**
	 * {@inheritDoc} The rows are gone over in the phase that has been entered, before
	 * what is built upon them.
	 */
	@Override
	public List<Step> plan(Phase from, Phase to) {
		List<Step> schema = this.steps.plan(this.change, from, to);
		if (to == Phase.EXPAND && from == to && isUntouched()) {
			return this.rowPlan.examined(schema);
		}
		boolean fills = (from == to) ? to == Phase.BACKFILL && !this.backfill.complete(this.change)
				: to == Phase.BACKFILL && from.isBefore(to);
		if (fills) {
			return this.rowPlan.filled(schema);
		}
		if ((from == to) ? this.steps.isRefilling(this.change) : from == Phase.CONTRACT) {
			return this.rowPlan.refilled(schema);
		}
		if (to == Phase.CONTRACT && from != to) {
			return this.rowPlan.verified(schema);
		}
		return (from == Phase.SWITCH_READS && to == Phase.BACKFILL) ? this.rowPlan.filledAgainWhereItStays(schema)
				: schema;
	}

}
