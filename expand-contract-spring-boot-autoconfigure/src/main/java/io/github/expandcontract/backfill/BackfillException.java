package io.github.expandcontract.backfill;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.ExpandContractException;

/**
 * Thrown when a backfill or a verification cannot be done as asked.
 */
public final class BackfillException extends ExpandContractException {

	BackfillException(String description, String action) {
		super(description, action);
	}

	BackfillException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
