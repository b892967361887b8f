package io.github.expandcontract.sample.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import io.github.expandcontract.Phase;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all clients busy and counts their requests by the stage in which they began.
 */
final class Traffic implements AutoCloseable {

	private static final int SHOWN_FAILURES = 10;

	private final Releases releases;

	private final Consumer<String> output;

	private final List<Thread> threads = new ArrayList<>();

	private final List<Stage> stages = new ArrayList<>();

	private final AtomicInteger failures = new AtomicInteger();

	private volatile Stage stage;

	private volatile boolean stopped;

	/**
	 * Starts the clients.
	 * @param releases the releases to talk to
	 * @param ledger what the clients write down
	 * @param crowd how many clients there are
	 * @param first the stage to begin with
	 * @param output where failures are shown
	 */
	Traffic(Releases releases, Ledger ledger, Crowd crowd, Stage first, Consumer<String> output) {
		this.releases = releases;
		this.output = output;
		this.stage = first;
		this.stages.add(first);
		for (int i = 0; i < crowd.size(); i++) {
			Client client = new Client(ledger, crowd, i);
			Thread thread = new Thread(() -> run(client), "client-" + i);
			thread.setDaemon(true);
			this.threads.add(thread);
		}
		this.threads.forEach(Thread::start);
	}

	/**
	 * Begins a stage and ends the one before.
	 * @param title what the stage is called
	 * @param phase the phase that it is about
	 * @return the stage
	 */
	Stage begin(String title, Phase phase) {
		Stage next = new Stage(title, phase);
		synchronized (this.stages) {
			this.stage.finish();
			this.stages.add(next);
			this.stage = next;
		}
		return next;
	}

	Stage stage() {
		return this.stage;
	}

	List<Stage> stages() {
		synchronized (this.stages) {
			return List.copyOf(this.stages);
		}
	}

	long requests() {
		return stages().stream().mapToLong(Stage::requests).sum();
	}

	long failed() {
		return stages().stream().mapToLong(Stage::failed).sum();
	}

	/**
	 * Lets every client finish its last request.
	 */
	@Override
	public void close() {
		this.stopped = true;
		boolean interrupted = false;
		for (Thread thread : this.threads) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		this.stage.finish();
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void run(Client client) {
		while (!this.stopped) {
			choose(client);
			LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(4_000_000, 14_000_000));
		}
	}

	/**
	 * Sends one request, unless the client's release is not there.
	 */
	private void choose(Client client) {
		Release current = this.releases.current();
		boolean choosesPrevious = client.choosesPrevious();
		if (current == null) {
			if (client.prefersPrevious()) {
				this.releases.usePrevious((previous) -> request(client, previous));
			}
		}
		else if (client.prefersPrevious()) {
			this.releases.usePrevious((previous) -> request(client, choosesPrevious ? previous : current));
		}
		else if (!choosesPrevious || !this.releases.usePrevious((previous) -> request(client, previous))) {
			request(client, current);
		}
	}

	private void request(Client client, Release release) {
		Stage begun = this.stage;
		long begin = System.nanoTime();
		RuntimeException failure = null;
		try {
			client.request(release);
		}
		catch (RuntimeException ex) {
			failure = ex;
		}
		begun.record(System.nanoTime() - begin);
		if (failure != null) {
			begun.fail();
			show(begun, release, failure);
		}
	}

	private void show(Stage begun, Release release, RuntimeException failure) {
		if (this.failures.incrementAndGet() <= SHOWN_FAILURES) {
			this.output.accept("FAILED in " + begun.title() + ", " + release + ": " + text(failure));
		}
	}

	private static String text(RuntimeException failure) {
		@Nullable Throwable cause = failure.getCause();
		return failure.getClass().getSimpleName() + ": " + failure.getMessage()
				+ ((cause != null) ? " (" + cause + ")" : "");
	}

}
