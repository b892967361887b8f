package io.github.expandcontract.autoconfigure;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.Change;

/**
 * The phases that the properties ask for.
 */
final class TargetPhases {

	private TargetPhases() {
	}

	/**
	 * Matches properties and changes.
	 * @param properties the properties by id
	 * @param changes the declared changes
	 * @return the phase by id, nothing for a change that is not listed
	 * @throws UnknownChangeException if a property names no change
	 */
	static Map<String, Phase> of(Map<String, ExpandContractProperties.Change> properties,
			Collection<? extends Change> changes) {
		List<String> known = changes.stream().map(Change::id).toList();
		Map<String, Phase> phases = new LinkedHashMap<>();
		Map<String, Phase> loose = new LinkedHashMap<>();
		properties.forEach((name, property) -> {
			if (known.contains(name)) {
				phases.put(name, property.phase());
			}
			else {
				loose.put(name, property.phase());
			}
		});
		// An environment variable cannot spell a hyphen, and stands above the file.
		loose.forEach((name, phase) -> phases.put(match(name, known), phase));
		return phases;
	}

	private static String match(String name, List<String> known) {
		List<String> matches = known.stream().filter((id) -> uniform(id).equals(uniform(name))).toList();
		if (matches.size() != 1) {
			throw new UnknownChangeException(name, known);
		}
		return matches.get(0);
	}

	private static String uniform(String id) {
		return id.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
	}

}
