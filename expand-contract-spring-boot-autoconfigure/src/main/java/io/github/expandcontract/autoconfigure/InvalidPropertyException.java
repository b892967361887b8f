package io.github.expandcontract.autoconfigure;

import io.github.expandcontract.ExpandContractException;

/**
 * A property has a value that makes no sense.
 */
public class InvalidPropertyException extends ExpandContractException {

	InvalidPropertyException(String name, Object value, String expected) {
		super("The property 'expand-contract." + name + "' is '" + value + "'.", "Let it be " + expected + ".");
	}

}
