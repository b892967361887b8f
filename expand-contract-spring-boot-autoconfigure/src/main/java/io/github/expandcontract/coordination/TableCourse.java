package io.github.expandcontract.coordination;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.springframework.dao.DataIntegrityViolationException;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.schema.Finding;
import io.github.expandcontract.schema.Stage;
import io.github.expandcontract.schema.Step;
import io.github.expandcontract.schema.TableSteps;

/**
 * Something is added to a table that moves no values. No statement is rewritten for it;
 * the phases say what holds for which rows:
 * <ol>
 * <li>EXPAND: the rows that stand against it are listed, nothing is touched.
 * <li>DUAL_WRITE: a constraint holds the rows that are written.
 * <li>BACKFILL: an index is built, a constraint looks at the rows that were there before.
 * <li>SWITCH_READS: it is known to hold for all rows, so queries may rely on it.
 * <li>CONTRACT: it has the form that it keeps.
 * </ol>
 * What may take long runs beside the ticks of the leader. Rows that stand against the
 * change never keep an application from starting: they block the first phase in which
 * they would do harm.
 */
final class TableCourse implements Course {

	private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(2);

	private static final Duration FRESH = Duration.ofSeconds(60);

	// So that looking takes no more than a twentieth of the time.
	private static final int PAUSES_PER_LOOK = 20;

	private final TableChange change;

	private final Tools tools;

	private final TableSteps steps;

	private final LongWork work;

	TableCourse(TableChange change, Tools tools) {
		this.change = change;
		this.tools = tools;
		this.steps = new TableSteps(tools.ddl(), change);
		this.work = new LongWork(change.id());
	}

	@Override
	public TableChange change() {
		return this.change;
	}

	@Override
	public void check() {
		this.steps.check();
	}

	@Override
	public boolean isOver() {
		return this.steps.stage() == Stage.COMPLETE;
	}

	@Override
	public Optional<PhaseMismatchException> contradiction(Phase recorded) {
		return (recorded == Phase.CONTRACT && !isOver()) ? Optional.of(PhaseMismatchException.table(this.change))
				: Optional.empty();
	}

	@Override
	public void begin() {
		// The rows are read by the leader, after the application has started.
	}

	@Override
	public void prepare(ChangeState state, Optional<Phase> next, BooleanSupplier goOn) {
		if (this.work.isUnderWay()) {
			return;
		}
		Optional<Phase> back = next.filter((phase) -> phase.isBefore(state.phase()));
		if (back.isPresent()) {
			this.steps.backTo(state.phase(), back.get())
				.filter(this.steps::needsTime)
				.ifPresent((goal) -> this.work.begin(() -> this.steps.lower(goal)));
			return;
		}
		switch (state.phase()) {
			case EXPAND, DUAL_WRITE -> {
				if (this.steps.looks() && isLookDue(next)) {
					this.work.begin(this.steps::look);
				}
			}
			case BACKFILL -> {
				if (!this.steps.stage().reaches(Stage.ALL_ROWS)) {
					this.work.begin(() -> complete(goOn));
				}
			}
			case SWITCH_READS, STOP_DUAL_WRITE, CONTRACT -> {
			}
		}
	}

	/**
	 * Whether the rows are to be looked at again: none were, some are to be mended, or
	 * the next phase asks for what is known to be fresh.
	 */
	private boolean isLookDue(Optional<Phase> next) {
		Optional<Finding> last = this.steps.lastFinding();
		if (last.isEmpty() || !last.get().clean()) {
			return last.isEmpty() || isOlder(last.get(), SHORTEST_PAUSE);
		}
		return next.filter((phase) -> !phase.isBefore(this.steps.gate())).isPresent() && isOlder(last.get(), FRESH);
	}

	private static boolean isOlder(Finding finding, Duration least) {
		Duration pause = finding.took().multipliedBy(PAUSES_PER_LOOK);
		return finding.age().compareTo((pause.compareTo(least) > 0) ? pause : least) > 0;
	}

