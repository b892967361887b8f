package io.github.expandcontract.phase;

import java.time.Instant;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;

/**
 * The row of a change: where the whole cluster stands.
 *
 * @param id the id of the change
 * @param phase the cluster phase
 * @param version grows by one with every move
 * @param enteredAt when the phase was entered, by the database's clock
 * @param override the phase that an operator asks for above every instance's yml, if any
 * @param overrideBy who asked for it
 * @param overrideAt when
 * @param hold the announced or present hold of calls, if any
 * @param waitsFor what the next move waits for, as sentences joined by line breaks
 */
public record ChangeState(String id, Phase phase, long version, Instant enteredAt, @Nullable Phase override,
		@Nullable String overrideBy, @Nullable Instant overrideAt, Optional<Hold> hold, String waitsFor) {

	/**
	 * The same for a step that needs no hold. What is left of one that nobody gave up,
	 * because its leader was killed, does not stand in its way.
	 * @return the state as if no hold had been announced
	 */
	public ChangeState withoutHold() {
		return new ChangeState(this.id, this.phase, this.version, this.enteredAt, this.override, this.overrideBy,
				this.overrideAt, Optional.empty(), this.waitsFor);
	}

}
