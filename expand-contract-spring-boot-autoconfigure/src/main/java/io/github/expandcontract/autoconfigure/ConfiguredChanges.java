package io.github.expandcontract.autoconfigure;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.expandcontract.Phase;
import io.github.expandcontract.RenameStrategy;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.RenameColumn;

/**
 * What the properties ask for, by the ids of the declared changes.
 *
 * @param properties the properties by id, nothing for a change that is not listed
 */
record ConfiguredChanges(Map<String, ExpandContractProperties.Change> properties) {

	/**
	 * Matches properties and changes.
	 * @param properties the properties by id
	 * @param changes the declared changes
	 * @return the properties by the id that the change has
	 * @throws UnknownChangeException if a property names no change
	 */
	static ConfiguredChanges of(Map<String, ExpandContractProperties.Change> properties,
			Collection<? extends Change> changes) {
		List<String> known = changes.stream().map(Change::id).toList();
		Map<String, ExpandContractProperties.Change> matched = new LinkedHashMap<>();
		Map<String, ExpandContractProperties.Change> loose = new LinkedHashMap<>();
		properties.forEach((name, property) -> (known.contains(name) ? matched : loose).put(name, property));
		// An environment variable cannot spell a hyphen, and stands above the file.
		loose.forEach((name, property) -> matched.merge(match(name, known), property,
				(file, variable) -> variable.above(file)));
		return new ConfiguredChanges(matched);
	}

	/**
	 * The phases that are asked for.
	 * @return the phase by id, nothing for a change that has no line for it
	 */
	Map<String, Phase> phases() {
		Map<String, Phase> phases = new LinkedHashMap<>();
		this.properties.forEach((id, property) -> {
			Phase phase = property.phase();
			if (phase != null) {
				phases.put(id, phase);
			}
		});
		return phases;
	}

	/**
	 * The changes by the strategies that are asked for.
	 * @param changes the declared changes
	 * @return the same, some of them in place
	 * @throws InvalidPropertyException if a change cannot be made in that way
	 */
	List<Change> byStrategy(List<Change> changes) {
		return changes.stream().map(this::byStrategy).toList();
	}

	private Change byStrategy(Change change) {
		ExpandContractProperties.Change property = this.properties.get(change.id());
		if (property == null || property.strategy() != RenameStrategy.IN_PLACE) {
			return change;
		}
		if (change instanceof RenameColumn rename) {
			return rename.inPlace();
		}
		throw new InvalidPropertyException("changes." + change.id() + ".strategy", "in-place",
				"'copy', or remove it: only the rename of a column can be made in place, and this change is to "
						+ change.describe());
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
