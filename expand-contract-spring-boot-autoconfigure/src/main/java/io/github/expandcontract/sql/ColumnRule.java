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
		return switch (phase) {
			case EXPAND -> Optional.of(trustsOld(change, sync) ? rule(change, sync, Reading.OLD, Writing.OLD)
					: rule(change, sync, Reading.FALLBACK, Writing.BOTH));
			case DUAL_WRITE, BACKFILL -> Optional.of(both(change, sync));
			case SWITCH_READS -> Optional.of(rule(change, sync, Reading.NEW, writing(change, sync)));
			case STOP_DUAL_WRITE -> Optional.of(rule(change, sync, Reading.NEW, Writing.NEW));
			case CONTRACT -> Optional.empty();
		};
	}

	private static ColumnRule both(ColumnChange change, SyncMode sync) {
		Reading output = sync.hasTrigger() ? Reading.FALLBACK : Reading.OLD;
		Reading predicate = trustsOld(change, sync) ? Reading.OLD : Reading.FALLBACK;
		return new ColumnRule(change, output, predicate, writing(change, sync), sync.hasTrigger());
	}

	private static ColumnRule rule(ColumnChange change, SyncMode sync, Reading reading, Writing writing) {
		return new ColumnRule(change, reading, reading, writing, sync.hasTrigger());
	}

	/**
	 * Whether the old column holds all that the new one will. Where down loses
	 * information it does not, and what is written has to reach new from the first phase
	 * on.
	 */
	private static boolean trustsOld(ColumnChange change, SyncMode sync) {
		return change.lossless() || !sync.hasTrigger();
	}

	private static Writing writing(ColumnChange change, SyncMode sync) {
		return (sync == SyncMode.TRIGGER && change.lossless()) ? Writing.OLD : Writing.BOTH;
	}

	/**
	 * Whether the column has the original's place among the table's columns in the end.
	 */
	boolean originalStays() {
		return this.change.keepsOriginal(this.synced);
	}

}
