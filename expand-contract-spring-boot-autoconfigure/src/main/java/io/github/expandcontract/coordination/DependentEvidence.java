package io.github.expandcontract.coordination;

import java.util.List;

import io.github.expandcontract.schema.Dependent;

/**
 * What has to be known of objects in the database before a column gets another name or
 * goes.
 */
final class DependentEvidence {

	private DependentEvidence() {
	}

	static Evidence of(List<Dependent> dependents, String column) {
		List<String> blocking = blocking(dependents);
		return blocking.isEmpty()
				? Evidence.ok("dependents", "Nothing depends on '" + column + "' that is not carried along.")
				: Evidence.blocks("dependents", "These use '" + column + "' and would break or be lost: "
						+ String.join(", ", blocking) + ". Change or drop them first.");
	}

	/**
	 * What stands in the way of CONTRACT, with its definition.
	 */
	static List<String> blocking(List<Dependent> dependents) {
		return dependents.stream()
			.filter(Dependent::blocking)
			.map((dependent) -> dependent.kind() + " " + dependent.identity() + (dependent.definition().isBlank() ? ""
					: " (" + dependent.definition().strip().replaceAll("\\s+", " ") + ")"))
			.toList();
	}

}
