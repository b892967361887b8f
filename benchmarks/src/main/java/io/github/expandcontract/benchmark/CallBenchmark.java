package io.github.expandcontract.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;

import io.github.expandcontract.Phase;

/**
 * Compares calls of a repository through the aspect and the rewriting with the same calls
 * written by hand, and calls in an application that has the starter and nothing to change
 * with those in one that has no starter. Not a JMH benchmark, because what is compared
 * has to be measured at the same time.
 */
final class CallBenchmark {

	private static final Map<String, Contest.Call> READS = new LinkedHashMap<>();

	private static final Map<String, Contest.Call> WRITES = new LinkedHashMap<>();

	static {
		READS.put("select by key", (users, id, handle) -> users.find(id));
		READS.put("select by key, no transaction", (users, id, handle) -> users.findWithoutTransaction(id));
		WRITES.put("insert", (users, id, handle) -> users.insert(handle, "name@example.org"));
		WRITES.put("update by key", (users, id, handle) -> users.update(id, handle, "name@example.org"));
	}

	private final BenchmarkDatabase database;

	private final int calls = Settings.number("benchmark.calls", 10_000);

	private final String only = Settings.text("benchmark.only", "");

	private final int warmup = Settings.number("benchmark.warmup", 2_000);

	private CallBenchmark(BenchmarkDatabase database) {
		this.database = database;
	}

	/**
	 * Measures, and prints the rows of a table.
	 */
	static void run() {
		try (BenchmarkDatabase database = BenchmarkDatabase.open()) {
			database.prepare("username", BenchmarkDatabase.ROWS);
			new CallBenchmark(database).measure();
		}
	}

	private void measure() {
		System.out.printf(Locale.ROOT, "PostgreSQL %s, Java %s, %d processors, %,d calls of each%n%n",
				this.database.version(), Runtime.version().feature(), Runtime.getRuntime().availableProcessors(),
				this.calls);
		System.out.println("| phase | call | compared | median µs | instead of | ratio of medians (95 %) "
				+ "| ratio of means (95 %) | processor µs | instead of | goal |");
		System.out.println("|---|---|---|---:|---:|---:|---:|---:|---:|---:|");
		try (HikariDataSource pool = this.database.pool(2);
				Instance starter = Instance.withChange(pool);
				Instance plain = Instance.withoutStarter(pool);
				Instance plainAgain = Instance.withoutStarter(pool);
				Instance idle = Instance.withoutChange(pool)) {
			for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.SWITCH_READS)) {
				starter.walk(phase);
				Map<String, Users> contenders = new LinkedHashMap<>();
				contenders.put("by hand", plain.handWritten(phase));
				contenders.put("rewritten", starter.annotated());
				compare(phase.name(), contenders, WRITES, "≤ 1.03");
				compare(phase.name(), contenders, READS, "≤ 1.03");
			}
			starter.walk(Phase.CONTRACT);
			Map<String, Users> contenders = new LinkedHashMap<>();
			contenders.put("without the starter", plain.annotated());
			contenders.put("without the starter, again", plainAgain.annotated());
			contenders.put("starter, no change declared", idle.annotated());
			contenders.put("starter, every change at CONTRACT", starter.annotated());
			compare("none in flight", contenders, WRITES, "as again");
			compare("none in flight", contenders, READS, "as again");
		}
	}

	private void compare(String phase, Map<String, Users> contenders, Map<String, Contest.Call> kinds, String goal) {
		kinds.forEach((kind, call) -> {
			if (!kind.contains(this.only)) {
				return;
			}
			this.database.settle();
			Map<String, Series> results = new Contest(contenders, this.calls, this.warmup).run(call);
			Series base = results.values().iterator().next();
			results.forEach((name, series) -> {
				if (series != base) {
					print(phase, kind, name, series, base, goal);
				}
			});
		});
	}

	private static void print(String phase, String kind, String name, Series series, Series base, String goal) {
		int[] all = IntStream.range(0, series.blocks()).toArray();
		System.out.printf(Locale.ROOT, "| %s | %s | %s | %,.1f | %,.1f | %s | %s | %.2f | %.2f | %s |%n", phase, kind,
				name, series.median(all) / 1_000, base.median(all) / 1_000, Ratio.ofMedians(series, base),
				Ratio.ofMeans(series, base), series.processorTime() / 1_000, base.processorTime() / 1_000, goal);
	}

}
