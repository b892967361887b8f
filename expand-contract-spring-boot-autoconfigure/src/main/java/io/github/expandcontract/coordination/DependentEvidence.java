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

	/**
	 * What stands against it.
	 */
	static List<String> blocking(List<Dependent> dependents) {
		return dependents.stream()
			.filter(Dependent::blocking)
			.map((dependent) -> dependent.kind() + " " + dependent.identity()
					+ (dependent.definition().isBlank() ? ""
							: " (" + dependent.definition().strip().replaceAll("\\s+", " ") + ")"))
			.toList();
	}

	/**
	 * The evidence where columns are dropped, and what they had is given to others.
	 */
	static Evidence dropped(List<Dependent> dependents, String columns) {
		List<String> blocking = blocking(dependents);
		return blocking.isEmpty()
				? Evidence.ok("dependents", "Nothing depends on '" + columns + "' that is not carried along.")
				: Evidence.blocks("dependents", "These use '" + columns + "' and would break or be lost: "
						+ String.join(", ", blocking) + ". Change or drop them first.");
	}

	/**
	 * The evidence where the column is called otherwise afterwards, and all but its name
	 * stays.
	 */
	static Evidence named(List<Dependent> dependents, String column) {
		List<String> blocking = blocking(dependents);
		return blocking.isEmpty() ? Evidence.ok("dependents", "Nothing depends on '" + column + "' by its name.")
				: Evidence.blocks("dependents", "These use '" + column + "' by its name and would break: "
						+ String.join(", ", blocking) + ". Change or drop them first.");
	}

}
