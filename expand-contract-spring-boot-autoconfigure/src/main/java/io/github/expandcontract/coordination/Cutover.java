package io.github.expandcontract.coordination;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.FleetMember;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.phase.PhaseStore;

/**
 * A step that changes what statements mean at its very moment:
 * <ol>
 * <li>announce, far enough ahead for every instance to hear of it;</li>
 * <li>wait until every live instance holds new calls and has none open;</li>
 * <li>run the one transaction, which looks at all that once more under lock;</li>
 * <li>end the hold, whether it came through or not.</li>
 * </ol>
 * Bounded: an instance lets its calls go when the hold's time is over, and a transaction
 * that comes later finds that out and changes nothing.
 */
final class Cutover {

	private final PhaseStore store;

	private final FleetMember member;

	private final Duration timeout;

	Cutover(PhaseStore store, FleetMember member, Duration timeout) {
		this.store = store;
		this.member = member;
		this.timeout = timeout;
	}

	/**
	 * Runs a step while all calls are held.
	 * @param change the change as it stands
	 * @param step the transaction, given the change with its hold
	 * @throws CutoverTimeoutException if not every instance could drain in time, or the
	 * change was moved or held by another leader meanwhile; nothing has changed then
	 */
	void run(ChangeState change, Consumer<ChangeState> step) {
		Duration notice = this.member.notice();
		UUID token = this.store.announceHold(change.id(), notice, this.timeout);
		try {
			awaitHeld(change.id(), token, notice.plus(this.timeout));
			step.accept(held(change, token));
		}
		finally {
			this.store.endHold(change.id(), token);
		}
	}

	/**
	 * What was found of the change before the hold must still hold.
	 */
	private ChangeState held(ChangeState known, UUID token) {
		return this.store.change(known.id())
			.filter((present) -> present.version() == known.version())
			.filter((
					present) -> present.hold().filter((hold) -> hold.token().equals(token) && !hold.over()).isPresent())
			.orElseThrow(() -> new CutoverTimeoutException(known.id()));
	}

	private void awaitHeld(String change, UUID token, Duration patience) {
		long deadline = System.nanoTime() + patience.toNanos();
		List<String> late = notHeld(change, token);
		while (!late.isEmpty()) {
			if (System.nanoTime() - deadline >= 0) {
				throw new CutoverTimeoutException(change, late, this.timeout);
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
			late = notHeld(change, token);
		}
	}

	private List<String> notHeld(String change, UUID token) {
		return this.store.instances()
			.stream()
			.filter(InstanceState::live)
			.filter((instance) -> instance.declares(change))
			.filter((instance) -> !token.equals(instance.held().get(change)))
			.map(InstanceState::name)
			.toList();
	}

}
