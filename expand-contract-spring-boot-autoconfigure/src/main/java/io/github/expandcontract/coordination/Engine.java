package io.github.expandcontract.coordination;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Filling;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.phase.Admission;

/**
 * The threads of an instance that work in the background: one that moves the changes it
 * leads, one for housekeeping, and workers that go over the rows for any change that asks
 * for it, whoever leads it.
 */
public final class Engine {

	private static final Log logger = LogFactory.getLog(Engine.class);

	private static final int STOP_SECONDS = 8;

	private final Coordinator coordinator;

	private final Courses courses;

	private final Admission admission;

	private final Duration interval;

	private final int workers;

	private final Runnable housekeeping;

	private final AtomicBoolean running = new AtomicBoolean();

	private final List<Thread> threads = new ArrayList<>();

	/**
	 * Creates an engine that stands still.
	 * @param coordinator moves the changes
	 * @param courses how each change is taken through the phases
	 * @param admission tells the present phases
	 * @param interval time between two ticks
	 * @param workers number of backfill workers, 0 to leave the backfill to other
	 * instances
	 * @param housekeeping what else is to be done now and then
	 */
	public Engine(Coordinator coordinator, Courses courses, Admission admission, Duration interval, int workers,
			Runnable housekeeping) {
		this.coordinator = coordinator;
		this.courses = courses;
		this.admission = admission;
		this.interval = interval;
		this.workers = workers;
		this.housekeeping = housekeeping;
	}

	/**
	 * Starts the threads.
	 * @param changes the declared changes
	 */
	public synchronized void start(List<Change> changes) {
		if (changes.isEmpty() || !this.running.compareAndSet(false, true)) {
			return;
		}
		begin("expand-contract-coordinator", () -> {
			this.coordinator.tick(changes, this.running::get);
			return false;
		});
		begin("expand-contract-housekeeping", () -> {
			this.housekeeping.run();
			return false;
		});
		for (int i = 1; i <= this.workers; i++) {
			begin("expand-contract-backfill-" + i, () -> fill(changes));
		}
	}

	/**
	 * Stops the threads and waits until each has ended its present batch or step, all of
	 * them together for {@value #STOP_SECONDS} seconds at most: what is left, such as the
	 * build of an index, goes on from the catalog another time, and the requests that are
	 * still open need the time that the platform gives to an application to end.
	 */
	public synchronized void stop() {
		this.running.set(false);
		this.threads.forEach(LockSupport::unpark);
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
		for (Thread thread : this.threads) {
			try {
				thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
		this.threads.clear();
	}

	/**
	 * Whether the threads run.
	 * @return whether the engine was started and not stopped since
	 */
	public boolean isRunning() {
		return this.running.get();
	}

	private void begin(String name, BooleanSupplier work) {
		Thread thread = new Thread(() -> run(work), name);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
	}

	private void run(BooleanSupplier work) {
		while (this.running.get()) {
			boolean more = false;
			try {
				more = work.getAsBoolean();
			}
			// Whatever it was: nobody would start the thread again.
			catch (RuntimeException | Error ex) {
				logger.warn("Background work of expand-contract failed and is tried again", ex);
			}
			if (!more) {
				LockSupport.parkNanos(this.interval.toNanos());
			}
		}
	}

	private boolean fill(List<Change> changes) {
		List<Filling> fillings = new ArrayList<>();
		for (Change change : changes) {
			Phase present = this.admission.current().phases().get(change.id());
			if (present != null) {
				this.courses.of(change)
					.fills(present)
					.ifPresent((filled) -> fillings.add(new Filling(filled, () -> isStill(present, change))));
			}
		}
		return this.courses.backfill().work(fillings);
	}

	private boolean isStill(Phase present, Change change) {
		return this.running.get() && !this.admission.leaseExpired()
				&& this.admission.current().phases().get(change.id()) == present;
	}

}
