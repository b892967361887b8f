package io.github.expandcontract.schema;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.change.Change;

/**
 * A change cannot be made on the table as it is. Nothing was touched.
 */
public class UnsupportedChangeException extends ExpandContractException {

	UnsupportedChangeException(Change change, String reason, String action) {
		this(change, reason, action, null);
	}

	UnsupportedChangeException(Change change, String reason, String action, @Nullable Throwable cause) {
		super("The change '" + change.id() + "' (" + change.describe() + ", declared at " + change.declaredAt()
				+ ") cannot be made: " + reason, action, cause);
	}

	UnsupportedChangeException(String description, String action, Throwable cause) {
		super(description, action, cause);
	}

}
