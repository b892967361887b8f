package io.github.expandcontract.benchmark;

import io.github.expandcontract.jdbc.MemoryReport;
import io.github.expandcontract.jdbc.RewriteReport;

/**
 * Runs one of the benchmarks.
 */
public final class Benchmarks {

	private Benchmarks() {
	}

	/**
	 * Runs a benchmark and prints its table.
	 * @param args its name: {@code rewriting}, {@code memory}, {@code calls},
	 * {@code rename} or {@code kept-name}
	 * @throws Exception if it cannot be run
	 */
	public static void main(String[] args) throws Exception {
		try {
			switch ((args.length > 0) ? args[0] : "") {
				case "rewriting" -> RewriteReport.run();
				case "memory" -> MemoryReport.run();
				case "calls" -> CallBenchmark.run();
				case "rename" -> CutoverBenchmark.renameInPlace();
				case "kept-name" -> CutoverBenchmark.keptName();
				default -> throw new BenchmarkRefusedException(
						"There is no such benchmark. Give -Dbenchmark=rewriting, memory, calls, rename or kept-name.");
			}
		}
		catch (BenchmarkRefusedException ex) {
			System.err.println(ex.getMessage());
			System.exit(1);
		}
	}

}
