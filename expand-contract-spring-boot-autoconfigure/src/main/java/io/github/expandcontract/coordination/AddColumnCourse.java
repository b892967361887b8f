package io.github.expandcontract.coordination;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.schema.AddColumnSteps;
import io.github.expandcontract.schema.Step;

/**
 * A required column is added: it may be NULL until every row is filled and nobody leaves
 * it out any more. One whose value is the same for all rows is complete from the
 * beginning and only passes through the phases.
 */
final class AddColumnCourse implements Course {

	private static final String FILLED_AT_ONCE = "Every row has had its value since the column was added; "
			+ "nothing is to be filled.";

	private final AddColumn change;

	private final Tools tools;

	private final Backfill backfill;

	private final AddColumnSteps steps;

	private final Rows rows;

	private final RowPlan rowPlan;

	AddColumnCourse(AddColumn change, Tools tools) {
		this.change = change;
		this.tools = tools;
		this.backfill = tools.backfill();
		this.steps = new AddColumnSteps(tools.ddl(), tools.settings().sync());
		this.rows = new Rows(change, tools.backfill());
		this.rowPlan = new RowPlan(tools.backfill(), change);
	}

	@Override
	public AddColumn change() {
		return this.change;
	}

	@Override
	public void check() {
		this.steps.check(this.change);
	}

	@Override
	public boolean isOver() {
		return this.steps.isOver(this.change);
	}

	/**
	 * {@inheritDoc} In {@link Phase#EXPAND} the column may not be there yet.
	 */
	@Override
	public Optional<PhaseMismatchException> contradiction(Phase recorded) {
		boolean contradicts = switch (recorded) {
			case EXPAND -> isOver();
			case DUAL_WRITE, BACKFILL, SWITCH_READS, STOP_DUAL_WRITE -> isOver() || !this.steps.isAdded(this.change);
			case CONTRACT -> !isOver();
		};
		return contradicts
				? Optional.of(PhaseMismatchException.added(this.change, recorded, this.steps.markStep(this.change)))
				: Optional.empty();
	}

	@Override
	public void begin() {
		if (isUntouched()) {
			this.rows.examine();
		}
		this.steps.expand(this.change);
	}

	@Override
	public void prepare(ChangeState state, Optional<Phase> next, BooleanSupplier goOn) {
		boolean fills = switch (state.phase()) {
			case EXPAND, DUAL_WRITE, SWITCH_READS, CONTRACT -> false;
			case BACKFILL -> next.filter((phase) -> phase.isBefore(Phase.BACKFILL)).isEmpty();
			case STOP_DUAL_WRITE -> next.filter(Phase.CONTRACT::equals).isPresent();
		};
		if (fills && !this.change.filledAtOnce()) {
			fill(state, next, goOn);
		}
	}

	private void fill(ChangeState state, Optional<Phase> next, BooleanSupplier goOn) {
		if (!this.rows.filled()) {
			return;
		}
		if (this.steps.servesOthers(this.change) || next.isEmpty()) {
			this.rows.verifyAndMend(state, goOn);
		}
		else if (Rows.areAllThatIsLeft(before(next.get(), state, this.tools.store().instances()))) {
			// A release that does not know of the column may have left it NULL since the
			// last verification, and nothing tells when it went. So the rows are read in
			// the tick that moves, begun while no such release is there.
			this.rows.verifyAgainAndMend(goOn);
		}
	}

	@Override
	public List<Evidence> before(Phase next, ChangeState state, List<InstanceState> instances) {
		List<Evidence> evidence = new ArrayList<>();
		evidence.add(FleetEvidence.acknowledged(state, instances));
		if (state.phase().isBefore(next)) {
			boolean othersLeaveItEmpty = !this.steps.servesOthers(this.change);
			if (next == Phase.CONTRACT
					|| (othersLeaveItEmpty && (next == Phase.SWITCH_READS || next == Phase.STOP_DUAL_WRITE))) {
				evidence.add(FleetEvidence.legacyWriters(state, instances));
			}
			if (next == Phase.SWITCH_READS || next == Phase.CONTRACT) {
				evidence.addAll(filled(state));
			}
		}
		return List.copyOf(evidence);
	}

