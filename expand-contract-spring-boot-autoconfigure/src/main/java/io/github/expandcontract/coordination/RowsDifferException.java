package io.github.expandcontract.coordination;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.RowChange;

/**
 * A verification after a complete backfill found rows that differ.
 */
public class RowsDifferException extends ExpandContractException {

	private RowsDifferException(String description, String action) {
		super(description, action);
	}

	/**
	 * Rows that are still NULL.
	 */
	static RowsDifferException unfilled(AddColumn change, Verification verification) {
		return new RowsDifferException(
				"Change '" + change.id() + "': in " + verification.mismatches() + " of " + verification.rows()
						+ " rows '" + change.column() + "' is NULL after the backfill, for example in "
						+ verification.sample() + ".",
				"The backfill goes over the table again. If this repeats, the expression '" + change.fill().text()
						+ "' gives NULL for these rows: mend them, and find out who writes them.");
	}

	RowsDifferException(RowChange change, Verification verification) {
		super("Change '" + change.id() + "': " + verification.mismatches() + " of " + verification.rows()
				+ " rows differ after the backfill, for example " + verification.sample() + ".",
				"The backfill goes over the table again. If this repeats, find out who writes '" + change.table()
						+ "' past the trigger (disabled triggers, session_replication_role).");
	}

}
