package io.github.expandcontract.phase;

import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;

/**
 * Admits calls under the present snapshot and counts them, so that a move of phase can
 * tell when those that began under a former one have ended (invariant 2), a held cutover
 * can wait until none is open, and an instance whose lease has run out runs nothing
 * (invariant 3).
 *
 * <ol>
 * <li>A call increments the count of the present generation, and only then looks whether
 * that generation is still present and nothing is held; otherwise it takes itself back
 * and tries again. {@link #publish} and {@link #hold} change the state first and look at
 * the counts after, so neither misses the other.</li>
 * <li>Work within an admitted call shares its ticket and is never held: a drain would
 * otherwise wait for itself.</li>
 * </ol>
 */
public final class Admission {

	private final Duration patience;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Queue<Generation> former = new ConcurrentLinkedQueue<>();

	private volatile Generation present = new Generation(PhaseSnapshot.NONE);

	private volatile boolean held;

	private volatile Lease lease = Lease.UNLIMITED;

	/**
	 * Creates an admission that has read no phase yet.
	 * @param patience how long a call waits for the end of a hold or for a new lease
	 * before it fails
	 */
	public Admission(Duration patience) {
		this.patience = patience;
	}

	/**
	 * The snapshot by which new calls are admitted.
	 * @return the present snapshot
	 */
	public PhaseSnapshot current() {
		return this.present.snapshot();
	}

	/**
	 * Admits a call, after waiting for the end of a hold or for a new lease if need be.
	 * @return a ticket to close when the call has ended
	 * @throws AdmissionTimeoutException if it waited in vain
	 */
	public Ticket admit() {
		Ticket ticket = tryAdmit();
		return (ticket != null) ? ticket : awaitAdmission();
	}

	private Ticket awaitAdmission() {
		long deadline = System.nanoTime() + this.patience.toNanos();
		this.lock.lock();
		try {
			Ticket ticket = tryAdmit();
			while (ticket == null) {
				long remaining = deadline - System.nanoTime();
				if (remaining <= 0) {
					throw this.held ? AdmissionTimeoutException.held(this.patience)
							: AdmissionTimeoutException.leaseExpired(this.patience);
				}
				this.changed.awaitNanos(remaining);
				ticket = tryAdmit();
			}
			return ticket;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw AdmissionTimeoutException.interrupted(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable Ticket tryAdmit() {
		while (true) {
			Generation generation = this.present;
			generation.enter();
			if (this.held || this.lease.expired()) {
				generation.leave();
				return null;
			}
			if (generation == this.present) {
				return new Ticket(this, generation);
			}
			generation.leave();
		}
	}

	/**
	 * Makes a new snapshot the present one.
	 * @param phases the phase of each change
	 * @param versions the version of each change's row
	 * @return the snapshot, the present one if nothing differs
	 */
	public PhaseSnapshot publish(Map<String, Phase> phases, Map<String, Long> versions) {
		this.lock.lock();
		try {
			Generation last = this.present;
			PhaseSnapshot snapshot = last.snapshot();
			if (snapshot.phases().equals(phases) && snapshot.versions().equals(versions)) {
				return snapshot;
			}
			if (this.lease.expired()) {
				// The cluster moved on without this instance: what is still open under
				// the former rules must not run another statement.
				last.revoke();
				this.former.forEach(Generation::revoke);
			}
			PhaseSnapshot next = new PhaseSnapshot(snapshot.generation() + 1, phases, versions);
			this.former.add(last);
			this.present = new Generation(next);
			this.changed.signalAll();
			return next;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Forbids everything that is open to run another statement, because the cluster may
	 * have moved without this instance. New calls are not affected.
	 */
	void revokeOpen() {
		this.lock.lock();
		try {
			Generation last = this.present;
			PhaseSnapshot snapshot = last.snapshot();
			this.former.add(last);
			this.present = new Generation(
					new PhaseSnapshot(snapshot.generation() + 1, snapshot.phases(), snapshot.versions()));
			this.former.forEach(Generation::revoke);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Extends the lease. To be called after {@link #publish}, with what the same
	 * transaction read.
	 * @param requestedAt {@link System#nanoTime()} from before the renewal was sent
	 * @param duration length of the lease as the database counts it
	 */
	public void renewLease(long requestedAt, Duration duration) {
		this.lock.lock();
		try {
			this.lease = Lease.from(requestedAt, duration);
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether the lease has run out.
	 * @return whether no statement may run before the phase has been read again
	 */
	public boolean leaseExpired() {
		return this.lease.expired();
	}

	/**
	 * Holds new calls until {@link #release()}. Admitted ones go on.
	 */
	public void hold() {
		this.held = true;
	}

	/**
	 * Lets held calls go on.
	 */
	public void release() {
		this.lock.lock();
		try {
			this.held = false;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether new calls are held.
	 * @return whether {@link #hold()} was called and {@link #release()} not yet
	 */
	public boolean isHeld() {
		return this.held;
	}

	/**
	 * Whether every call that began under a former snapshot has ended.
	 * @return whether the present snapshot may be acknowledged
	 */
	public boolean drained() {
		Iterator<Generation> generations = this.former.iterator();
		while (generations.hasNext()) {
			if (generations.next().isEmpty()) {
				generations.remove();
			}
		}
		return this.former.isEmpty();
	}

	/**
	 * Whether no call is open at all, which while held stays so.
	 * @return whether a held cutover may take place
	 */
	public boolean idle() {
		return drained() && this.present.isEmpty();
	}

	/**
	 * Number of open tickets, for the endpoint.
	 * @return the calls and transactions that are open under any snapshot
	 */
	public int open() {
		return this.present.open() + this.former.stream().mapToInt(Generation::open).sum();
	}

}
