package io.github.expandcontract.sample.demo;

/**
 * A step that was not reached in time.
 */
class StepTimeoutException extends RuntimeException {

	StepTimeoutException(String message) {
		super(message);
	}

}
