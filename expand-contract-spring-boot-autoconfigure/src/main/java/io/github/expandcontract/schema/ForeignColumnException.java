package io.github.expandcontract.schema;

import io.github.expandcontract.change.Change;

/**
 * The new column of a change exists already and is not the copy that this change made.
 */
public class ForeignColumnException extends UnsupportedChangeException {

	ForeignColumnException(Change change, String reason, String action) {
		super(change, reason, action);
	}

}
