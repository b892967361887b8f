package io.github.expandcontract.sql;

import java.util.List;
import java.util.Objects;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ChangeVisitor;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.DropColumn;
import io.github.expandcontract.change.DropTable;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.change.RenameInPlace;
import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.change.TableChange;

/**
 * What a phase means for the statements that name a changing column. The one place that
 * turns a phase into rules of rewriting.
 *
 * @param change the change
 * @param column the column, as statements know it and as the table holds it
 * @param output how a bare reference in the outermost SELECT list or in RETURNING is read
 * @param predicate how every other reference is read
 * @param writing which columns INSERT and UPDATE write
 * @param synced whether a trigger derives the column that a statement leaves out
 */
public record ColumnRule(Change change, ChangingColumn column, Reading output, Reading predicate, Writing writing,
		boolean synced) {

	/**
	 * The rules of a change in a phase.
	 * @param change the change
	 * @param phase the phase by whose rules the statement runs
	 * @param sync what keeps the columns in step
	 * @return the rules, empty where statements run as they are, as at
	 * {@link Phase#CONTRACT}
	 */
	public static List<ColumnRule> of(Change change, Phase phase, SyncMode sync) {
		return (phase == Phase.CONTRACT) ? List.of() : change.accept(new ChangeVisitor<>() {

			@Override
			public List<ColumnRule> rename(RenameColumn change) {
				return List.of(pair(change, phase, sync));
			}

			@Override
			public List<ColumnRule> renameInPlace(RenameInPlace change) {
				return List.of(alone(change, new ColumnInPlace(change), Reading.NEW));
			}

			@Override
			public List<ColumnRule> changeType(ChangeType change) {
				return List.of(pair(change, phase, sync));
			}

			@Override
			public List<ColumnRule> addColumn(AddColumn change) {
				return (change.filledAtOnce() || readsNew(phase)) ? List.of()
						: List.of(alone(change, new AddedColumn(change), Reading.FALLBACK));
			}

			@Override
			public List<ColumnRule> tableChange(TableChange change) {
				return List.of();
			}

			@Override
			public List<ColumnRule> dropColumn(DropColumn change) {
				return leaving(change, change.column(), phase);
			}

			@Override
			public List<ColumnRule> dropTable(DropTable change) {
				return List.of();
			}

			@Override
			public List<ColumnRule> reshape(ReshapeColumns change) {
				return change.newColumns()
					.stream()
					.map((column) -> alone(change, new ReshapedColumn(change, column),
							readsNew(phase) ? Reading.NEW : Reading.FALLBACK))
					.toList();
			}

		});
	}

	/**
	 * The rules of a change by which a column goes away and nothing comes.
	 * @param change the change
	 * @param column the column, as the catalog spells it
	 * @param phase the phase by whose rules the statement runs
	 * @return the rules, empty as long as statements may name the column, and where it is
	 * gone
	 */
	private static List<ColumnRule> leaving(Change change, String column, Phase phase) {
		return (phase != Phase.CONTRACT && readsNew(phase))
				? List.of(alone(change, new LeavingColumn(column), Reading.NEW)) : List.of();
	}

	private static ColumnRule pair(ColumnChange change, Phase phase, SyncMode sync) {
		return switch (phase) {
			case EXPAND -> trustsOld(change, sync) ? rule(change, sync, Reading.OLD, firstWriting(change, sync))
					: rule(change, sync, Reading.FALLBACK, Writing.BOTH);
			case DUAL_WRITE, BACKFILL -> both(change, sync);
			case SWITCH_READS -> rule(change, sync, Reading.NEW, writing(change, sync));
			case STOP_DUAL_WRITE, CONTRACT -> rule(change, sync, Reading.NEW, Writing.NEW);
		};
	}

	private static ColumnRule both(ColumnChange change, SyncMode sync) {
		Reading output = sync.hasTrigger() ? Reading.FALLBACK : Reading.OLD;
		Reading predicate = trustsOld(change, sync) ? Reading.OLD : Reading.FALLBACK;
		return new ColumnRule(change, new ColumnPair(change), output, predicate, writing(change, sync),
				sync.hasTrigger());
	}

	private static ColumnRule rule(ColumnChange change, SyncMode sync, Reading reading, Writing writing) {
		return new ColumnRule(change, new ColumnPair(change), reading, reading, writing, sync.hasTrigger());
	}

	/**
	 * The rule of a column beside which statements write no other one.
	 */
	private static ColumnRule alone(Change change, ChangingColumn column, Reading reading) {
		return new ColumnRule(change, column, reading, reading, Writing.NEW, true);
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
	 * What is written in the first phase: old, which is all that matters then. But where
	 * a value has to be converted for it and nothing is lost by it, new is written as
	 * well, because only there does PostgreSQL refuse what the column that stays will not
	 * take; a cast takes more. Not without a trigger: then a value that may be evaluated
	 * once only would have to be refused a phase too early.
	 */
	private static Writing firstWriting(ColumnChange change, SyncMode sync) {
		boolean converted = !new ColumnPair(change).isIdentity();
		return (converted && sync == SyncMode.BOTH) ? Writing.BOTH : Writing.OLD;
	}

	private static boolean readsNew(Phase phase) {
		return phase.compareTo(Phase.SWITCH_READS) >= 0;
	}

	/**
	 * Whether a column of the table is not there for those who see the table as it will
	 * be.
	 * @param present the column as the table has it now
	 * @return whether it goes away
	 */
	public boolean hides(String present) {
		return this.column.leaving().contains(present);
	}

	/**
	 * Whether a column of the table is the one that holds the value in the end.
	 * @param present the column as the table has it now
	 * @return whether it is
	 */
	public boolean isOn(String present) {
		return this.column.newColumn().equals(present);
	}

	/**
	 * The name by which statements know the column in every phase.
	 * @return the name as the catalog spells it
	 */
	public String name() {
		return this.column.name();
	}

	/**
	 * The old column of a rule that writes it.
	 */
	String oldColumn() {
		return Objects.requireNonNull(this.column.oldColumn(), () -> name() + " has no old column");
	}

	/**
	 * Whether a reference in the text serves for a reading as it stands.
	 */
	boolean isAsWritten(Reading reading) {
		return reading == Reading.NEW && this.column.newColumn().equals(name());
	}

	/**
	 * Whether the column has the original's place among the table's columns in the end.
	 */
	boolean originalStays() {
		return this.column.originalStays(this.synced);
	}

}
