package io.github.expandcontract.lifecycle;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.expandcontract.Phase;
import io.github.expandcontract.coordination.ChangeStatus;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.phase.Admission;

import org.springframework.context.ApplicationContext;

/**
 * What a test asks of a running instance.
 */
final class Fleet {

	static final String CHANGE = "users-handle";

	private Fleet() {
	}

	static ChangeStatus status(ApplicationContext context) {
		return context.getBean(Operations.class).status(CHANGE).orElseThrow();
	}

	static Phase phase(ApplicationContext context) {
		return context.getBean(Admission.class).current().phases().get(CHANGE);
	}

	/**
	 * Asks for a phase and waits until every given instance runs in it.
	 */
	static void walk(Phase target, ApplicationContext... contexts) {
		contexts[0].getBean(Operations.class).override(CHANGE, target, "test");
		for (ApplicationContext context : contexts) {
			await(() -> phase(context) == target, () -> target + " is not reached: " + status(contexts[0]));
		}
	}

	static void await(BooleanSupplier condition, Supplier<String> otherwise) {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - deadline > 0) {
				throw new AssertionError(otherwise.get());
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
		}
	}

}
