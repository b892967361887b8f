package io.github.expandcontract.coordination;

import java.util.List;
import java.util.stream.Collectors;

import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.InstanceState;

/**
 * What has to be known of the instances before a change moves.
 */
final class FleetEvidence {

	private FleetEvidence() {
	}

	static Evidence acknowledged(ChangeState state, List<InstanceState> instances) {
		String name = "acknowledgement of " + state.phase().propertyName();
		String late = instances.stream()
			.filter(InstanceState::live)
			.filter((instance) -> instance.declares(state.id()))
			.filter((instance) -> !Long.valueOf(state.version()).equals(instance.acknowledged().get(state.id())))
			.map(InstanceState::name)
			.collect(Collectors.joining(", "));
		return late.isEmpty() ? Evidence.ok(name, "All live instances run in this phase alone.")
				: Evidence.waits(name, "These instances still have calls or transactions open that began in the phase "
						+ "before: " + late + ". Look for long transactions there.");
	}

	static Evidence legacyWriters(ChangeState state, List<InstanceState> instances) {
		String unaware = instances.stream()
			.filter(InstanceState::live)
			.filter((instance) -> !instance.declares(state.id()))
			.map(InstanceState::name)
			.collect(Collectors.joining(", "));
		return unaware.isEmpty() ? Evidence.ok("releases", "All live instances declare the change.")
				: Evidence.blocks("releases", "These live instances do not declare the change and use the table as "
						+ "it was before: " + unaware + ". Replace them by a release that declares it.");
	}

}
