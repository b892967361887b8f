package io.github.expandcontract.coordination;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.DropColumn;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.schema.DropColumnSteps;
import io.github.expandcontract.schema.Leaving;
import io.github.expandcontract.schema.Step;

/**
 * A column goes away.
 * <ol>
 * <li>EXPAND: who does not name it any more can insert.
 * <li>SWITCH_READS, STOP_DUAL_WRITE: annotated repositories do not see it, and are
 * refused where they name it. One step back takes that away.
 * <li>CONTRACT: it is dropped, once nobody was seen to use it.
 * </ol>
 */
final class DropColumnCourse extends DropCourse {

	private static final Log logger = LogFactory.getLog(DropColumnCourse.class);

	private final DropColumn change;

	private final Tools tools;

	private final DropColumnSteps steps;

	private final UseEvidence use;

	DropColumnCourse(DropColumn change, Tools tools) {
		this.change = change;
		this.tools = tools;
		this.steps = new DropColumnSteps(tools.ddl(), change);
		this.use = new UseEvidence(Leaving.of(change), tools);
	}

	@Override
	public DropColumn change() {
		return this.change;
	}

	@Override
	public void check() {
		this.steps.check();
		if (this.steps.isOver()) {
			logger.info("Change '" + this.change.id() + "': " + this.change.table() + " has no column '"
					+ this.change.column() + "', so there is nothing to drop; the declaration can go.");
		}
	}

	@Override
	public boolean isOver() {
		return this.steps.isOver();
	}

	@Override
	public void begin() {
		this.steps.expand();
	}

	@Override
	public void prepare(ChangeState state, Optional<Phase> next, BooleanSupplier goOn) {
		if (state.phase() == Phase.STOP_DUAL_WRITE) {
			this.use.watch(state, next);
		}
	}

	@Override
	void unused(Phase next, ChangeState state, List<Evidence> evidence) {
		if (next == Phase.SWITCH_READS || next == Phase.CONTRACT) {
			evidence.add(dependents(this.steps.dependents()));
		}
		if (next == Phase.CONTRACT) {
			evidence.addAll(this.use.since(state));
		}
	}

	@Override
	List<String> needsUnused(Phase next) {
		String dependents = "Nothing depends on '" + this.change.column() + "' that would break.";
		return switch (next) {
			case EXPAND, DUAL_WRITE, BACKFILL, STOP_DUAL_WRITE -> List.of();
			case SWITCH_READS -> List.of(dependents);
			case CONTRACT -> List.of(dependents, UNUSED);
		};
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
			this.steps.contract(this.tools.lockTimeout(state),
					(within) -> this.tools.move(within, state.withoutHold(), next));
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
