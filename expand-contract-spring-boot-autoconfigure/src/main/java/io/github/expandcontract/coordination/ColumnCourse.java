package io.github.expandcontract.coordination;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.schema.ColumnSteps;
import io.github.expandcontract.schema.Leaving;
import io.github.expandcontract.schema.Situation;
import io.github.expandcontract.schema.Step;

/**
 * A column takes the place of another one: both are there, kept in step, until every row
 * is filled and nobody names the old one.
 */
final class ColumnCourse implements Course {

	private static final Log logger = LogFactory.getLog(ColumnCourse.class);

	private final ColumnChange change;

	private final Tools tools;

	private final Backfill backfill;

	private final ColumnSteps steps;

	private final boolean trigger;

	private final Rows rows;

	private final RowPlan rowPlan;

	private final UseEvidence use;

	ColumnCourse(ColumnChange change, Tools tools) {
		this.change = change;
		this.tools = tools;
		this.backfill = tools.backfill();
		this.steps = new ColumnSteps(tools.ddl(), tools.settings().sync(), tools.settings().rebuildViews());
		this.trigger = tools.settings().sync().hasTrigger();
		this.rows = new Rows(change, tools.backfill());
		this.rowPlan = new RowPlan(tools.backfill(), change);
		this.use = new UseEvidence(Leaving.of(change), tools);
	}

	@Override
	public ColumnChange change() {
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
				? Optional.of(PhaseMismatchException.column(this.change, recorded)) : Optional.empty();
	}

	@Override
	public void begin() {
		List<String> advice = advice();
		if (isUntouched()) {
			this.rows.examine();
		}
		this.steps.expand(this.change);
		advice.forEach((sentence) -> logger.warn("Change '" + this.change.id() + "': " + sentence));
		DependentEvidence.blocking(this.steps.dependents(this.change))
			.forEach((dependent) -> logger.warn("Change '" + this.change.id()
					+ "' will not enter contract before this is changed or dropped: " + dependent));
	}

	@Override
	public void prepare(ChangeState state, Optional<Phase> next, BooleanSupplier goOn) {
		switch (state.phase()) {
			case EXPAND, DUAL_WRITE, CONTRACT -> {
			}
			case BACKFILL -> {
				if (next.filter((phase) -> phase.isBefore(Phase.BACKFILL)).isEmpty()) {
					fill(state, next, goOn);
				}
			}
			case SWITCH_READS -> {
				this.steps.takeBackUnique(this.change);
				if (this.trigger) {
					refill(goOn);
				}
				else if (next.filter(Phase.BACKFILL::equals).isPresent()) {
					reverseAcknowledged(state, goOn);
				}
			}
			case STOP_DUAL_WRITE -> {
				this.use.watch(state, next);
				if (this.trigger) {
					refill(goOn);
				}
				if (next.filter(Phase.CONTRACT::equals).isPresent() && !this.steps.isRefilling(this.change)) {
					if (this.trigger) {
						this.rows.verifyNowAndThen(state, goOn);
					}
					this.steps.prepareContract(this.change);
					makeUnique(state);
				}
				else {
					this.steps.takeBackUnique(this.change);
				}
			}
		}
	}

	/**
	 * Only when nothing else stands against CONTRACT, for racing upserts may see it.
	 * Whatever takes its time is looked at again before the step.
	 */
	private void makeUnique(ChangeState state) {
		if (before(Phase.CONTRACT, state, this.tools.store().instances()).stream().allMatch(Evidence::passes)) {
			this.steps.makeUnique(this.change);
		}
		else {
			this.steps.takeBackUnique(this.change);
		}
	}

	private void fill(ChangeState state, Optional<Phase> next, BooleanSupplier goOn) {
		if (!this.rows.filled()) {
			return;
		}
		if (!this.steps.missingCopies(this.change).isEmpty()) {
			this.tools.store()
				.waitFor(this.change.id(), List.of("The indexes on the old column are being copied to the new one."));
			this.steps.copyIndexes(this.change);
		}
		else if (this.steps.staleStatistics(this.change)) {
			this.steps.copyIndexes(this.change);
		}
		if (this.trigger || next.isEmpty()) {
			this.rows.verifyAndMend(state, goOn);
		}
		else if (Rows.areAllThatIsLeft(before(next.get(), state, this.tools.store().instances()))) {
			// A release that does not know of the change may have written since the last
			// verification, and nothing tells when it left. So the rows are read in the
			// tick that moves, begun while no such release is there.
			this.rows.verifyAgainAndMend(goOn);
		}
	}

