package io.github.expandcontract.coordination;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.FleetMember;
import io.github.expandcontract.phase.Hold;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.phase.PhaseStore;
import io.github.expandcontract.schema.ColumnSteps;

/**
 * Moves each change toward its target, one phase at a time. With every tick, for each
 * change that this instance leads:
 * <ol>
 * <li>do the work of the present phase that the next one waits for;</li>
 * <li>ask the {@link Gate}; if anything stands against the move, say so and stop;</li>
 * <li>before CONTRACT, when nothing else stands against it, make new unique where old is,
 * and look again;</li>
 * <li>take the step, in one transaction with the row of the phase where it touches the
 * table.</li>
 * </ol>
 * Whatever fails has changed nothing and is tried again by a later tick, after a pause
 * that grows with each failure.
 */
public final class Coordinator {

	private static final Log logger = LogFactory.getLog(Coordinator.class);

	private static final Duration MAX_PAUSE = Duration.ofSeconds(60);

	// How long other changes, and a target that has changed, wait for a reverse backfill.
	private static final Duration REVERSE_SLICE = Duration.ofSeconds(2);

	private final PhaseStore store;

	private final FleetMember member;

	private final ColumnSteps steps;

	private final Backfill backfill;

	private final CoordinationSettings settings;

	private final Gate gate;

	private final Cutover cutover;

	private final Map<String, Failures> failures = new HashMap<>();

	/**
	 * Creates a coordinator.
	 * @param store the rows of the fleet
	 * @param member this instance
	 * @param steps steps on the schema
	 * @param backfill the backfill
	 * @param settings how moves are made
	 */
	public Coordinator(PhaseStore store, FleetMember member, ColumnSteps steps, Backfill backfill,
			CoordinationSettings settings) {
		this.store = store;
		this.member = member;
		this.steps = steps;
		this.backfill = backfill;
		this.settings = settings;
		this.gate = new Gate(steps, backfill, settings.sync());
		this.cutover = new Cutover(store, member, settings.cutoverTimeout());
	}

	/**
	 * Takes at most one step with each change.
	 * @param changes the declared changes
	 * @param goOn turns false when the instance is about to end
	 */
	public void tick(List<ColumnChange> changes, BooleanSupplier goOn) {
		for (ColumnChange change : changes) {
			if (goOn.getAsBoolean() && !paused(change.id()) && this.member.leads(change.id())) {
				try {
					advance(change, goOn);
					this.failures.remove(change.id());
				}
				catch (RuntimeException ex) {
					failed(change, ex);
				}
			}
		}
	}

	/**
	 * What the move toward the target has to know, for the endpoint.
	 * @param change the change
	 * @return a row for each thing, empty if the target is reached
	 */
	public List<Evidence> evidence(ColumnChange change) {
		ChangeState state = this.store.change(change.id()).orElseThrow();
		List<InstanceState> instances = this.store.instances();
		return next(change, state, instances).map((next) -> this.gate.before(next, change, state, instances))
			.orElse(List.of());
	}

	private Optional<Phase> next(ColumnChange change, ChangeState state, List<InstanceState> instances) {
		Optional<Phase> next = state.phase().toward(Targets.of(state, instances));
		return (state.phase() == Phase.CONTRACT) ? next.map((back) -> this.steps.returnsTo(change)) : next;
	}

	private void advance(ColumnChange change, BooleanSupplier goOn) {
		ChangeState state = this.store.change(change.id()).orElseThrow();
		Optional<Phase> next = next(change, state, this.store.instances());
		prepare(change, state, next, goOn);
		if (next.isEmpty()) {
			this.steps.takeBackUnique(change);
			this.store.waitFor(change.id(), List.of());
			return;
		}
		List<String> reasons = this.gate.before(next.get(), change, state, this.store.instances())
			.stream()
			.filter((evidence) -> !evidence.passes())
			.map(Evidence::detail)
			.toList();
		if (reasons.isEmpty()) {
			if (next.get() == Phase.CONTRACT && this.steps.makeUnique(change)) {
				// It has taken its time, so all is looked at again
				advance(change, goOn);
				return;
			}
			step(change, state, next.get());
			logger.info("Change '" + change.id() + "' has moved from " + state.phase().propertyName() + " to "
					+ next.get().propertyName());
		}
		else {
			this.steps.takeBackUnique(change);
			this.store.waitFor(change.id(), reasons);
		}
	}

