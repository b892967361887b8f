package io.github.expandcontract.coordination;

import java.util.List;

import io.github.expandcontract.Phase;
import io.github.expandcontract.schema.Step;

/**
 * What one move of a change will do.
 *
 * @param from the phase before; the same as {@code to} for what is still missing in the
 * phase that the change stands in
 * @param to the phase after
 * @param held whether calls are held for a moment
 * @param needs what has to be so before the move is made, or what closes the way, as
 * sentences
 * @param steps the statements in their order, empty where only the phase moves
 */
public record PlannedMove(Phase from, Phase to, boolean held, List<String> needs, List<Step> steps) {

	public PlannedMove {
		needs = List.copyOf(needs);
		steps = List.copyOf(steps);
	}

}
