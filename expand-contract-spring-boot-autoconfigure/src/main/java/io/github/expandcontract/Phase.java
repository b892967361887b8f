package io.github.expandcontract;

import java.util.Locale;
import java.util.Optional;

/**
 * Where a change stands on its way from the old structure to the new one. The order of
 * the constants is the order of the way; a change moves one step at a time, in either
 * direction.
 */
public enum Phase {

	/**
	 * The new column and the sync trigger exist; the application reads and writes the old
	 * column.
	 */
	EXPAND,

	/**
	 * Both columns are written; reads take the new column and fall back on the old one.
	 */
	DUAL_WRITE,

	/**
	 * As {@link #DUAL_WRITE}, while the rows that were there before are filled in and
	 * verified.
	 */
	BACKFILL,

	/**
	 * Both columns are written; reads take the new column alone.
	 */
	SWITCH_READS,

	/**
	 * The application no longer writes the old column; the trigger keeps it in step.
	 */
	STOP_DUAL_WRITE,

	/**
	 * Only the new structure is left.
	 */
	CONTRACT;

	/**
	 * The phase after this one.
	 * @return the next phase, empty after {@link #CONTRACT}
	 */
	public Optional<Phase> next() {
		return switch (this) {
			case EXPAND -> Optional.of(DUAL_WRITE);
			case DUAL_WRITE -> Optional.of(BACKFILL);
			case BACKFILL -> Optional.of(SWITCH_READS);
			case SWITCH_READS -> Optional.of(STOP_DUAL_WRITE);
			case STOP_DUAL_WRITE -> Optional.of(CONTRACT);
			case CONTRACT -> Optional.empty();
		};
	}

	/**
	 * The phase that a step back leads to. From {@link #CONTRACT} the way back of a
	 * rename leads to {@link #BACKFILL}, because the copy is empty again there; that of a
	 * change of type leads to {@link #STOP_DUAL_WRITE}, where the old column is filled
	 * before anything reads it.
	 * @return the phase one step back, empty before {@link #EXPAND}
	 */
	public Optional<Phase> previous() {
		return switch (this) {
			case EXPAND -> Optional.empty();
			case DUAL_WRITE -> Optional.of(EXPAND);
			case BACKFILL -> Optional.of(DUAL_WRITE);
			case SWITCH_READS, CONTRACT -> Optional.of(BACKFILL);
			case STOP_DUAL_WRITE -> Optional.of(SWITCH_READS);
		};
	}

	/**
	 * Whether this phase comes before another.
	 * @param other the phase to compare with
	 * @return whether this phase comes before the other
	 */
	public boolean isBefore(Phase other) {
		return compareTo(other) < 0;
	}

	/**
	 * The phase one step nearer to a target.
	 * @param target the phase to reach
	 * @return the next phase on the way, empty when it is reached
	 */
	public Optional<Phase> toward(Phase target) {
		if (this == target) {
			return Optional.empty();
		}
		return isBefore(target) ? next() : previous();
	}

	/**
	 * The name as it is written in {@code application.yml}.
	 * @return the name in lower case with hyphens, such as {@code switch-reads}
	 */
	public String propertyName() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
