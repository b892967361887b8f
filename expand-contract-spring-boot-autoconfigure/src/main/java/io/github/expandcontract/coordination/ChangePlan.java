package io.github.expandcontract.coordination;

import java.util.List;
import java.util.Locale;

import io.github.expandcontract.Phase;
import io.github.expandcontract.schema.LockLevel;
import io.github.expandcontract.schema.Step;

/**
 * The whole way of a change, forwards from where it stands and back again.
 *
 * @param id its id
 * @param description what it does
 * @param phase where it stands
 * @param heldCutover whether calls are held for a moment when it enters
 * {@link Phase#CONTRACT}
 * @param needs what has to be so for the change as a whole, as sentences
 * @param advice what an operator may want to do besides, as sentences
 * @param moves the moves in their order
 */
public record ChangePlan(String id, String description, Phase phase, boolean heldCutover, List<String> needs,
		List<String> advice, List<PlannedMove> moves) {

	public ChangePlan {
		needs = List.copyOf(needs);
		advice = List.copyOf(advice);
		moves = List.copyOf(moves);
	}

	/**
	 * The plan for people.
	 * @return a text of several lines
	 */
	public String text() {
		StringBuilder text = new StringBuilder("Plan of change '" + this.id + "' (" + this.description
				+ "), which stands in " + this.phase.propertyName());
		this.needs.forEach((need) -> text.append("\n  needs: ").append(need));
		this.advice.forEach((sentence) -> text.append("\n  advice: ").append(sentence));
		this.moves.forEach((move) -> write(move, text));
		return text.toString();
	}

	private static void write(PlannedMove move, StringBuilder text) {
		text.append("\n").append(move.from().propertyName());
		if (move.from() != move.to()) {
			text.append(" -> ").append(move.to().propertyName());
		}
		if (move.held()) {
			text.append(" (calls are held)");
		}
		move.needs().forEach((need) -> text.append("\n  needs: ").append(need));
		boolean open = false;
		for (Step step : move.steps()) {
			if (step.transactional() != open) {
				text.append(open ? "\n  COMMIT" : "\n  BEGIN");
				open = step.transactional();
			}
			text.append("\n  -- ").append(step.purpose());
			text.append(step.after().isEmpty() ? "" : ", " + step.after()).append(" [").append(lock(step)).append(']');
			text.append("\n  ").append(step.sql().strip().replace("\n", "\n  ")).append(';');
		}
		text.append(open ? "\n  COMMIT" : "");
		if (move.steps().isEmpty()) {
			text.append("\n  the schema stays as it is");
		}
	}

	private static String lock(Step step) {
		StringBuilder lock = new StringBuilder(words(step.lock()));
		step.others().forEach((table, level) -> lock.append("; ").append(table).append(": ").append(words(level)));
		return lock.toString();
	}

	private static String words(LockLevel lock) {
		return switch (lock) {
			case NONE -> "no lock that keeps others out";
			case SHARE_UPDATE_EXCLUSIVE, SHARE, SHARE_ROW_EXCLUSIVE, ACCESS_EXCLUSIVE ->
				lock.name().toLowerCase(Locale.ROOT).replace('_', ' ');
		};
	}

}
