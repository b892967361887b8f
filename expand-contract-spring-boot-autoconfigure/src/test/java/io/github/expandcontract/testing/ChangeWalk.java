package io.github.expandcontract.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.expandcontract.Phase;
import io.github.expandcontract.coordination.ChangeStatus;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.phase.Admission;

import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Takes one change of running instances through its phases, as an operator does.
 *
 * @param change the id of the change
 */
public record ChangeWalk(String change) {

	/**
	 * What the endpoint would show.
	 * @param context an instance
	 * @return the status
	 */
	public ChangeStatus status(ApplicationContext context) {
		return context.getBean(Operations.class).status(this.change).orElseThrow();
	}

	/**
	 * The phase that an instance runs in.
	 * @param context the instance
	 * @return the phase
	 */
	public Phase phase(ApplicationContext context) {
		return context.getBean(Admission.class).current().phases().get(this.change);
	}

	/**
	 * Asks for a phase and waits until every given instance runs in it.
	 * @param target the phase
	 * @param contexts the instances
	 */
	public void to(Phase target, ApplicationContext... contexts) {
		contexts[0].getBean(Operations.class).override(this.change, target, "test");
		for (ApplicationContext context : contexts) {
			await(() -> phase(context) == target, () -> target + " is not reached: " + status(contexts[0]));
		}
	}

	/**
	 * Whether the cluster is in a phase, as far as the database knows.
	 * @param phase the phase
	 * @param jdbc the database, which nobody may have started on yet
	 * @return whether it is
	 */
	public boolean cameTo(Phase phase, JdbcOperations jdbc) {
		return jdbc.queryForList("SELECT to_regclass('expand_contract.change')::text", String.class).get(0) != null
				&& jdbc.queryForList("SELECT phase FROM expand_contract.change WHERE id = ?", String.class, this.change)
					.contains(phase.name());
	}

	/**
	 * What a user waits between two requests, so that the traffic of a test leaves the
	 * instances and the server their share of the processors.
	 */
	public static void pause() {
		LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
	}

	/**
	 * Waits until something is so, for two minutes at most.
	 * @param condition what is to be so
	 * @param otherwise the message where it is not
	 */
	public static void await(BooleanSupplier condition, Supplier<String> otherwise) {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - deadline > 0) {
				throw new AssertionError(otherwise.get());
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
		}
	}

}
