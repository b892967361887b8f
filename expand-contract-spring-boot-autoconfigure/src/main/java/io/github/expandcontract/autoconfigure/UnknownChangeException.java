package io.github.expandcontract.autoconfigure;

import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.change.Suggestions;

/**
 * The properties name a change that the application does not declare.
 */
public class UnknownChangeException extends ExpandContractException {

	UnknownChangeException(String id, Collection<String> known) {
		super("The property 'expand-contract.changes." + id + "' names the change '" + id + "', which is not declared."
				+ (known.isEmpty() ? " No change is declared."
						: " Declared are " + quoted(known.stream().sorted().toList()) + "."),
				action(id, known));
	}

	private static String action(String id, Collection<String> known) {
		List<String> nearest = Suggestions.nearest(id, known, UnaryOperator.identity());
		String action = "Correct the id, or remove the property if the change is over and its declaration is gone.";
		return nearest.isEmpty() ? action : "Did you mean '" + nearest.get(0) + "'? " + action;
	}

	private static String quoted(List<String> ids) {
		return String.join(", ", ids.stream().map((id) -> "'" + id + "'").toList());
	}

}
