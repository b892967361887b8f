package io.github.expandcontract.phase;

import java.util.List;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.change.Change;

/**
 * An instance would rename a column by another strategy than the one that is recorded.
 * One of the two would name a column that is not there.
 */
public class StrategyMismatchException extends ExpandContractException {

	StrategyMismatchException(String description, String action) {
		super(description, action);
	}

	static StrategyMismatchException live(Change change, boolean inPlace, List<String> instances) {
		return new StrategyMismatchException(
				describe(change.id(), inPlace) + " These live instances do so: " + String.join(", ", instances) + ".",
				"Start this instance with the same strategy. To change it, stop all instances that declare the change, "
						+ "in phase expand or contract, and start them with the other strategy.");
	}

	static StrategyMismatchException underWay(Change change, boolean inPlace, ChangeState state) {
		return new StrategyMismatchException(
				describe(change.id(), inPlace) + " It is in phase " + state.phase().propertyName() + ".",
				"Put the strategy back. It can be changed in phase expand or contract, while no instance that declares "
						+ "the change is running.");
	}

	static StrategyMismatchException taken(String change, boolean inPlace) {
		return new StrategyMismatchException(describe(change, inPlace) + " Another instance has just begun so.",
				"Start this instance with the same strategy.");
	}

	private static String describe(String change, boolean inPlace) {
		String property = "'expand-contract.changes." + change + ".strategy'";
		return "The property " + property + " asks for '" + name(inPlace) + "', but the change is carried out by '"
				+ name(!inPlace) + "'.";
	}

	private static String name(boolean inPlace) {
		return inPlace ? "in-place" : "copy";
	}

}
