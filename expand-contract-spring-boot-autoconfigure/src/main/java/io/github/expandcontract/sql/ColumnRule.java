package io.github.expandcontract.sql;

import java.util.Optional;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ColumnChange;

/**
 * What a phase means for the statements that name a changing column. The one place that
 * turns a phase into rules of rewriting.
 *
 * @param change the change
 * @param output how a bare reference in the outermost SELECT list or in RETURNING is read
 * @param predicate how every other reference is read
 * @param writing which columns INSERT and UPDATE write
 * @param synced whether a trigger derives the column that a statement leaves out
 */
public record ColumnRule(ColumnChange change, Reading output, Reading predicate, Writing writing, boolean synced) {

	/**
	 * The rule of a change in a phase.
	 * @param change the change
	 * @param phase the phase by whose rules the statement runs
	 * @param sync what keeps the columns in step
	 * @return the rule, empty at {@link Phase#CONTRACT} where statements run as they are
	 */
	public static Optional<ColumnRule> of(ColumnChange change, Phase phase, SyncMode sync) {
		boolean trigger = sync.hasTrigger();
		Reading fallback = trigger ? Reading.FALLBACK : Reading.OLD;
		// Where down loses information, up(old) is not what new holds.
		Reading predicate = (trigger && !change.lossless()) ? Reading.FALLBACK : Reading.OLD;
		Writing both = (sync != SyncMode.TRIGGER) ? Writing.BOTH : Writing.OLD;
		return switch (phase) {
			case EXPAND -> Optional.of(new ColumnRule(change, Reading.OLD, Reading.OLD, Writing.OLD, trigger));
			case DUAL_WRITE, BACKFILL -> Optional.of(new ColumnRule(change, fallback, predicate, both, trigger));
			case SWITCH_READS -> Optional.of(new ColumnRule(change, Reading.NEW, Reading.NEW, both, trigger));
			case STOP_DUAL_WRITE -> Optional.of(new ColumnRule(change, Reading.NEW, Reading.NEW, Writing.NEW, trigger));
			case CONTRACT -> Optional.empty();
		};
	}

}
