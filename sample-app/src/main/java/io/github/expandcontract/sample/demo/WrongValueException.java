package io.github.expandcontract.sample.demo;

/**
 * An answer that does not agree with the ledger.
 */
class WrongValueException extends RuntimeException {

	WrongValueException(String message) {
		super(message);
	}

}
