package io.github.expandcontract.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.ChangeState;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up as long as this instance may run statements; a change that waits is shown and is no
 * illness. Down while the lease has run out.
 */
public class ExpandContractHealthIndicator extends AbstractHealthIndicator {

	private final Operations operations;

	private final Admission admission;

	/**
	 * Creates the indicator.
	 * @param operations what an operator sees
	 * @param admission what admits this instance's calls
	 */
	public ExpandContractHealthIndicator(Operations operations, Admission admission) {
		super("The phases of expand-contract could not be read");
		this.operations = operations;
		this.admission = admission;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		if (this.admission.leaseExpired()) {
			builder.down().withDetail("lease", "run out; calls of annotated repositories wait");
		}
		else {
			builder.up();
		}
		this.operations.states().forEach((state) -> builder.withDetail(state.id(), details(state)));
	}

	private static Map<String, Object> details(ChangeState state) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("phase", state.phase().propertyName());
		if (!state.waitsFor().isEmpty()) {
			details.put("waitsFor", state.waitsFor().lines().toList());
		}
		return details;
	}

}
