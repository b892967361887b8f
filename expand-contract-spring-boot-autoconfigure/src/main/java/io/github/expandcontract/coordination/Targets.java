package io.github.expandcontract.coordination;

import java.util.Comparator;
import java.util.List;

import io.github.expandcontract.Phase;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.InstanceState;

/**
 * What the cluster aims at: an operator's word where there is one, else the lowest target
 * among the live instances, so that the most cautious one wins.
 */
final class Targets {

	private Targets() {
	}

	static Phase of(ChangeState change, List<InstanceState> instances) {
		Phase override = change.override();
		if (override != null) {
			return override;
		}
		return instances.stream()
			.filter(InstanceState::live)
			.filter((instance) -> instance.declares(change.id()))
			.map((instance) -> instance.targets().getOrDefault(change.id(), change.phase()))
			.min(Comparator.naturalOrder())
			.orElse(change.phase());
	}

}
