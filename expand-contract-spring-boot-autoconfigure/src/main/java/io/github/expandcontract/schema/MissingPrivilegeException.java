package io.github.expandcontract.schema;

import io.github.expandcontract.change.Change;

/**
 * The database user may not do what the change needs; the action holds the exact
 * statements that let it.
 */
public class MissingPrivilegeException extends UnsupportedChangeException {

	MissingPrivilegeException(Change change, String reason, String action) {
		super(change, reason, action);
	}

}
