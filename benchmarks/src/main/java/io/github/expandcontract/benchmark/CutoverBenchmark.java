package io.github.expandcontract.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import com.zaxxer.hikari.HikariDataSource;

import io.github.expandcontract.Phase;

/**
 * A column of a large table is taken into CONTRACT, back and again, by a cutover that
 * holds all calls, while two applications that share it are under traffic: each of these
 * moves with the longest call of the time around it, the calls that failed, and what the
 * table takes on the disk. Besides, where the cutover is one statement, what that takes
 * while nobody else uses the table.
 */
final class CutoverBenchmark {

	private static final int ROWS = Settings.number("benchmark.rows", 5_000_000);

	private static final int ALONE = 11;

	private static final int WORKERS = 2;

	private static final int SECONDS = 5;

	private CutoverBenchmark() {
	}

	/**
	 * A rename in place.
	 */
	static void renameInPlace() {
		try (BenchmarkDatabase database = BenchmarkDatabase.open()) {
			database.prepare("username", ROWS);
			System.out.printf("The statement alone: %.1f ms, median of %d%n%n", alone(database), ALONE);
			run(database, Instance::inPlace, Phase.STOP_DUAL_WRITE);
		}
	}

	/**
	 * A change of type whose column keeps its name. Between the moves all rows are
	 * filled.
	 */
	static void keptName() {
		try (BenchmarkDatabase database = BenchmarkDatabase.open()) {
			database.prepare("handle", ROWS);
			run(database, Instance::keptName, Phase.BACKFILL);
		}
	}

	private static void run(BenchmarkDatabase database, Function<HikariDataSource, Instance> instance, Phase back) {
		System.out.printf("PostgreSQL %s, %,d rows, %,d bytes%n%n", database.version(), ROWS, database.size());
		System.out
			.println("| move | longest call ms | of usual calls 99.9 % ms | calls | failed | bytes | same file |");
		System.out.println("|---|---:|---:|---:|---:|---:|---|");
		// The workers of the backfill and the coordinator want connections too
		try (HikariDataSource pool = database.pool(2 * WORKERS + 8);
				Instance first = instance.apply(pool);
				Instance second = instance.apply(pool)) {
			long file = database.file();
			Traffic traffic = new Traffic(List.of(first, second));
			for (Phase phase : List.of(Phase.CONTRACT, back, Phase.CONTRACT)) {
				if (phase == Phase.CONTRACT) {
					first.walk(Phase.STOP_DUAL_WRITE);
					traffic.rest();
				}
				double usual = traffic.rest();
				first.walk(phase);
				Measured measured = traffic.measured();
				System.out.printf("| into %s | %.1f | %.1f | %,d | %d | %,d | %s |%n", phase, measured.longest(), usual,
						measured.calls(), measured.failed(), database.size(), (database.file() == file) ? "yes" : "no");
			}
			traffic.stop();
		}
	}

	private static double alone(BenchmarkDatabase database) {
		double[] millis = new double[ALONE];
		for (int i = 0; i < ALONE; i++) {
			long start = System.nanoTime();
			database.rename("username", "handle");
			millis[i] = (System.nanoTime() - start) / 1e6;
			database.rename("handle", "username");
		}
		Arrays.sort(millis);
		return millis[ALONE / 2];
	}

	/**
	 * What calls were like for a while.
	 *
	 * @param longest the longest, in milliseconds
	 * @param calls how many there were
	 * @param failed how many of them failed
	 */
	private record Measured(double longest, long calls, int failed) {
	}

	/**
	 * Threads that call, half of them writing.
	 */
	private static final class Traffic {

		private final AtomicBoolean stop = new AtomicBoolean();

		private final AtomicLong longest = new AtomicLong();

		private final AtomicLong calls = new AtomicLong();

		private final AtomicInteger failed = new AtomicInteger();

		private final List<Thread> threads = new ArrayList<>();

		private volatile long[] nanos = new long[0];

		Traffic(List<Instance> instances) {
			for (Instance instance : instances) {
				for (int i = 0; i < WORKERS; i++) {
					Thread thread = new Thread(() -> run(instance.annotated()), "traffic");
					this.threads.add(thread);
					thread.start();
				}
			}
		}

		private void run(Users users) {
			Random random = new Random();
			while (!this.stop.get()) {
				boolean write = random.nextBoolean();
				// Writes keep to some rows, whose former versions are reused: only so the
				// table grows by nothing but what is measured
				long id = 1L + random.nextInt(write ? Math.min(ROWS, BenchmarkDatabase.ROWS) : ROWS);
				long start = System.nanoTime();
				try {
					if (write) {
						users.update(id, "changed-" + id, "changed@example.org");
					}
					else if (users.find(id).handle().isEmpty()) {
						throw new IllegalStateException("Row " + id + " is empty");
					}
				}
				catch (RuntimeException ex) {
					if (this.failed.incrementAndGet() == 1) {
						ex.printStackTrace();
					}
				}
				long time = System.nanoTime() - start;
				this.longest.accumulateAndGet(time, Math::max);
				long number = this.calls.getAndIncrement();
				long[] kept = this.nanos;
				if (number < kept.length) {
					kept[(int) number] = time;
				}
			}
		}

		/**
		 * Lets calls go on for some seconds in which nothing moves.
		 * @return what all but one in a thousand of them stayed below, in milliseconds
		 */
		double rest() {
			begin();
			pause();
			long[] seen = Arrays.copyOf(this.nanos, (int) Math.min(this.calls.get(), this.nanos.length));
			Arrays.sort(seen);
			double usual = (seen.length > 0) ? seen[(int) (seen.length * 0.999)] / 1e6 : 0;
			begin();
			return usual;
		}

		private void begin() {
			this.nanos = new long[1_000_000];
			this.calls.set(0);
			this.longest.set(0);
		}

		/**
		 * What calls were like since the last rest, and some seconds after whatever came.
		 */
		Measured measured() {
			pause();
			return new Measured(this.longest.get() / 1e6, this.calls.get(), this.failed.get());
		}

		private static void pause() {
			try {
				TimeUnit.SECONDS.sleep(SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		void stop() {
			this.stop.set(true);
			for (Thread thread : this.threads) {
				try {
					thread.join();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
		}

	}

}
