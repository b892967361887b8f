package io.github.expandcontract.coordination;

import java.util.List;
import java.util.stream.Collectors;

import io.github.expandcontract.schema.Dependent;

/**
 * What has to be known of objects in the database before a column gets another name or
 * goes.
 */
final class DependentEvidence {

	private DependentEvidence() {
	}

	static Evidence of(List<Dependent> dependents, String column) {
		String blocking = dependents.stream()
			.filter(Dependent::blocking)
			.map((dependent) -> dependent.kind() + " " + dependent.identity())
			.collect(Collectors.joining(", "));
		return blocking.isEmpty() ? Evidence.ok("dependents", "Nothing depends on '" + column + "' by its name.")
				: Evidence.blocks("dependents", "These use '" + column + "' by its name and would break: " + blocking
						+ ". Change or drop them first.");
	}

}
