package io.github.expandcontract.phase;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import io.github.expandcontract.Phase;

/**
 * What the database knows of an application instance.
 *
 * @param id the id it drew at its start
 * @param name its application name, process and host
 * @param startedAt when it registered
 * @param lease how long its lease still lasts, negative once it has run out
 * @param targets the phase its yml asks for, by change
 * @param acknowledged the version of the change's row under which it runs alone, by
 * change
 * @param held the hold under which it has drained, by change
 */
public record InstanceState(UUID id, String name, Instant startedAt, Duration lease, Map<String, Phase> targets,
		Map<String, Long> acknowledged, Map<String, UUID> held) {

	/**
	 * Whether it may still run statements.
	 * @return whether its lease has not run out
	 */
	public boolean live() {
		return !this.lease.isNegative() && !this.lease.isZero();
	}

	/**
	 * Whether it knows of a change. One that does not is a legacy writer.
	 * @param change the id of the change
	 * @return whether it declares the change
	 */
	public boolean declares(String change) {
		return this.targets.containsKey(change);
	}

}
