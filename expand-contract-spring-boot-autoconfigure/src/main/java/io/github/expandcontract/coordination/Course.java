package io.github.expandcontract.coordination;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.schema.Step;

/**
 * How one change is taken through the phases. There is one implementation for each way of
 * doing so, chosen by {@link Courses}.
 * <ol>
 * <li>At the start of an instance it is {@link #check checked} and {@link #begin begun}.
 * <li>With every tick of the leader the work of the present phase is {@link #prepare
 * done}, what stands against the next one is {@link #before asked for}, and the
 * {@link #step step} is taken if nothing does.
 * <li>The workers of all instances take part in {@link #fills filling} the rows.
 * </ol>
 * Everything is idempotent and looks at the catalog first, because it may be repeated,
 * interrupted anywhere, and asked for by two instances at once.
 */
interface Course {

	/**
	 * Whose statements may still be there in phases before the last.
	 */
	String DECLARED = "Every live instance declares the change.";

	/**
	 * What is asked of the server's statistics, the instances and the sessions.
	 */
	String UNUSED = "Nobody was seen to use what goes away since the phase was entered, or an operator has "
			+ "accepted what was seen.";

	/**
	 * The change that is taken.
	 */
	Change change();

	/**
	 * Checks that the change can be made on the table as it is. Touches nothing.
	 * @throws io.github.expandcontract.ExpandContractException if not, with the reason
	 * and the way out
	 */
	void check();

	/**
	 * Whether the catalog shows the change as made, so that one that is not recorded yet
	 * is recorded at {@link Phase#CONTRACT}.
	 */
	boolean isOver();

	/**
	 * What contradicts a recorded phase in the catalog, because somebody changed one of
	 * the two.
	 * @param recorded the phase that is recorded
	 */
	Optional<PhaseMismatchException> contradiction(Phase recorded);

	/**
	 * Enters {@link Phase#EXPAND} if that has not been done, else mends what is missing
	 * of it. Not called at {@link Phase#CONTRACT}.
	 */
	void begin();

	/**
	 * Does the work of the present phase that the next one waits for.
	 * @param state where the change stands
	 * @param next where it is to go, empty if it is to stay
	 * @param goOn turns false when the instance is about to end
	 */
	void prepare(ChangeState state, Optional<Phase> next, BooleanSupplier goOn);

	/**
	 * What has to be known before the change enters a phase. Only looks.
	 * @param next the phase
	 * @param state where the change stands
	 * @param instances all instances that are known
	 */
	List<Evidence> before(Phase next, ChangeState state, List<InstanceState> instances);

	/**
	 * Takes a fresh look at what {@link #before} knows from a moment ago. Called when
	 * nothing stands against a step any more, and then that is asked once more.
	 * @param next the phase
	 * @param state where the change stands
	 */
	default void lookAgain(Phase next, ChangeState state) {
	}

	/**
	 * Enters a phase, in one transaction with its row where the step touches the table.
	 * @param state where the change stands
	 * @param next the phase
	 */
	void step(ChangeState state, Phase next);

	/**
	 * The phase that the way back from {@link Phase#CONTRACT} leads to.
	 */
	Phase returnsTo();

	/**
	 * Whether calls are held for a moment when the change enters {@link Phase#CONTRACT}.
	 */
	boolean heldCutover();

	/**
	 * Whether calls are held for a moment when the change leaves {@link Phase#CONTRACT}.
	 */
	default boolean heldReturn() {
		return false;
	}

	/**
	 * Whether calls are held for a moment on the way from one phase to the one beside it.
	 * @param from the phase before
	 * @param to the phase after
	 */
	default boolean holds(Phase from, Phase to) {
		return from != to && ((from == Phase.CONTRACT) ? heldReturn() : to == Phase.CONTRACT && heldCutover());
	}

	/**
	 * The change whose rows are filled in a phase, empty if none are.
	 * @param present the phase as this instance knows it
	 */
	default Optional<RowChange> fills(Phase present) {
		return Optional.empty();
	}

	/**
	 * How far the rows have been filled, by all instances.
	 */
	BackfillProgress progress();

	/**
	 * The last time that every row was verified.
	 */
	Optional<Verification> lastVerification();

	/**
	 * Whether {@link #prepare} has nothing to do for a change that is to stay where it
	 * is, so that nobody needs to look again before something else has changed.
	 * @param state where the change stands
	 */
	default boolean rests(ChangeState state) {
		return switch (state.phase()) {
			case EXPAND, DUAL_WRITE, CONTRACT -> true;
			case BACKFILL, SWITCH_READS, STOP_DUAL_WRITE -> false;
		};
	}

	/**
	 * Reads what {@link #begin} reads of the rows before it touches anything, and keeps
	 * nothing.
	 * @param goOn turns false when the instance is about to end
	 * @throws io.github.expandcontract.ExpandContractException if a row stands against
	 * the change
	 */
	default void tryOut(BooleanSupplier goOn) {
	}

	/**
	 * What an operator may want to do before the change begins.
	 * @return sentences, none where nothing is to be done or it has begun
	 */
	default List<String> advice() {
		return List.of();
	}

	/**
	 * What has to be so before the change goes from one phase to the one beside it,
	 * beyond what every move waits for.
	 * @param from the phase before
	 * @param to the phase after
	 * @return sentences
	 */
	default List<String> needs(Phase from, Phase to) {
		return List.of();
	}

	/**
	 * What runs on the way from one phase to the one beside it, and in that one before
	 * anything else may follow: exactly the statements that will run. What the catalog
	 * does not show yet, because the phases before have not been gone through, is
	 * foreseen from what it shows now.
	 * @param from the phase before, or the same as {@code to} for what is still missing
	 * in a phase that the change stands in
	 * @param to the phase after
	 * @return the statements in their order, empty where only the phase moves
	 * @throws io.github.expandcontract.ExpandContractException if the way is closed as
	 * things are
	 */
	List<Step> plan(Phase from, Phase to);

}
