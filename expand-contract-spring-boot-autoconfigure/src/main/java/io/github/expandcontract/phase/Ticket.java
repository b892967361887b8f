package io.github.expandcontract.phase;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Leave to run statements by the rules of one snapshot, until closed.
 */
public final class Ticket implements AutoCloseable {

	private final Admission admission;

	private final Generation generation;

	private final AtomicBoolean closed = new AtomicBoolean();

	Ticket(Admission admission, Generation generation) {
		this.admission = admission;
		this.generation = generation;
	}

	/**
	 * The snapshot whose rules apply.
	 * @return the snapshot under which the call was admitted
	 */
	public PhaseSnapshot snapshot() {
		return this.generation.snapshot();
	}

	/**
	 * Another ticket under the same snapshot, for work that may outlive this one. It is
	 * never held.
	 * @return a ticket to close on its own
	 * @throws IllegalStateException if this ticket is closed
	 */
	public Ticket share() {
		if (this.closed.get()) {
			throw new IllegalStateException("A closed ticket cannot be shared");
		}
		this.generation.enter();
		return new Ticket(this.admission, this.generation);
	}

	/**
	 * To be called immediately before a statement is sent.
	 * @throws LeaseExpiredException if the lease has run out, or ran out and the phase
	 * has moved since
	 */
	public void requireValid() {
		if (this.generation.isRevoked() || this.admission.leaseExpired()) {
			throw new LeaseExpiredException();
		}
	}

	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			this.generation.leave();
		}
	}

}
