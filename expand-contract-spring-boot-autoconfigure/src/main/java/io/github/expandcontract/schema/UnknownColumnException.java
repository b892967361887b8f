package io.github.expandcontract.schema;

import io.github.expandcontract.change.Change;

/**
 * The old column of a change does not exist.
 */
public class UnknownColumnException extends UnsupportedChangeException {

	UnknownColumnException(Change change, String reason, String action) {
		super(change, reason, action);
	}

}
