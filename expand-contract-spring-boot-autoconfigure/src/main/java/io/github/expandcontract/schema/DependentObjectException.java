package io.github.expandcontract.schema;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.change.Change;

/**
 * CONTRACT or the way back from it would break an object, or the server refused because
 * one depends on the column. Nothing was changed.
 */
public class DependentObjectException extends UnsupportedChangeException {

	DependentObjectException(Change change, String reason) {
		this(change, reason, null);
	}

	DependentObjectException(Change change, String reason, @Nullable Throwable cause) {
		super(change, reason, "Drop or change the object that is named, then try again.", cause);
	}

}
