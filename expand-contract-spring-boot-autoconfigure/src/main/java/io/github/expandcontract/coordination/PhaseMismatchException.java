package io.github.expandcontract.coordination;

import java.util.Optional;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.Phase;
import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.schema.Step;

/**
 * The table does not look as the recorded phase of a change says, because somebody else
 * changed one of the two.
 */
public class PhaseMismatchException extends ExpandContractException {

	PhaseMismatchException(String description, String action) {
		super(description, action);
	}

	static PhaseMismatchException column(ColumnChange change, Phase phase) {
		return new PhaseMismatchException(describe(change, phase), advise(change, phase));
	}

	/**
	 * Of a column that is added.
	 * @param mark what makes it known as the one that the change has added
	 */
	static PhaseMismatchException added(AddColumn change, Phase phase, Step mark) {
		String description = "The change '" + change.id() + "' is recorded in phase " + phase.propertyName()
				+ ", but table '" + change.table() + "' ";
		if (phase == Phase.CONTRACT) {
			return new PhaseMismatchException(
					description + "has no column '" + change.column() + "' that is NOT NULL and without our comment.",
					anew(change));
		}
		return new PhaseMismatchException(
				description + "has no column '" + change.column() + "', or one without our comment.",
				"If the comment was replaced by hand, put it back: " + mark.sql() + ". " + anew(change)
						+ " If it shall stay as it is, set the phase of '" + change.id()
						+ "' in expand_contract.change to 'CONTRACT'.");
	}

	static PhaseMismatchException reshaped(ReshapeColumns change, Phase phase) {
		String description = "The change '" + change.id() + "' is recorded in phase " + phase.propertyName()
				+ ", but table '" + change.table() + "' does not have ";
		if (phase == Phase.CONTRACT) {
			return new PhaseMismatchException(description + "just the new columns '"
					+ String.join("', '", change.newColumns()) + "' of the change.", anew(change));
		}
		return new PhaseMismatchException(
				description + "the old columns '" + String.join("', '", change.oldColumns()) + "' any more.",
				"If they were dropped by hand and shall stay away, set the phase of '" + change.id()
						+ "' in expand_contract.change to 'CONTRACT'. " + anew(change));
	}

	static PhaseMismatchException table(TableChange change) {
		return new PhaseMismatchException(
				"The change '" + change.id() + "' (" + change.describe()
						+ ") is recorded in phase contract, but the table does not have what it has added any more.",
				"Remove the declaration if it shall be gone. If it shall come again, delete the rows of '" + change.id()
						+ "' in expand_contract.move, expand_contract.instance_change and expand_contract.change, "
						+ "and start again: the change then begins anew.");
	}

	static PhaseMismatchException drop(Change change, Phase phase) {
		String recorded = "The change '" + change.id() + "' (" + change.describe() + ") is recorded in phase "
				+ phase.propertyName() + ", but what it drops ";
		return (phase == Phase.CONTRACT) ? new PhaseMismatchException(recorded + "is there.",
				"If it was created again and shall stay, remove the declaration. If it shall be dropped, delete the "
						+ "rows of '" + change.id() + "' in expand_contract.move, "
						+ "expand_contract.instance_change and expand_contract.change, and start again.")
				: new PhaseMismatchException(recorded + "is gone.",
						"If it was dropped by hand, remove the declaration, or set the phase of '" + change.id()
								+ "' in expand_contract.change to 'CONTRACT'.");
	}

	private static String describe(ColumnChange change, Phase phase) {
		return "The change '" + change.id() + "' is recorded in phase " + phase.propertyName() + ", but table '"
				+ change.table() + "' " + found(change, phase);
	}

	private static String found(ColumnChange change, Phase phase) {
		String column = "column '" + change.oldColumn() + "'";
		Optional<String> kept = keptType(change);
		if (phase == Phase.CONTRACT) {
			return "has a " + column + kept.map((type) -> " that is not of type " + type).orElse("") + ".";
		}
		return kept.map((type) -> "has no " + column + ", or one that is of type " + type + " already.")
			.orElse("has no " + column + " any more.");
	}

	/**
	 * The new type, where the name is kept.
	 */
	private static Optional<String> keptType(ColumnChange change) {
		return change.fold((rename) -> Optional.empty(),
				(type) -> type.keepsName() ? Optional.of(type.type()) : Optional.empty());
	}

	private static String advise(ColumnChange change, Phase phase) {
		if (phase == Phase.CONTRACT) {
			return anew(change);
		}
		return keptType(change).map((type) -> "If the column's type was changed by hand, change it back")
			.orElse("If the column was renamed by hand, rename it back to '" + change.oldColumn() + "'")
				+ ", or set the phase of '" + change.id()
				+ "' in expand_contract.change to 'CONTRACT' if it shall stay.";
	}

	private static String anew(Change change) {
		return "If the table was restored or changed by hand, delete the rows of '" + change.id()
				+ "' in expand_contract.move, expand_contract.instance_change and expand_contract.change, "
				+ "and start again: the change then begins anew.";
	}

}