	/**
	 * Begins only when nobody writes the new column alone any more: what such an instance
	 * wrote into a row that is done already would be lost to those who read old again.
	 */
	private void reverseAcknowledged(ChangeState state, BooleanSupplier goOn) {
		if (FleetEvidence.acknowledged(state, this.tools.store().instances()).passes()) {
			reverse(goOn);
		}
	}

	/**
	 * Old was added again after CONTRACT. The trigger keeps in it what is written, the
	 * rest comes from new, and until then nothing goes where old is read.
	 */
	private void refill(BooleanSupplier goOn) {
		if (this.steps.isRefilling(this.change)) {
			reverse(goOn);
		}
	}

	private void reverse(BooleanSupplier goOn) {
		if (this.rows.reverse(goOn)) {
			this.steps.restoreOld(this.change);
		}
	}

	@Override
	public List<Evidence> before(Phase next, ChangeState state, List<InstanceState> instances) {
		List<Evidence> evidence = new ArrayList<>();
		evidence.add(FleetEvidence.acknowledged(state, instances));
		if (state.phase().isBefore(next)) {
			if (this.trigger && Phase.DUAL_WRITE.isBefore(next)) {
				evidence.add(synchronization());
			}
			switch (next) {
				case EXPAND, DUAL_WRITE, BACKFILL -> {
				}
				case SWITCH_READS -> {
					if (!this.trigger) {
						evidence.add(FleetEvidence.legacyWriters(state, instances));
					}
					evidence.add(this.rows.backfilled());
					evidence.add(this.rows.verified(state));
					evidence.add(copies());
					this.rows.conversion().ifPresent(evidence::add);
				}
				case STOP_DUAL_WRITE -> {
					if (!this.trigger) {
						evidence.add(FleetEvidence.legacyWriters(state, instances));
					}
				}
				case CONTRACT -> {
					evidence.add(FleetEvidence.legacyWriters(state, instances));
					if (this.trigger) {
						if (this.steps.isRefilling(this.change)) {
							evidence.add(reversed());
						}
						evidence.add(this.rows.verified(state));
					}
					// Else old has fallen behind on purpose since the phase was entered.
					evidence
						.add(DependentEvidence.dropped(this.steps.dependents(this.change), this.change.oldColumn()));
					evidence.addAll(this.use.since(state));
				}
			}
		}
		else if (next == Phase.BACKFILL && state.phase() == Phase.SWITCH_READS
				&& (!this.trigger || this.steps.isRefilling(this.change))) {
			evidence.add(reversed());
		}
		return List.copyOf(evidence);
	}

	@Override
	public void lookAgain(Phase next, ChangeState state) {
		if (next == Phase.CONTRACT) {
			this.use.lookAgain(state);
		}
	}

	private Evidence copies() {
		List<String> missing = this.steps.missingCopies(this.change);
		return missing.isEmpty() ? Evidence.ok("indexes", "Every index on the old column has a valid copy.")
				: Evidence.waits("indexes",
						"These indexes have no valid copy on the new column yet: " + String.join(", ", missing) + ".");
	}

	private Evidence synchronization() {
		List<String> missing = this.steps.missingTriggers(this.change);
		return missing.isEmpty() ? Evidence.ok("synchronization", "The triggers keep both columns in step.")
				: Evidence.blocks("synchronization",
						"What others write is not carried over: " + String.join(" ", missing)
								+ " Rows that were written meanwhile are found by the verification.");
	}

	private Evidence reversed() {
		return (this.backfill.reverseComplete(this.change) && !this.steps.isRefilling(this.change))
				? Evidence.ok("reverse backfill", "The old column holds what the new one says.")
				: Evidence.waits("reverse backfill",
						"The old column is being brought up to date before anything reads it again.");
	}

