package io.github.expandcontract.jdbc;

import java.util.Collection;
import java.util.Locale;
import java.util.Objects;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link RewriteBenchmark} and prints the rows of a table.
 */
public final class RewriteReport {

	private RewriteReport() {
	}

	/**
	 * Runs the benchmark.
	 * @throws RunnerException if it cannot be run
	 */
	public static void run() throws RunnerException {
		Collection<RunResult> results = new Runner(new OptionsBuilder().include(RewriteBenchmark.class.getName())
			.addProfiler(GCProfiler.class)
			.shouldFailOnError(true)
			.build()).run();
		System.out.println();
		System.out.println("| text | statement | median ns | 99 % ns | allocated bytes | goal |");
		System.out.println("|---|---|---:|---:|---:|---:|");
		results.forEach(RewriteReport::print);
	}

	private static void print(RunResult run) {
		Result<?> time = run.getPrimaryResult();
		String label = time.getLabel();
		boolean cached = label.startsWith("cached");
		String kind = switch (label) {
			case "cached" -> "cached";
			case "cachedFreshText" -> "cached, string made anew";
			default -> "not cached";
		};
		double allocated = Objects.requireNonNull(run.getSecondaryResults().get("gc.alloc.rate.norm")).getScore();
		System.out.printf(Locale.ROOT, "| %s | %s | %,.0f | %,.0f | %,.0f | %s |%n", kind,
				run.getParams().getParam("text").toLowerCase(Locale.ROOT).replace('_', ' '),
				time.getStatistics().getPercentile(50), time.getStatistics().getPercentile(99), allocated,
				cached ? "< 500" : "< 500,000");
	}

}
