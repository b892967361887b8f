package io.github.expandcontract.coordination;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.DropTable;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.schema.DropTableSteps;
import io.github.expandcontract.schema.DropTableSteps.Place;
import io.github.expandcontract.schema.Leaving;
import io.github.expandcontract.schema.Step;
import io.github.expandcontract.schema.TableUse;

/**
 * A table goes away.
 * <ol>
 * <li>SWITCH_READS: it is watched whether anybody uses it.
 * <li>STOP_DUAL_WRITE: it is set aside, once nobody was seen to, so that nobody finds it
 * any more. One step back brings it back with every row.
 * <li>CONTRACT: it is dropped.
 * </ol>
 */
final class DropTableCourse extends DropCourse {

	private static final Duration SELDOM = Duration.ofMinutes(1);

	private final DropTable change;

	private final Tools tools;

	private final DropTableSteps steps;

	private final UseEvidence use;

	private final TableUse counters;

	DropTableCourse(DropTable change, Tools tools) {
		this.change = change;
		this.tools = tools;
		this.steps = new DropTableSteps(tools.ddl(), change);
		this.use = new UseEvidence(Leaving.of(change), tools);
		this.counters = new TableUse(tools.ddl());
	}

	@Override
	public DropTable change() {
		return this.change;
	}

	@Override
	public void check() {
		this.steps.check();
	}

	@Override
	public boolean isOver() {
		return this.steps.place() == Place.GONE;
	}

	@Override
	public void begin() {
		// It stays as it is until nobody uses it.
	}

	@Override
	public void prepare(ChangeState state, Optional<Phase> next, BooleanSupplier goOn) {
		if (state.phase() == Phase.SWITCH_READS || state.phase() == Phase.STOP_DUAL_WRITE) {
			this.use.watch(state, next);
			boolean wanted = next.filter((phase) -> state.phase().isBefore(phase)).isPresent();
			this.counters.read(this.change.id(), state.version(), this.steps.present(), wanted ? Recent.AGE : SELDOM);
		}
	}

	@Override
	void unused(Phase next, ChangeState state, List<Evidence> evidence) {
		if (next == Phase.STOP_DUAL_WRITE || next == Phase.CONTRACT) {
			evidence.add(dependents(this.steps.dependents()));
			evidence.add(counted(state));
			evidence.addAll(this.use.sinceOutsideRules(state));
		}
	}

	@Override
	List<String> needsUnused(Phase next) {
		return switch (next) {
			case EXPAND, DUAL_WRITE, BACKFILL, SWITCH_READS -> List.of();
			case STOP_DUAL_WRITE, CONTRACT ->
				List.of("Nothing depends on " + this.change.table() + " that would break.", UNUSED);
		};
	}

	private Evidence counted(ChangeState state) {
		String name = "table statistics";
		return this.counters.last(this.change.id(), state.version())
			.map((counts) -> (counts.scans() == 0 && counts.writes() == 0)
					? Evidence.ok(name, "Nobody has read or written the table since " + counts.since() + ".")
					: Evidence.suspects(name,
							"Since " + counts.since() + " the table was read " + counts.scans() + " times and "
									+ counts.writes() + " rows were written. Find who does, and replace it."))
			.orElseGet(() -> Evidence.waits(name, "The counters of the table are being read for the first time."));
	}

	@Override
	public void lookAgain(Phase next, ChangeState state) {
		if (next == Phase.STOP_DUAL_WRITE || next == Phase.CONTRACT) {
			this.use.lookAgain(state);
			this.counters.read(this.change.id(), state.version(), this.steps.present(), Duration.ZERO);
		}
	}

	@Override
	public void step(ChangeState state, Phase next) {
		Duration lockTimeout = this.tools.lockTimeout(state);
		if (next == Phase.CONTRACT) {
			this.steps.contract(lockTimeout, (within) -> this.tools.move(within, state.withoutHold(), next));
		}
		else if (next == Phase.STOP_DUAL_WRITE) {
			this.steps.setAside(lockTimeout, (within) -> this.tools.move(within, state.withoutHold(), next));
		}
		else if (state.phase() == Phase.STOP_DUAL_WRITE) {
			this.steps.bringBack(lockTimeout, (within) -> this.tools.move(within, state.withoutHold(), next));
		}
		else {
			this.tools.move(state, next);
		}
	}

	@Override
	public List<Step> plan(Phase from, Phase to) {
		return this.steps.plan(from, to);
	}

}