	@Override
	public void step(ChangeState state, Phase next) {
		if (next == Phase.CONTRACT) {
			if (heldCutover()) {
				this.tools.cutover().run(state, this::contract);
			}
			else {
				contract(state.withoutHold());
			}
		}
		else if (state.phase() == Phase.CONTRACT) {
			this.tools.cutover().run(state, (held) -> reopen(held, next));
		}
		else {
			if (!this.trigger && (next == Phase.STOP_DUAL_WRITE || state.phase() == Phase.STOP_DUAL_WRITE)) {
				this.backfill.forgetReverse(this.change);
			}
			if (next == Phase.STOP_DUAL_WRITE) {
				this.steps.relaxOld(this.change);
			}
			this.tools.move(state, next);
		}
	}

	private void contract(ChangeState state) {
		this.steps.contract(this.change, this.tools.lockTimeout(state),
				(within) -> this.tools.move(within, state, Phase.CONTRACT));
	}

	private void reopen(ChangeState state, Phase next) {
		this.steps.reopen(this.change, this.tools.lockTimeout(state), (within) -> {
			this.tools.move(within, state, next);
			this.backfill.reset(this.change, within);
		});
	}

	@Override
	public Phase returnsTo() {
		return this.steps.returnsTo(this.change);
	}

	@Override
	public boolean heldCutover() {
		return this.steps.heldCutover(this.change);
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
	public boolean rests(ChangeState state) {
		return switch (state.phase()) {
			case EXPAND, DUAL_WRITE, CONTRACT -> true;
			case BACKFILL -> this.backfill.complete(this.change) && this.steps.missingCopies(this.change).isEmpty()
					&& !this.steps.staleStatistics(this.change)
					&& this.backfill.lastVerification(this.change).filter(Verification::clean).isPresent();
			case SWITCH_READS, STOP_DUAL_WRITE -> !this.steps.isRefilling(this.change);
		};
	}

	@Override
	public void tryOut(BooleanSupplier goOn) {
		if (isUntouched()) {
			this.backfill.tryOut(this.change, goOn);
		}
	}

	/**
	 * {@inheritDoc} Statements search by the new column from the first phase on.
	 */
	@Override
	public List<String> advice() {
		List<String> statements = isUntouched() ? this.steps.searchIndexes(this.change) : List.of();
		return statements.isEmpty() ? List.of() : List.of("Until switch-reads a search by '" + this.change.name()
				+ "' computes its value from that of the old column, which no index serves. If statements "
				+ "search by it and the table is large, build what serves them as soon as both columns are there, and drop it "
				+ (this.steps.searchesBoth(this.change) ? "before" : "after") + " contract: "
				+ String.join("; ", statements) + ";");
	}

	@Override
	public List<String> needs(Phase from, Phase to) {
		return new ColumnNeeds(this.change, this.trigger, returnsTo()).of(from, to);
	}

	private boolean isUntouched() {
		return this.steps.inspect(this.change) == Situation.OLD_ONLY;
	}

	/**
	 * The rows are gone over in the phase that has been entered, before what is built
	 * upon them.
	 */
	@Override
	public List<Step> plan(Phase from, Phase to) {
		List<Step> schema = this.steps.plan(this.change, from, to);
		if (to == Phase.EXPAND && from == to && isUntouched()) {
			return this.rowPlan.examined(schema);
		}
		boolean fills = (from == to) ? to == Phase.BACKFILL && !this.backfill.complete(this.change)
				: to == Phase.BACKFILL && (from.isBefore(to) || from == Phase.CONTRACT);
		if (fills) {
			return (from == Phase.CONTRACT) ? this.rowPlan.filledWhereItStays(schema) : this.rowPlan.filled(schema);
		}
		if (to == Phase.CONTRACT && from != to && this.trigger) {
			return this.rowPlan.verified(schema);
		}
		List<Step> steps = refills(from, to) ? this.rowPlan.refilled(schema) : schema;
		return (from == Phase.SWITCH_READS && to == Phase.BACKFILL) ? this.rowPlan.filledAgainWhereItStays(steps)
				: steps;
	}

	private boolean refills(Phase from, Phase to) {
		if (!this.trigger) {
			return from == Phase.SWITCH_READS && to == Phase.BACKFILL;
		}
		return (from == to) ? this.steps.isRefilling(this.change) : from == Phase.CONTRACT;
	}

}