	private void prepare(ColumnChange change, ChangeState state, Optional<Phase> next, BooleanSupplier goOn) {
		switch (state.phase()) {
			case EXPAND, DUAL_WRITE, CONTRACT -> {
			}
			case BACKFILL -> {
				if (next.filter((phase) -> phase.isBefore(Phase.BACKFILL)).isEmpty()) {
					fill(change, state, next, goOn);
				}
			}
			case SWITCH_READS -> {
				if (this.settings.sync().hasTrigger()) {
					refill(change, goOn);
				}
				else if (next.filter(Phase.BACKFILL::equals).isPresent()) {
					reverse(change, state, goOn);
				}
			}
			case STOP_DUAL_WRITE -> {
				if (this.settings.sync().hasTrigger()) {
					refill(change, goOn);
				}
				if (next.filter(Phase.CONTRACT::equals).isPresent() && !this.steps.isRefilling(change)) {
					if (this.settings.sync().hasTrigger()) {
						verifyOnce(change, state, goOn);
					}
					this.steps.prepareContract(change);
				}
			}
		}
	}

	private void fill(ColumnChange change, ChangeState state, Optional<Phase> next, BooleanSupplier goOn) {
		this.backfill.prepare(change);
		if (!this.backfill.complete(change)) {
			return;
		}
		if (!this.steps.missingCopies(change).isEmpty()) {
			this.store.waitFor(change.id(), List.of("The indexes on the old column are being copied to the new one."));
			this.steps.copyIndexes(change);
		}
		else if (this.steps.staleStatistics(change)) {
			this.steps.copyIndexes(change);
		}
		if (this.settings.sync().hasTrigger() || next.isEmpty()) {
			sweepWhereDiffers(change, verifyOnce(change, state, goOn), goOn);
		}
		else if (this.gate.before(next.get(), change, state, this.store.instances())
			.stream()
			.allMatch((evidence) -> evidence.passes() || evidence.name().equals(Gate.VERIFICATION))) {
			// A release that does not know of the change may have written since the last
			// verification, and nothing tells when it left. So the rows are read in the
			// tick that moves, begun while no such release is there.
			sweepWhereDiffers(change, this.backfill.verify(change, goOn), goOn);
		}
	}

	private void sweepWhereDiffers(ColumnChange change, Verification verification, BooleanSupplier goOn) {
		if (verification.mismatches() > 0 && goOn.getAsBoolean()) {
			this.backfill.sweepAgain(change);
			throw new RowsDifferException(change, verification);
		}
	}

	/**
	 * One that found a mismatch counts for nothing: the rows have been swept again since,
	 * or somebody has mended them.
	 */
	private Verification verifyOnce(ColumnChange change, ChangeState state, BooleanSupplier goOn) {
		return this.backfill.lastVerification(change)
			.filter((verification) -> !verification.at().isBefore(state.enteredAt()))
			.filter((verification) -> verification.mismatches() == 0 || recent(state, verification))
			.orElseGet(() -> this.backfill.verify(change, goOn));
	}

	/**
	 * Where nothing is swept meanwhile, the table is not read without a pause.
	 */
	private static boolean recent(ChangeState state, Verification verification) {
		return state.phase() == Phase.STOP_DUAL_WRITE && verification.at().isAfter(Instant.now().minus(MAX_PAUSE));
	}

