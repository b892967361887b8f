package io.github.expandcontract.coordination;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.RowChange;

/**
 * A verification after a complete backfill found rows that differ.
 */
public class RowsDifferException extends ExpandContractException {

	RowsDifferException(RowChange change, Verification verification) {
		super(description(change, verification),
				"The backfill goes over the table again. If this repeats, " + (change.oldColumns().isEmpty()
						? "what fills the column gives NULL for these rows: mend them, and "
								+ "find out who writes them."
						: "find out who writes '" + change.table()
								+ "' past the trigger (disabled triggers, session_replication_role)."));
	}

	private static String description(RowChange change, Verification verification) {
		String rows = verification.mismatches() + " of " + verification.rows() + " rows ";
		return "Change '" + change.id() + "': "
				+ (change.oldColumns().isEmpty()
						? "in " + rows + "'" + String.join("', '", change.newColumns()) + "' is NULL" : rows + "differ")
				+ " after the backfill, for example in " + verification.sample() + ".";
	}

}