	/**
	 * Rows that were found by a build, or by the look at the rows that are there, are
	 * listed again after a pause until they are mended: each try reads the whole table.
	 */
	private void complete(BooleanSupplier goOn) {
		Optional<Finding> bad = this.steps.lastFinding().filter((finding) -> !finding.clean());
		if (bad.filter((finding) -> !isOlder(finding, SHORTEST_PAUSE)).isPresent()) {
			return;
		}
		if (this.steps.mends()) {
			if (this.tools.backfill().paused(this.change.id())) {
				return;
			}
			this.steps.mend(goOn);
		}
		if (!goOn.getAsBoolean()) {
			return;
		}
		if (bad.isPresent()) {
			this.steps.look();
			if (this.steps.lastFinding().filter(Finding::clean).isEmpty()) {
				return;
			}
		}
		try {
			this.steps.raise(Stage.ALL_ROWS);
		}
		catch (DataIntegrityViolationException ex) {
			this.steps.look();
			if (this.steps.lastFinding().filter(Finding::clean).isPresent()) {
				throw ex;
			}
		}
	}

	@Override
	public List<Evidence> before(Phase next, ChangeState state, List<InstanceState> instances) {
		List<Evidence> evidence = new ArrayList<>();
		evidence.add(FleetEvidence.acknowledged(state, instances));
		if (turns(state.phase(), next)) {
			this.steps.busy().ifPresent((session) -> evidence.add(Evidence.waits("locks", session)));
		}
		if (!state.phase().isBefore(next)) {
			evidence.add(takenBack(state.phase(), next));
			return evidence;
		}
		switch (next) {
			case EXPAND, STOP_DUAL_WRITE -> {
			}
			case DUAL_WRITE, BACKFILL -> {
				if (this.steps.looks()) {
					evidence.add(rows(!next.isBefore(this.steps.gate())));
				}
				this.steps.notes().forEach((note) -> evidence.add(Evidence.ok("note", note)));
				unaware(state, instances).ifPresent(evidence::add);
			}
			case SWITCH_READS -> evidence.add(completed());
			case CONTRACT ->
				evidence.add(this.steps.stage().reaches(Stage.ALL_ROWS) ? Evidence.ok("rows", "It holds for all rows.")
						: Evidence.blocks("rows",
								"What the phase backfill has made is not there any more. Look who changed "
										+ "the table, and go back to backfill."));
		}
		return evidence;
	}

	/**
	 * Whether the table is locked for a moment when a phase is entered.
	 */
	private boolean turns(Phase present, Phase next) {
		return (next == Phase.DUAL_WRITE || next == Phase.CONTRACT || next.isBefore(present))
				&& this.steps.keepsWritersOut(present, next);
	}

	private Evidence takenBack(Phase present, Phase next) {
		if (this.steps.backTo(present, next).filter(this.steps::needsTime).isPresent()) {
			return Evidence.waits("way back", "The index is being dropped, without keeping anyone waiting.");
		}
		return this.steps.isOurs()
				? Evidence.ok("way back", "What this change has made is taken back, and nothing else.")
				: Evidence.ok("way back", "What is there was not made by this change, so it stays.");
	}

	private Evidence rows(boolean gate) {
		Optional<Finding> last = this.steps.lastFinding();
		if (last.isEmpty()) {
			return gate ? Evidence.waits("rows", "The rows are being looked at.")
					: Evidence.ok("rows", "The rows have not been looked at yet.");
		}
		String found = this.steps.describe(last.get());
		if (last.get().clean()) {
			return (gate && isOlder(last.get(), FRESH))
					? Evidence.waits("rows", "The rows are being looked at once more.") : Evidence.ok("rows", found);
		}
		return gate ? Evidence.blocks("rows", found)
				: Evidence.ok("rows", found + " They block " + this.steps.gate().propertyName() + ".");
	}

