package io.github.expandcontract.phase;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.ExpandContractException;

/**
 * A call of an annotated repository waited in vain to be admitted.
 */
public class AdmissionTimeoutException extends ExpandContractException {

	private AdmissionTimeoutException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

	static AdmissionTimeoutException held(Duration patience) {
		return new AdmissionTimeoutException("The call was held for " + patience + " while a change moved its phase.",
				"Repeat the call. If this goes on, the endpoint 'expandcontract' names the change and what it waits for.",
				null);
	}

	static AdmissionTimeoutException leaseExpired(Duration patience) {
		return new AdmissionTimeoutException(
				"The lease of this instance ran out and could not be renewed within " + patience + ".",
				"Look whether the instance reaches the database; it admits calls again as soon as it has read the phase.",
				null);
	}

	static AdmissionTimeoutException interrupted(InterruptedException cause) {
		return new AdmissionTimeoutException("The call was interrupted while it waited to be admitted.",
				"Nothing was executed; repeat the call if it is still wanted.", cause);
	}

}
