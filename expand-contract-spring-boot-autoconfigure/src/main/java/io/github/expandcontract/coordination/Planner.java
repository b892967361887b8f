package io.github.expandcontract.coordination;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.Phase;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.PhaseStore;
import io.github.expandcontract.schema.MissingPrivilegeException;

/**
 * Says what will run, and touches nothing. For each change
 * <ol>
 * <li>what is still missing in the phase that it stands in;</li>
 * <li>the moves forward to {@link Phase#CONTRACT};</li>
 * <li>the moves back from there to {@link Phase#EXPAND}.</li>
 * </ol>
 */
public final class Planner {

	private static final Log logger = LogFactory.getLog(Planner.class);

	private final PhaseStore store;

	private final Courses courses;

	/**
	 * Creates a planner.
	 * @param store the rows of the fleet, which need not exist
	 * @param courses how each change is taken through the phases
	 */
	public Planner(PhaseStore store, Courses courses) {
		this.store = store;
		this.courses = courses;
	}

	/**
	 * Checks all changes as a start does, and plans them. Writes each plan to the log.
	 * @param changes the declared changes
	 * @return the plans
	 * @throws ExpandContractException if a change cannot be made on the table as it is
	 */
	public List<ChangePlan> preview(List<Change> changes) {
		List<ChangePlan> plans = new ArrayList<>();
		for (Change change : changes) {
			ChangePlan plan = preview(this.courses.of(change));
			logger.info(plan.text());
			plans.add(plan);
		}
		return plans;
	}

	private ChangePlan preview(Course course) {
		List<String> needs = new ArrayList<>();
		try {
			course.check();
		}
		catch (MissingPrivilegeException ex) {
			needs.add(sentence(ex));
		}
		Optional<ChangeState> state = this.store.isInstalled() ? this.store.change(course.change().id())
				: Optional.empty();
		Phase phase = state.map(ChangeState::phase).orElse(course.isOver() ? Phase.CONTRACT : Phase.EXPAND);
		if (state.isPresent()) {
			course.contradiction(phase).ifPresent((exception) -> {
				throw exception;
			});
		}
		else if (phase == Phase.EXPAND) {
			course.tryOut(() -> true);
		}
		return plan(course, phase, needs);
	}

	/**
	 * Plans one change from where it stands.
	 * @param change the change
	 * @param phase the phase that it stands in
	 * @return the plan
	 */
	ChangePlan plan(Change change, Phase phase) {
		return plan(this.courses.of(change), phase, List.of());
	}

	private static ChangePlan plan(Course course, Phase phase, List<String> needs) {
		List<PlannedMove> moves = new ArrayList<>();
		moves.add(move(course, phase, phase));
		Phase from = phase;
		while (from != Phase.CONTRACT) {
			Phase to = from.toward(Phase.CONTRACT).orElseThrow();
			moves.add(move(course, from, to));
			from = to;
		}
		moves.add(move(course, Phase.CONTRACT, course.returnsTo()));
		from = Phase.STOP_DUAL_WRITE;
		while (from != Phase.EXPAND) {
			Phase to = from.toward(Phase.EXPAND).orElseThrow();
			moves.add(move(course, from, to));
			from = to;
		}
		moves.removeIf((move) -> move.from() == move.to() && move.steps().isEmpty() && move.needs().isEmpty());
		return new ChangePlan(course.change().id(), course.change().describe(), phase, course.heldCutover(), needs,
				course.advice(), moves);
	}

	private static PlannedMove move(Course course, Phase from, Phase to) {
		List<String> needs = new ArrayList<>();
		if (from != to) {
			needs.add("Every live instance has acknowledged " + from.propertyName() + ".");
			needs.addAll(course.needs(from, to));
		}
		try {
			return new PlannedMove(from, to, course.holds(from, to), needs, course.plan(from, to));
		}
		catch (ExpandContractException ex) {
			// The way is closed as things are; what else there is can still be said
			needs.add(sentence(ex));
			return new PlannedMove(from, to, false, needs, List.of());
		}
	}

	private static String sentence(ExpandContractException failure) {
		return failure.getDescription() + " " + failure.getAction();
	}

}
