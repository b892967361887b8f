package io.github.expandcontract.actuate;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.coordination.ChangeStatus;
import io.github.expandcontract.coordination.Evidence;
import io.github.expandcontract.phase.ChangeState;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint shows of a change, in JSON that does not depend on how the
 * application sets up its own.
 *
 * @param id its id
 * @param description what it does
 * @param phase the cluster phase
 * @param version the version of the phase, which instances acknowledge
 * @param enteredAt when the phase was entered
 * @param target the phase the cluster aims at
 * @param override the phase an operator asked for, if any
 * @param waitsFor what the next move waits for, empty if for nothing
 * @param heldCutover whether calls are held for a moment when it enters contract
 * @param backfill how far the backfill is
 * @param verification the last verification, if there was one
 * @param evidence what the next move has to know
 */
public record ChangeDescriptor(String id, String description, String phase, long version, Instant enteredAt,
		String target, @Nullable OverrideDescriptor override, List<String> waitsFor, boolean heldCutover,
		BackfillDescriptor backfill, @Nullable Verification verification,
		List<EvidenceDescriptor> evidence) implements OperationResponseBody {

	static ChangeDescriptor of(ChangeStatus status) {
		ChangeState state = status.state();
		return new ChangeDescriptor(state.id(), status.description(), state.phase().propertyName(), state.version(),
				state.enteredAt(), status.target().propertyName(), OverrideDescriptor.of(state),
				state.waitsFor().lines().toList(), status.heldCutover(), BackfillDescriptor.of(status.backfill()),
				status.verification(), status.evidence().stream().map(EvidenceDescriptor::of).toList());
	}

	/**
	 * An operator's word above the configuration.
	 *
	 * @param phase the phase asked for
	 * @param by who asked
	 * @param at when
	 */
	public record OverrideDescriptor(String phase, @Nullable String by, @Nullable Instant at) {

		static @Nullable OverrideDescriptor of(ChangeState state) {
			Phase phase = state.override();
			return (phase != null)
					? new OverrideDescriptor(phase.propertyName(), state.overrideBy(), state.overrideAt()) : null;
		}

	}

	/**
	 * One thing that the next move has to know.
	 *
	 * @param name what it is about
	 * @param verdict {@code ok}, {@code waits} or {@code blocks}
	 * @param detail what was seen, and what to do
	 */
	public record EvidenceDescriptor(String name, String verdict, String detail) {

		static EvidenceDescriptor of(Evidence evidence) {
			return new EvidenceDescriptor(evidence.name(), evidence.verdict().name().toLowerCase(Locale.ROOT),
					evidence.detail());
		}

	}

}
