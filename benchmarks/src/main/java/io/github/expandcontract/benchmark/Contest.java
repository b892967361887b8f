package io.github.expandcontract.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Measures the same call on several repositories in turn: in each round every one of them
 * gets a block of calls, in random order.
 */
final class Contest {

	private static final int BLOCK = 20;

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private final Map<String, Users> contenders;

	private final int calls;

	private final int warmup;

	private final Random random = new Random(1);

	/**
	 * Creates a contest.
	 * @param contenders the repositories by their names; the first one is what the others
	 * are compared with
	 * @param calls number of calls of each
	 * @param warmup number of calls of each before, which do not count
	 */
	Contest(Map<String, Users> contenders, int calls, int warmup) {
		this.contenders = new LinkedHashMap<>(contenders);
		this.calls = calls;
		this.warmup = warmup;
	}

	Map<String, Series> run(Call call) {
		run(call, this.warmup);
		return run(call, this.calls);
	}

	private Map<String, Series> run(Call call, int count) {
		int rounds = (count + BLOCK - 1) / BLOCK;
		Map<String, Series> results = new LinkedHashMap<>();
		this.contenders.keySet().forEach((name) -> results.put(name, new Series(rounds, BLOCK)));
		List<Map.Entry<String, Users>> order = new ArrayList<>(this.contenders.entrySet());
		for (int round = 0; round < rounds; round++) {
			Collections.shuffle(order, this.random);
			for (Map.Entry<String, Users> contender : order) {
				Series series = Objects.requireNonNull(results.get(contender.getKey()));
				block(call, contender.getValue(), round, series);
			}
		}
		return results;
	}

	private void block(Call call, Users users, int round, Series series) {
		long[] nanos = series.block(round);
		long[] ids = this.random.longs(nanos.length, 1, BenchmarkDatabase.ROWS + 1).toArray();
		String[] handles = IntStream.range(0, nanos.length)
			.mapToObj((i) -> "name-" + this.random.nextInt(1_000_000))
			.toArray(String[]::new);
		long busy = THREADS.getCurrentThreadCpuTime();
		for (int i = 0; i < nanos.length; i++) {
			long start = System.nanoTime();
			Object result = call.on(users, ids[i], handles[i]);
			nanos[i] = System.nanoTime() - start;
			if (result instanceof Integer rows && rows != 1) {
				throw new IllegalStateException(rows + " rows were written instead of one");
			}
		}
		series.addProcessorTime(THREADS.getCurrentThreadCpuTime() - busy);
	}

	/**
	 * One call of a repository.
	 */
	@FunctionalInterface
	interface Call {

		/**
		 * Makes the call.
		 * @param users the repository
		 * @param id key of a row that exists
		 * @param handle a new value
		 * @return what the call returned
		 */
		Object on(Users users, long id, String handle);

	}

}
