package io.github.expandcontract.phase;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;

/**
 * This instance's part in the fleet: it keeps the lease, publishes the phases it reads to
 * the {@link Admission}, acknowledges them when nothing is open under former ones, and
 * holds calls when a cutover asks for it. One thread of its own does all of it, in this
 * order:
 * <ol>
 * <li>renew the lease and read the changes, in one transaction;</li>
 * <li>if a hold has begun, hold new calls, and say so once none is open;</li>
 * <li>otherwise let held calls go on, by what was just read;</li>
 * <li>acknowledge, if everything open began under what was just read.</li>
 * </ol>
 */
public final class FleetMember {

	private static final Log logger = LogFactory.getLog(FleetMember.class);

	private static final Duration HELD_PAUSE = Duration.ofMillis(10);

	private final UUID id = UUID.randomUUID();

	private final PhaseStore store;

	private final Admission admission;

	private final String name;

	private final Duration lease;

	private final Duration interval;

	private final Runnable beforeMove;

	private final AtomicBoolean running = new AtomicBoolean();

	private final Map<String, Long> acknowledged = new HashMap<>();

	private Map<String, Phase> targets = Map.of();

	private final Set<UUID> confirmedHolds = new HashSet<>();

	private volatile @Nullable Thread thread;

	/**
	 * Creates a member that is not registered yet.
	 * @param store the rows of the fleet
	 * @param admission what admits this instance's calls
	 * @param name name of the instance, for people
	 * @param lease length of the lease
	 * @param interval time between two heartbeats
	 * @param beforeMove what is to be done before calls are admitted by phases that have
	 * moved, such as reading the catalog again
	 */
	public FleetMember(PhaseStore store, Admission admission, String name, Duration lease, Duration interval,
			Runnable beforeMove) {
		this.store = store;
		this.admission = admission;
		this.name = name;
		this.lease = lease;
		this.interval = interval;
		this.beforeMove = beforeMove;
	}

	/**
	 * The id by which the database knows this instance.
	 * @return the id, drawn at the start
	 */
	public UUID id() {
		return this.id;
	}

	/**
	 * Name of this instance.
	 * @return the name, for people
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Takes or keeps the lead of a change.
	 * @param change the id of the change
	 * @return whether this instance leads it
	 */
	public boolean leads(String change) {
		return this.store.lead(change, this.id, this.lease);
	}

	/**
	 * Time within which every live instance has heard of an announcement.
	 * @return three intervals between heartbeats
	 */
	public Duration notice() {
		return this.interval.multipliedBy(3);
	}

	/**
	 * Registers this instance and begins its heartbeat.
	 * @param targets the phase that the yml asks for, by change
	 */
	public void join(Map<String, Phase> targets) {
		this.targets = Map.copyOf(targets);
		register();
		this.running.set(true);
		Thread heartbeat = new Thread(this::run, "expand-contract-heartbeat");
		heartbeat.setDaemon(true);
		this.thread = heartbeat;
		heartbeat.start();
	}

	private void register() {
		long requestedAt = System.nanoTime();
		Map<String, ChangeState> changes = this.store.register(this.id, this.name, this.targets, this.lease);
		this.acknowledged.clear();
		publish(changes, requestedAt);
	}

