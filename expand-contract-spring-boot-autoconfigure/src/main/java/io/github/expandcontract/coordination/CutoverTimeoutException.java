package io.github.expandcontract.coordination;

import java.time.Duration;
import java.util.List;

import io.github.expandcontract.ExpandContractException;

/**
 * A held cutover let go, because an instance could not drain in time. Nothing has
 * changed.
 */
public class CutoverTimeoutException extends ExpandContractException {

	CutoverTimeoutException(String change, List<String> instances, Duration timeout) {
		super("The cutover of '" + change + "' let go after " + timeout + ", because these instances still had calls "
				+ "or transactions open: " + String.join(", ", instances) + ".",
				"It is tried again by itself; look for long transactions there.");
	}

	CutoverTimeoutException(String change) {
		super("The cutover of '" + change
				+ "' let go, because its hold had ended or another instance moved the change.",
				"It is tried again by itself.");
	}

}