	/**
	 * Begins only when nobody writes the new column alone any more: what such an instance
	 * wrote into a row that is done already would be lost to those who read old again.
	 */
	private void reverse(ColumnChange change, ChangeState state, BooleanSupplier goOn) {
		if (Gate.acknowledged(state, this.store.instances()).passes()) {
			reverse(change, goOn);
		}
	}

	/**
	 * Old was added again after CONTRACT. The trigger keeps in it what is written, the
	 * rest comes from new, and until then nothing goes where old is read.
	 */
	private void refill(ColumnChange change, BooleanSupplier goOn) {
		if (this.steps.isRefilling(change)) {
			reverse(change, goOn);
		}
	}

	private void reverse(ColumnChange change, BooleanSupplier goOn) {
		long end = System.nanoTime() + REVERSE_SLICE.toNanos();
		this.backfill.reverse(change, () -> goOn.getAsBoolean() && System.nanoTime() - end < 0);
		if (this.backfill.reverseComplete(change)) {
			this.steps.restoreOld(change);
		}
	}

	private void step(ColumnChange change, ChangeState state, Phase next) {
		if (next != Phase.CONTRACT) {
			this.steps.takeBackUnique(change);
		}
		if (next == Phase.CONTRACT) {
			if (this.steps.heldCutover(change)) {
				this.cutover.run(state, (held) -> contract(change, held));
			}
			else {
				contract(change, state.withoutHold());
			}
		}
		else if (state.phase() == Phase.CONTRACT) {
			this.cutover.run(state, (held) -> reopen(change, held, next));
		}
		else {
			if (!this.settings.sync().hasTrigger()
					&& (next == Phase.STOP_DUAL_WRITE || state.phase() == Phase.STOP_DUAL_WRITE)) {
				this.backfill.forgetReverse(change);
			}
			if (next == Phase.STOP_DUAL_WRITE) {
				this.steps.relaxOld(change);
			}
			this.store.move(state.withoutHold(), next, this.member.id());
		}
	}

	private void contract(ColumnChange change, ChangeState state) {
		this.steps.contract(change, lockTimeout(state),
				(within) -> this.store.move(within, state, Phase.CONTRACT, this.member.id()));
	}

	private void reopen(ColumnChange change, ChangeState state, Phase next) {
		this.steps.reopen(change, lockTimeout(state), (within) -> {
			this.store.move(within, state, next, this.member.id());
			this.backfill.reset(change, within);
		});
	}

	/**
	 * No longer than the calls are to be held.
	 */
	private Duration lockTimeout(ChangeState state) {
		Duration configured = this.settings.lockTimeout();
		return state.hold().map(Hold::endsIn).filter((left) -> left.compareTo(configured) < 0).orElse(configured);
	}

	private boolean paused(String change) {
		Failures last = this.failures.get(change);
		return last != null && System.nanoTime() - last.until() < 0;
	}

	private void failed(ColumnChange change, RuntimeException failure) {
		Failures last = this.failures.get(change.id());
		int count = (last != null) ? last.count() + 1 : 1;
		long longest = Math.min(MAX_PAUSE.toMillis(), 1000L << Math.min(count, 6));
		long pause = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
		this.failures.put(change.id(), new Failures(count, System.nanoTime() + pause * 1_000_000));
		logger.warn("The step of change '" + change.id() + "' did not come through and is tried again in " + pause
				+ " ms: " + failure.getMessage(), (failure instanceof ExpandContractException) ? null : failure);
		try {
			this.store.waitFor(change.id(), List.of(String.valueOf(failure.getMessage())));
		}
		catch (RuntimeException ex) {
			logger.debug("The reason could not be recorded", ex);
		}
	}

	/**
	 * How often in a row the step of a change has failed.
	 *
	 * @param count how often
	 * @param until until when by {@link System#nanoTime()} it is left alone
	 */
	private record Failures(int count, long until) {

	}

}