	private List<Evidence> filled(ChangeState state) {
		if (this.change.filledAtOnce()) {
			return List.of(Evidence.ok("backfill", FILLED_AT_ONCE));
		}
		return List.of(this.rows.backfilled(), this.rows.verified(state));
	}

	@Override
	public void step(ChangeState state, Phase next) {
		ChangeState moved = state.withoutHold();
		if (next == Phase.CONTRACT) {
			this.steps.contract(this.change, this.tools.lockTimeout(moved),
					(within) -> this.tools.move(within, moved, next));
		}
		else if (state.phase() == Phase.CONTRACT) {
			this.steps.reopen(this.change, this.tools.lockTimeout(moved),
					(within) -> this.tools.move(within, moved, next));
		}
		else {
			if (next.isBefore(state.phase())) {
				this.steps.relax(this.change);
			}
			this.tools.move(state, next);
		}
	}

	/**
	 * {@inheritDoc} One step back, for the column is filled in every row.
	 */
	@Override
	public Phase returnsTo() {
		return Phase.STOP_DUAL_WRITE;
	}

	/**
	 * {@inheritDoc} Statements are the same before and after.
	 */
	@Override
	public boolean heldCutover() {
		return false;
	}

	/**
	 * {@inheritDoc} Before CONTRACT too, for the rows in which the column was left NULL
	 * meanwhile.
	 */
	@Override
	public Optional<RowChange> fills(Phase present) {
		return (present == Phase.BACKFILL || present == Phase.STOP_DUAL_WRITE) && !this.change.filledAtOnce()
				? Optional.of(this.change) : Optional.empty();
	}

	@Override
	public BackfillProgress progress() {
		return this.change.filledAtOnce()
				? new BackfillProgress(0, 0, 0, 0, null, false, FILLED_AT_ONCE, List.of(), null, null)
				: this.backfill.progress(this.change);
	}

	@Override
	public Optional<Verification> lastVerification() {
		return this.change.filledAtOnce() ? Optional.empty() : this.backfill.lastVerification(this.change);
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
			return (from == Phase.CONTRACT && !this.change.filledAtOnce())
					? List.of("'" + this.change.column() + "' does not stand in the primary key.") : List.of();
		}
		List<String> needs = new ArrayList<>();
		boolean toRead = to == Phase.SWITCH_READS || to == Phase.STOP_DUAL_WRITE;
		if (to == Phase.CONTRACT || (toRead && !this.steps.servesOthers(this.change))) {
			needs.add(DECLARED);
		}
		if ((to == Phase.SWITCH_READS || to == Phase.CONTRACT) && !this.change.filledAtOnce()) {
			needs.add("'" + this.change.column() + "' is filled in every row, and that has been verified.");
		}
		return needs;
	}

	private boolean isUntouched() {
		return !this.change.filledAtOnce() && !this.steps.isAdded(this.change);
	}

	/**
	 * {@inheritDoc} Rows are gone over unless they have their value from the beginning.
	 */
	@Override
	public List<Step> plan(Phase from, Phase to) {
		List<Step> schema = this.steps.plan(this.change, from, to);
		if (this.change.filledAtOnce()) {
			return schema;
		}
		if (to == Phase.EXPAND && from == to && isUntouched()) {
			return this.rowPlan.examined(schema);
		}
		boolean fills = (from == to) ? to == Phase.BACKFILL && !this.backfill.complete(this.change)
				: to == Phase.BACKFILL && from.isBefore(to);
		if (fills) {
			return this.rowPlan.filled(schema);
		}
		if (to == Phase.CONTRACT && from != to) {
			return this.rowPlan.verified(schema);
		}
		return (from == Phase.SWITCH_READS && to == Phase.BACKFILL) ? this.rowPlan.verifiedWhereItStays(schema)
				: schema;
	}

}
