package io.github.expandcontract.schema;

import io.github.expandcontract.change.Change;

/**
 * The table of a change does not exist, or is something else.
 */
public class UnknownTableException extends UnsupportedChangeException {

	UnknownTableException(Change change, String reason, String action) {
		super(change, reason, action);
	}

}
