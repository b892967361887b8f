package io.github.expandcontract.phase;

import io.github.expandcontract.ExpandContractException;

/**
 * A step was not taken because the cluster is not ready for it. Nothing has changed.
 */
public class MoveRefusedException extends ExpandContractException {

	MoveRefusedException(String description) {
		super(description, "Nothing has changed; the step is tried again by itself.");
	}

}
