package io.github.expandcontract.coordination;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Work of a change that may take hours, such as the build of an index. It has a thread of
 * its own, so that the changes that the same instance leads go on meanwhile, and runs
 * once at a time. What is short is waited for, so that it is done within the tick.
 */
final class LongWork {

	private static final Log logger = LogFactory.getLog(LongWork.class);

	private static final Duration SHORT = Duration.ofMillis(200);

	private final String change;

	private @Nullable Thread thread;

	private volatile @Nullable RuntimeException failure;

	LongWork(String change) {
		this.change = change;
	}

	/**
	 * Begins the work, unless it is under way.
	 * @throws RuntimeException what ended the work when it ran last
	 */
	synchronized void begin(Runnable work) {
		if (isUnderWay()) {
			return;
		}
		Thread created = new Thread(() -> run(work), "expand-contract-work-" + this.change);
		created.setDaemon(true);
		created.start();
		this.thread = created;
		try {
			created.join(SHORT.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		report();
	}

	/**
	 * Whether the work runs.
	 * @throws RuntimeException what ended it, once
	 */
	synchronized boolean isUnderWay() {
		report();
		return this.thread != null && this.thread.isAlive();
	}

	private void report() {
		RuntimeException ended = this.failure;
		if (ended != null) {
			this.failure = null;
			throw ended;
		}
	}

	private void run(Runnable work) {
		try {
			work.run();
		}
		catch (RuntimeException ex) {
			logger.debug("The work of change '" + this.change + "' has ended early", ex);
			this.failure = ex;
		}
	}

}