	private Evidence completed() {
		if (this.steps.stage().reaches(Stage.ALL_ROWS)) {
			return Evidence.ok("rows", "It holds for all rows.");
		}
		Optional<Finding> last = this.steps.lastFinding().filter((finding) -> !finding.clean());
		if (last.isPresent() && !this.steps.mends()) {
			return Evidence.blocks("rows", this.steps.describe(last.get()));
		}
		return Evidence.waits("rows", underWay());
	}

	private String underWay() {
		if (this.steps.mends() && this.tools.backfill().paused(this.change.id())) {
			return "Setting references to nothing NULL is paused. Resume it by the endpoint.";
		}
		return this.steps.building().orElse("The rows that were there before are being gone through.");
	}

	private static Optional<Evidence> unaware(ChangeState state, List<InstanceState> instances) {
		String names = instances.stream()
			.filter(InstanceState::live)
			.filter((instance) -> !instance.declares(state.id()))
			.map(InstanceState::name)
			.collect(Collectors.joining(", "));
		return names.isEmpty() ? Optional.empty() : Optional.of(Evidence.ok("releases",
				"These live instances do not declare the change, and may write what it will refuse: " + names + "."));
	}

	@Override
	public void step(ChangeState state, Phase next) {
		Duration lockTimeout = this.tools.lockTimeout(state);
		if (next.isBefore(state.phase())) {
			this.steps.backTo(state.phase(), next)
				.ifPresentOrElse(
						(goal) -> this.steps.leave(goal, lockTimeout,
								(within) -> this.tools.move(within, state.withoutHold(), next)),
						() -> this.tools.move(state, next));
		}
		else if (next == Phase.DUAL_WRITE || next == Phase.CONTRACT) {
			this.steps.enter(Stage.at(next), lockTimeout,
					(within) -> this.tools.move(within, state.withoutHold(), next));
		}
		else {
			this.tools.move(state, next);
		}
	}

	@Override
	public Phase returnsTo() {
		return this.steps.returnsTo();
	}

	@Override
	public boolean heldCutover() {
		return false;
	}

	/**
	 * {@inheritDoc} No row is given a value, but for references to nothing, which are not
	 * counted.
	 */
	@Override
	public BackfillProgress progress() {
		boolean complete = this.steps.stage().reaches(Stage.ALL_ROWS);
		return new BackfillProgress(0, 0, 0, 0, null, this.tools.backfill().paused(this.change.id()),
				complete ? "It holds for all rows."
						: this.steps.building().orElse("No row is copied for this change; see its evidence."),
				List.of(), null, null);
	}

	@Override
	public Optional<Verification> lastVerification() {
		return Optional.empty();
	}

	@Override
	public List<String> needs(Phase from, Phase to) {
		if (to.isBefore(from)) {
			return List.of();
		}
		return switch (to) {
			case EXPAND, STOP_DUAL_WRITE -> List.of();
			case DUAL_WRITE,
					BACKFILL ->
				this.steps.badRows()
					.filter((what) -> !to.isBefore(this.steps.gate()))
					.map((what) -> "There are no " + what + ".")
					.stream()
					.toList();
			case SWITCH_READS, CONTRACT -> List.of("It holds for all rows.");
		};
	}

	/**
	 * {@inheritDoc} Rows are looked at before anything is touched, and mended before what
	 * would not come through because of them.
	 */
	@Override
	public List<Step> plan(Phase from, Phase to) {
		List<Step> steps = new ArrayList<>();
		if (from == to && to == Phase.EXPAND) {
			steps.addAll(this.steps.planLook());
		}
		boolean completes = to == Phase.BACKFILL && !to.isBefore(from)
				&& !(from == to && this.steps.stage().reaches(Stage.ALL_ROWS));
		if (completes) {
			steps.addAll(this.steps.planMend());
		}
		steps.addAll(this.steps.plan(from, to));
		return steps;
	}

}
