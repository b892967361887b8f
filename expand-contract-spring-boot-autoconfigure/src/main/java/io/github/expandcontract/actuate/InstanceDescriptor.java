package io.github.expandcontract.actuate;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import io.github.expandcontract.phase.InstanceState;

/**
 * What the endpoint shows of an instance.
 *
 * @param id the id it drew at its start
 * @param name its application name, process and host
 * @param startedAt when it registered
 * @param live whether its lease is good
 * @param leaseSeconds how long its lease still lasts
 * @param targets the phase its configuration asks for, by change
 * @param acknowledged the version of each change under which it runs alone
 */
public record InstanceDescriptor(UUID id, String name, Instant startedAt, boolean live, double leaseSeconds,
		Map<String, String> targets, Map<String, Long> acknowledged) {

	static InstanceDescriptor of(InstanceState state) {
		Map<String, String> targets = new TreeMap<>();
		state.targets().forEach((change, phase) -> targets.put(change, phase.propertyName()));
		return new InstanceDescriptor(state.id(), state.name(), state.startedAt(), state.live(),
				state.lease().toMillis() / 1000.0, targets, new TreeMap<>(state.acknowledged()));
	}

}
