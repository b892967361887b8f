package io.github.expandcontract.coordination;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.Phase;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.phase.Acceptances.Acceptance;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.FleetMember;
import io.github.expandcontract.phase.InstanceState;
import io.github.expandcontract.phase.PhaseStore;

/**
 * Moves each change toward its target, one phase at a time. With every tick, for each
 * change that this instance leads:
 * <ol>
 * <li>do the work of the present phase that the next one waits for;</li>
 * <li>ask what stands against the move; if anything does, say so and stop;</li>
 * <li>take the step.</li>
 * </ol>
 * What each of these is depends on the {@link Course} of the change. Whatever fails has
 * changed nothing and is tried again by a later tick, after a pause that grows with each
 * failure. Where every change is at its target and has nothing to do, a tick is one query
 * that asks whether that is still so.
 */
public final class Coordinator {

	private static final Log logger = LogFactory.getLog(Coordinator.class);

	private static final Duration MAX_PAUSE = Duration.ofSeconds(60);

	// What nobody announces, such as an index that appears on a column, is found so much
	// later.
	private static final Duration REST = Duration.ofSeconds(5);

	private final PhaseStore store;

	private final FleetMember member;

	private final Courses courses;

	private final Map<String, Failures> failures = new HashMap<>();

	private @Nullable String settled;

	private long lookAgain;

	/**
	 * Creates a coordinator.
	 * @param store the rows of the fleet
	 * @param member this instance
	 * @param courses how each change is taken through the phases
	 */
	public Coordinator(PhaseStore store, FleetMember member, Courses courses) {
		this.store = store;
		this.member = member;
		this.courses = courses;
	}

	/**
	 * Takes at most one step with each change.
	 * @param changes the declared changes
	 * @param goOn turns false when the instance is about to end
	 */
	public void tick(List<Change> changes, BooleanSupplier goOn) {
		String present = this.store.fingerprint();
		if (present.equals(this.settled) && System.nanoTime() - this.lookAgain < 0) {
			return;
		}
		boolean rest = true;
		for (Change change : changes) {
			rest &= goOn.getAsBoolean() && !paused(change.id()) && tick(change, goOn);
		}
		this.settled = rest ? present : null;
		this.lookAgain = System.nanoTime() + REST.toNanos();
	}

	private boolean tick(Change change, BooleanSupplier goOn) {
		if (!this.member.leads(change.id())) {
			return true;
		}
		try {
			boolean rests = advance(this.courses.of(change), goOn);
			this.failures.remove(change.id());
			return rests;
		}
		catch (RuntimeException ex) {
			failed(change, ex);
			return false;
		}
	}

	/**
	 * What the move toward the target has to know, for the endpoint.
	 * @param change the change
	 * @return a row for each thing, empty if the target is reached
	 */
	public List<Evidence> evidence(Change change) {
		Course course = this.courses.of(change);
		ChangeState state = this.store.change(change.id()).orElseThrow();
		List<InstanceState> instances = this.store.instances();
		return next(course, state, instances).map((next) -> before(course, next, state, instances)).orElse(List.of());
	}

	/**
	 * What an operator has accepted stands against nothing.
	 */
	private List<Evidence> before(Course course, Phase next, ChangeState state, List<InstanceState> instances) {
		List<Evidence> evidence = course.before(next, state, instances);
		if (evidence.stream().noneMatch(Evidence::acceptable)) {
			return evidence;
		}
		Map<String, Acceptance> accepted = this.store.acceptances().of(state);
		return evidence.stream().map((row) -> {
			Acceptance acceptance = accepted.get(row.name());
			return (row.acceptable() && acceptance != null) ? row.accepted(acceptance) : row;
		}).toList();
	}

	private static Optional<Phase> next(Course course, ChangeState state, List<InstanceState> instances) {
		Optional<Phase> next = state.phase().toward(Targets.of(state, instances));
		return (state.phase() == Phase.CONTRACT) ? next.map((back) -> course.returnsTo()) : next;
	}

	/**
	 * Takes a step, or says why not.
	 * @return whether there is nothing to do until something changes
	 */
	private boolean advance(Course course, BooleanSupplier goOn) {
		String id = course.change().id();
		ChangeState state = this.store.change(id).orElseThrow();
		Optional<Phase> next = next(course, state, this.store.instances());
		course.prepare(state, next, goOn);
		if (next.isEmpty()) {
			this.store.waitFor(id, List.of());
			return course.rests(state);
		}
		List<String> reasons = reasons(course, next.get(), state);
		if (reasons.isEmpty()) {
			course.lookAgain(next.get(), state);
			reasons = reasons(course, next.get(), state);
		}
		if (reasons.isEmpty()) {
			course.step(state, next.get());
			logger.info("Change '" + id + "' has moved from " + state.phase().propertyName() + " to "
					+ next.get().propertyName());
		}
		else {
			this.store.waitFor(id, reasons);
		}
		return false;
	}

	private List<String> reasons(Course course, Phase next, ChangeState state) {
		return before(course, next, state, this.store.instances()).stream()
			.filter((evidence) -> !evidence.passes())
			.map(Evidence::detail)
			.toList();
	}

	private boolean paused(String change) {
		Failures last = this.failures.get(change);
		return last != null && System.nanoTime() - last.until() < 0;
	}

	private void failed(Change change, RuntimeException failure) {
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
