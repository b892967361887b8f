package io.github.expandcontract.phase;

import java.util.Map;

import io.github.expandcontract.Phase;

/**
 * The cluster phase of every change at one moment, as one instance has read it. The hot
 * path reads this and never the database.
 *
 * @param generation grows by one with each snapshot that an instance publishes
 * @param phases the phase of each declared change by its id
 * @param versions the version of each change's row, which grows with every move
 */
public record PhaseSnapshot(long generation, Map<String, Phase> phases, Map<String, Long> versions) {

	/**
	 * What an instance knows before it has read the database.
	 */
	public static final PhaseSnapshot NONE = new PhaseSnapshot(0, Map.of(), Map.of());

	public PhaseSnapshot {
		phases = Map.copyOf(phases);
		versions = Map.copyOf(versions);
	}

	/**
	 * Whether any change is under way, so that statements must be looked at.
	 * @return whether a change stands before {@link Phase#CONTRACT}
	 */
	public boolean inFlight() {
		return this.phases.values().stream().anyMatch((phase) -> phase != Phase.CONTRACT);
	}

}
