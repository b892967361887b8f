package io.github.expandcontract.change;

import io.github.expandcontract.ExpandContractException;

/**
 * The mapping of the entities could not be read.
 */
public class UnreadableMappingException extends ExpandContractException {

	UnreadableMappingException(String mapping, Exception cause) {
		super("The " + mapping + " mapping of the entities could not be read: " + cause.getMessage(),
				"Correct the mapping that the cause names. If only the application itself can build it, remove "
						+ "the annotation and declare the change as a bean of type ChangeDeclaration.",
				cause);
	}

}
