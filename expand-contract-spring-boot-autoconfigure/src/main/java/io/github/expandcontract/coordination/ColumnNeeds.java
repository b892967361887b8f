package io.github.expandcontract.coordination;

import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.ColumnChange;

/**
 * What has to be so before a change of a column moves, in words: what
 * {@link ColumnCourse#before} will ask for.
 */
final class ColumnNeeds {

	private final ColumnChange change;

	private final boolean trigger;

	private final Phase returnsTo;

	ColumnNeeds(ColumnChange change, boolean trigger, Phase returnsTo) {
		this.change = change;
		this.trigger = trigger;
		this.returnsTo = returnsTo;
	}

	List<String> of(Phase from, Phase to) {
		if (to.isBefore(from)) {
			return back(from, to);
		}
		List<String> needs = new ArrayList<>();
		if (!this.trigger && (to == Phase.SWITCH_READS || to == Phase.STOP_DUAL_WRITE)) {
			needs.add("Every live instance declares the change, because without the trigger nothing else keeps the "
					+ "columns in step.");
		}
		if (to == Phase.SWITCH_READS) {
			needs.add("Every row has been filled and verified, and every index on '" + this.change.oldColumn()
					+ "' has a valid copy.");
		}
		if (to == Phase.CONTRACT) {
			needs.add(Course.DECLARED);
			if (this.trigger) {
				needs.add("Every row has been verified since the phase was entered.");
			}
			needs.add("Nothing that is not carried along depends on '" + this.change.oldColumn() + "' by its name.");
			needs.add(Course.UNUSED);
		}
		return needs;
	}

	private List<String> back(Phase from, Phase to) {
		if (from == Phase.CONTRACT && this.returnsTo != Phase.BACKFILL) {
			return List.of("What '" + this.change.newColumn() + "' holds can become a value of '"
					+ this.change.oldColumn() + "' by down.");
		}
		if (from == Phase.SWITCH_READS && to == Phase.BACKFILL && !this.trigger) {
			return List.of("'" + this.change.oldColumn() + "' has been brought up to date in every row.");
		}
		return List.of();
	}

}
