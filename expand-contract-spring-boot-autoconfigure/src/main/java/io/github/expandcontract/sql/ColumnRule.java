package io.github.expandcontract.sql;

import java.util.List;
import java.util.Optional;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ChangeVisitor;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.change.RenameInPlace;
import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.change.TableChange;

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
	 * The rules of a change in a phase.
	 * @param change the change
	 * @param phase the phase by whose rules the statement runs
	 * @param sync what keeps the columns in step
	 * @return the rules, empty where statements run as they are, as at
	 * {@link Phase#CONTRACT}
	 */
	public static List<ColumnRule> of(Change change, Phase phase, SyncMode sync) {
		return change.accept(new ChangeVisitor<List<ColumnRule>>() {

			@Override
			public List<ColumnRule> rename(RenameColumn change) {
				return pair(change, phase, sync).stream().toList();
			}

			@Override
			public List<ColumnRule> renameInPlace(RenameInPlace change) {
				throw new UnsupportedOperationException();
			}

			@Override
			public List<ColumnRule> changeType(ChangeType change) {
				return pair(change, phase, sync).stream().toList();
			}

			@Override
			public List<ColumnRule> addColumn(AddColumn change) {
				throw new UnsupportedOperationException();
			}

			@Override
			public List<ColumnRule> tableChange(TableChange change) {
				return List.of();
			}

			@Override
			public List<ColumnRule> reshape(ReshapeColumns change) {
				throw new UnsupportedOperationException();
			}

		});
	}

	private static Optional<ColumnRule> pair(ColumnChange change, Phase phase, SyncMode sync) {
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
