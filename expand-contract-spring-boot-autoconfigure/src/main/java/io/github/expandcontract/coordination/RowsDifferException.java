package io.github.expandcontract.coordination;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.RowChange;

/**
 * A verification after a complete backfill found rows that differ.
 */
public class RowsDifferException extends ExpandContractException {

	RowsDifferException(RowChange change, Verification verification) {
		super("Change '" + change.id() + "': " + verification.mismatches() + " of " + verification.rows()
				+ " rows differ after the backfill, for example " + verification.sample() + ".",
				"The backfill goes over the table again. If this repeats, find out who writes '" + change.table()
						+ "' past the trigger (disabled triggers, session_replication_role).");
	}

}
