package io.github.expandcontract.actuate;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.expandcontract.coordination.ChangePlan;
import io.github.expandcontract.coordination.PlannedMove;
import io.github.expandcontract.schema.LockLevel;
import io.github.expandcontract.schema.Step;

/**
 * What the endpoint shows of a plan.
 *
 * @param id the id of the change
 * @param description what it does
 * @param phase where it stands
 * @param heldCutover whether calls are held for a moment when it enters contract
 * @param needs what has to be so for the change as a whole
 * @param advice what an operator may want to do besides
 * @param moves the moves forwards from where it stands, and back again
 */
public record PlanDescriptor(String id, String description, String phase, boolean heldCutover, List<String> needs,
		List<String> advice, List<MoveDescriptor> moves) implements OperationResponseBody {

	static PlanDescriptor of(ChangePlan plan) {
		return new PlanDescriptor(plan.id(), plan.description(), plan.phase().propertyName(), plan.heldCutover(),
				plan.needs(), plan.advice(), plan.moves().stream().map(MoveDescriptor::of).toList());
	}

	/**
	 * One move.
	 *
	 * @param from the phase before, the same as {@code to} for what is still missing in
	 * it
	 * @param to the phase after
	 * @param held whether calls are held for a moment
	 * @param needs what has to be so before, or what closes the way
	 * @param steps the statements in their order
	 */
	public record MoveDescriptor(String from, String to, boolean held, List<String> needs, List<StepDescriptor> steps) {

		static MoveDescriptor of(PlannedMove move) {
			return new MoveDescriptor(move.from().propertyName(), move.to().propertyName(), move.held(), move.needs(),
					move.steps().stream().map(StepDescriptor::of).toList());
		}

	}

	/**
	 * One statement. What it has nothing to say of is left out.
	 *
	 * @param purpose what it is for
	 * @param after what has to be so before it, beyond the steps before it
	 * @param sql its text
	 * @param lock the strongest lock that it takes on the table
	 * @param otherLocks the strongest lock on each other table
	 * @param transactional whether it shares a transaction with those beside it
	 */
	public record StepDescriptor(String purpose, @Nullable String after, String sql, String lock,
			@Nullable Map<String, String> otherLocks, boolean transactional) {

		static StepDescriptor of(Step step) {
			Map<String, String> others = new TreeMap<>();
			step.others().forEach((table, lock) -> others.put(table, name(lock)));
			return new StepDescriptor(step.purpose(), step.after().isEmpty() ? null : step.after(), step.sql().strip(),
					name(step.lock()), others.isEmpty() ? null : others, step.transactional());
		}

		private static String name(LockLevel lock) {
			return lock.name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
