package io.github.expandcontract.actuate;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.jdbc.UnannotatedStatements;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@code /actuator/expandcontract}: how far each change is, what it waits for, and the
 * few things an operator may do.
 */
@Endpoint(id = "expandcontract")
public class ExpandContractEndpoint {

	private final Operations operations;

	private final UnannotatedStatements unannotated;

	/**
	 * Creates the endpoint.
	 * @param operations what an operator sees and may do
	 * @param unannotated statements seen outside of annotated repositories
	 */
	public ExpandContractEndpoint(Operations operations, UnannotatedStatements unannotated) {
		this.operations = operations;
		this.unannotated = unannotated;
	}

	/**
	 * Everything.
	 * @return all changes, the instances, and the statements seen outside of annotated
	 * repositories
	 */
	@ReadOperation
	public OverviewDescriptor overview() {
		return new OverviewDescriptor(
				this.operations.declared()
					.stream()
					.map((change) -> this.operations.status(change.id()))
					.flatMap(Optional::stream)
					.map(ChangeDescriptor::of)
					.toList(),
				this.operations.instances().stream().map(InstanceDescriptor::of).toList(),
				this.unannotated.entries().stream().map(UnannotatedDescriptor::of).toList());
	}

	/**
	 * One change.
	 * @param id its id
	 * @return the change, {@code null} (404) if this application does not declare it
	 */
	@ReadOperation
	public @Nullable ChangeDescriptor change(@Selector String id) {
		return this.operations.status(id).map(ChangeDescriptor::of).orElse(null);
	}

	/**
	 * What will run from where a change stands, to the end and back again.
	 * @param id its id
	 * @param view {@code plan}
	 * @return the plan, {@code null} (404) if this application does not declare the
	 * change, or for any other view
	 */
	@ReadOperation
	public @Nullable PlanDescriptor plan(@Selector String id, @Selector String view) {
		return view.equals("plan") ? this.operations.plan(id).map(PlanDescriptor::of).orElse(null) : null;
	}

	/**
	 * Does something to a change.
	 * @param id its id
	 * @param action {@code pause} or {@code resume} the backfill, set a {@code target}
	 * above every instance's configuration, {@code clear-target}, or {@code accept}
	 * evidence that stands against the next move
	 * @param phase the phase that {@code target} asks for
	 * @param by who asks, kept with the target and with what is accepted
	 * @param evidence the name of the evidence that {@code accept} lets pass until the
	 * phase changes
	 * @return the change, {@code null} if this application does not declare it
	 */
	@WriteOperation
	public @Nullable ChangeDescriptor act(@Selector String id, String action, @Nullable Phase phase,
			@Nullable String by, @Nullable String evidence) {
		boolean known = switch (action) {
			case "pause" -> this.operations.pause(id);
			case "resume" -> this.operations.resume(id);
			case "target" -> this.operations.override(id, requirePhase(phase), name(by));
			case "clear-target" -> this.operations.override(id, null, name(by));
			case "accept" -> accept(id, evidence, name(by));
			default -> throw new InvalidEndpointRequestException("Unknown action '" + action + "'",
					"The action '" + action + "' is not one of pause, resume, target, clear-target, accept");
		};
		return known ? change(id) : null;
	}

	private static String name(@Nullable String by) {
		return (by != null) ? by : "an operator";
	}

	private boolean accept(String id, @Nullable String evidence, String by) {
		if (evidence == null) {
			throw new InvalidEndpointRequestException("The action 'accept' needs 'evidence'",
					"The action 'accept' needs 'evidence', the name of what is to pass, such as statements");
		}
		try {
			return this.operations.accept(id, evidence, by);
		}
		catch (IllegalArgumentException ex) {
			String reason = String.valueOf(ex.getMessage());
			throw new InvalidEndpointRequestException(reason, reason);
		}
	}

	private static Phase requirePhase(@Nullable Phase phase) {
		if (phase == null) {
			throw new InvalidEndpointRequestException("The action 'target' needs a 'phase'",
					"The action 'target' needs a 'phase', such as switch-reads");
		}
		return phase;
	}

}