	/**
	 * Ends the heartbeat. The registration is withdrawn only if no call is open, and then
	 * none is admitted any more; otherwise the lease runs out by itself.
	 */
	public void leave() {
		if (!this.running.compareAndSet(true, false)) {
			return;
		}
		Thread heartbeat = this.thread;
		if (heartbeat != null) {
			LockSupport.unpark(heartbeat);
			try {
				heartbeat.join(this.lease.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
		this.admission.hold();
		if (this.admission.idle()) {
			this.store.deregister(this.id);
		}
	}

	private void run() {
		while (this.running.get()) {
			Duration pause = this.interval;
			try {
				pause = beat();
			}
			// Whatever it was: without a heartbeat this instance would never admit a call
			// again.
			catch (RuntimeException | Error ex) {
				logger.warn("The heartbeat of this instance failed; its lease "
						+ (this.admission.leaseExpired() ? "has run out and its calls wait." : "is still good."), ex);
			}
			LockSupport.parkNanos(pause.toNanos());
		}
	}

	private Duration beat() {
		long requestedAt = System.nanoTime();
		Optional<Map<String, ChangeState>> changes = this.store.renew(this.id, this.lease);
		if (changes.isEmpty()) {
			return rejoin();
		}
		publish(changes.get(), requestedAt);
		// Several changes may be held at once, each by another leader. As long as one of
		// them is, nothing is let go.
		Map<String, Hold> holds = new HashMap<>();
		this.targets.keySet()
			.forEach((id) -> state(changes.get(), id).hold()
				.filter((hold) -> !hold.over())
				.ifPresent((hold) -> holds.put(id, hold)));
		Map<String, Hold> begun = new HashMap<>(holds);
		begun.values().removeIf((hold) -> !hold.startsIn().isNegative());
		if (!begun.isEmpty()) {
			acknowledge();
			return hold(begun);
		}
		this.confirmedHolds.clear();
		if (this.admission.isHeld()) {
			this.admission.release();
		}
		acknowledge();
		return holds.values()
			.stream()
			.map(Hold::startsIn)
			.min(Comparator.naturalOrder())
			.filter((start) -> start.compareTo(this.interval) < 0)
			.orElse(this.interval);
	}

	/**
	 * The database has forgotten this instance, so the cluster has moved without it. It
	 * may register, and by that acknowledge, only when nothing is open any more.
	 */
	private Duration rejoin() {
		this.admission.hold();
		this.admission.revokeOpen();
		if (this.admission.idle()) {
			register();
			this.admission.release();
		}
		return HELD_PAUSE;
	}

	private Duration hold(Map<String, Hold> begun) {
		this.admission.hold();
		boolean news = begun.values().stream().anyMatch((hold) -> !this.confirmedHolds.contains(hold.token()));
		Duration longest = begun.values().stream().map(Hold::endsIn).max(Comparator.naturalOrder()).orElseThrow();
		if (news && awaitIdle(longest)) {
			begun.forEach((change, hold) -> {
				if (!this.confirmedHolds.contains(hold.token())) {
					this.store.confirmHeld(this.id, change, hold.token());
					this.confirmedHolds.add(hold.token());
				}
			});
		}
		return HELD_PAUSE;
	}

	private boolean awaitIdle(Duration patience) {
		long deadline = System.nanoTime() + Math.min(patience.toNanos(), this.interval.toNanos());
		while (!this.admission.idle()) {
			if (System.nanoTime() - deadline >= 0) {
				return false;
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
		}
		return true;
	}

	private void publish(Map<String, ChangeState> changes, long requestedAt) {
		Map<String, Phase> phases = new HashMap<>();
		Map<String, Long> versions = new HashMap<>();
		this.targets.keySet().forEach((id) -> {
			ChangeState change = state(changes, id);
			phases.put(id, change.phase());
			versions.put(id, change.version());
		});
		if (!versions.equals(this.admission.current().versions())) {
			this.beforeMove.run();
		}
		this.admission.publish(phases, versions);
		this.admission.renewLease(requestedAt, this.lease);
	}

	private static ChangeState state(Map<String, ChangeState> changes, String id) {
		ChangeState change = changes.get(id);
		if (change == null) {
			throw new IllegalStateException("Change '" + id + "' has no row in expand_contract.change");
		}
		return change;
	}

	private void acknowledge() {
		if (!this.admission.drained()) {
			return;
		}
		this.admission.current().versions().forEach((change, version) -> {
			if (!version.equals(this.acknowledged.get(change))) {
				this.store.acknowledge(this.id, change, version);
				this.acknowledged.put(change, version);
			}
		});
	}

}
