package io.github.expandcontract.phase;

import io.github.expandcontract.ExpandContractException;

/**
 * A statement was about to run by rules that may no longer hold, because the instance
 * could not renew its lease in time.
 */
public class LeaseExpiredException extends ExpandContractException {

	LeaseExpiredException() {
		super("The lease of this instance ran out, so the phase it knows may no longer be the cluster's.",
				"Roll back and repeat the transaction. If this goes on, look whether the instance reaches the database "
						+ "and whether it was paused for longer than expand-contract.lease-duration.");
	}

}
