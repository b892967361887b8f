package io.github.expandcontract.schema;

import io.github.expandcontract.Phase;

/**
 * How much of what a change adds to a table is there.
 */
public enum Stage {

	/**
	 * Nothing.
	 */
	NOTHING,

	/**
	 * Rows that are written are held to it; for an index there is nothing to be done.
	 */
	NEW_ROWS,

	/**
	 * All rows are held to it, or found by it.
	 */
	ALL_ROWS,

	/**
	 * It has the form that it is to keep.
	 */
	COMPLETE;

	/**
	 * What has to be there when a phase is entered from the one before it.
	 * @param phase the phase
	 * @return the stage
	 */
	public static Stage at(Phase phase) {
		return switch (phase) {
			case EXPAND -> NOTHING;
			case DUAL_WRITE, BACKFILL -> NEW_ROWS;
			case SWITCH_READS, STOP_DUAL_WRITE -> ALL_ROWS;
			case CONTRACT -> COMPLETE;
		};
	}

	/**
	 * What is there when the work of a phase is done.
	 * @param phase the phase
	 * @return the stage
	 */
	public static Stage after(Phase phase) {
		return (phase == Phase.BACKFILL) ? ALL_ROWS : at(phase);
	}

	/**
	 * Whether as much is there as at another stage.
	 * @param other the other stage
	 * @return whether it is
	 */
	public boolean reaches(Stage other) {
		return compareTo(other) >= 0;
	}

}
