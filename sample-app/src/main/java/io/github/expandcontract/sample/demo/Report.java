package io.github.expandcontract.sample.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

/**
 * What happened, as a table to read and as a file.
 *
 * @param stages the stages in their order
 * @param rowsBackfilled rows that the first backfill of each change filled in, together
 * @param tables what the comparison of each table found at the end
 */
record Report(List<Stage> stages, long rowsBackfilled, List<Compared> tables) {

	long requests() {
		return this.stages.stream().mapToLong(Stage::requests).sum();
	}

	long failedRequests() {
		return this.stages.stream().mapToLong(Stage::failed).sum();
	}

	long mismatches() {
		return this.tables.stream().mapToLong(Compared::mismatches).sum();
	}

	String table() {
		StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-20s %-16s %8s %9s %7s %9s %9s %10s%n",
				"step", "phase", "seconds", "requests", "failed", "p50 ms", "p99 ms", "longest ms"));
		Histogram all = new Histogram();
		double seconds = 0;
		for (Stage stage : this.stages) {
			stage.latency().addTo(all);
			seconds += stage.seconds();
			table.append(row(stage.title(), stage.phase().propertyName(), stage.seconds(), stage.requests(),
					stage.failed(), stage.latency()));
		}
		table.append(row("total", "", seconds, requests(), failedRequests(), all));
		table.append(
				String.format(Locale.ROOT, "%n%-20s %13s %7s  %s%n", "table", "rows compared", "differ", "columns"));
		for (Compared compared : this.tables) {
			table.append(String.format(Locale.ROOT, "%-20s %13d %7d  %s%n", compared.table(), compared.rows(),
					compared.mismatches(), String.join(", ", compared.columns())));
		}
		return table.toString();
	}

	/**
	 * Writes the report as JSON.
	 * @param file where to, its folder is made
	 * @throws IOException if the file cannot be written
	 */
	void write(Path file) throws IOException {
		Path folder = file.toAbsolutePath().getParent();
		if (folder != null) {
			Files.createDirectories(folder);
		}
		Files.writeString(file,
				new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json()) + System.lineSeparator());
	}

	private Map<String, Object> json() {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("requests", requests());
		json.put("failedRequests", failedRequests());
		json.put("rowsBackfilled", this.rowsBackfilled);
		json.put("mismatches", mismatches());
		List<Map<String, Object>> tables = new ArrayList<>();
		for (Compared compared : this.tables) {
			Map<String, Object> table = new LinkedHashMap<>();
			table.put("table", compared.table());
			table.put("columns", compared.columns());
			table.put("rowsCompared", compared.rows());
			table.put("mismatches", compared.mismatches());
			tables.add(table);
		}
		json.put("tables", tables);
		List<Map<String, Object>> phases = new ArrayList<>();
		for (Stage stage : this.stages) {
			Map<String, Object> phase = new LinkedHashMap<>();
			phase.put("phase", stage.phase().propertyName());
			phase.put("step", stage.title());
			phase.put("seconds", rounded(stage.seconds()));
			phase.put("requests", stage.requests());
			phase.put("failed", stage.failed());
			phase.put("p50Millis", rounded(stage.latency().millis(0.5)));
			phase.put("p99Millis", rounded(stage.latency().millis(0.99)));
			phase.put("maxMillis", rounded(stage.latency().maxMillis()));
			phases.add(phase);
		}
		json.put("phases", phases);
		return json;
	}

	private static String row(String title, String phase, double seconds, long requests, long failed,
			Histogram latency) {
		return String.format(Locale.ROOT, "%-20s %-16s %8.1f %9d %7d %9.1f %9.1f %10.1f%n", title, phase, seconds,
				requests, failed, latency.millis(0.5), latency.millis(0.99), latency.maxMillis());
	}

	private static double rounded(double value) {
		return Math.round(value * 100) / 100.0;
	}

}
