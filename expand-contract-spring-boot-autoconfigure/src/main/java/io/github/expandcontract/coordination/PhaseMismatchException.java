package io.github.expandcontract.coordination;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.Phase;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ColumnChange;

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
				+ change.table() + "' " + ((phase == Phase.CONTRACT) ? "has a column '" + change.oldColumn() + "'."
						: "has no column '" + change.oldColumn() + "' any more.");
	}

	private static String advise(ColumnChange change, Phase phase) {
		if (phase == Phase.CONTRACT) {
			return "If the table was restored or changed by hand, delete the rows of '" + change.id()
					+ "' in expand_contract.move, expand_contract.instance_change and expand_contract.change, "
					+ "and start again: the change then begins anew.";
		}
		return "If the column was renamed by hand, rename it back to '" + change.oldColumn()
				+ "', or set the phase of '" + change.id()
				+ "' in expand_contract.change to 'CONTRACT' if it shall stay.";
	}

}
