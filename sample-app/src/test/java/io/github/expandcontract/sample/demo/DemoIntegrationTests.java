package io.github.expandcontract.sample.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole demo on few rows.
 */
class DemoIntegrationTests {

	private static final int ROWS = 20_000;

	@Test
	void walksEveryPhaseAndLosesNothing(@TempDir Path folder) throws Exception {
		Path file = folder.resolve("demo-report.json");
		DemoOptions options = new DemoOptions(ROWS, Duration.ofSeconds(1), Duration.ofSeconds(60),
				Duration.ofSeconds(60), 4, 3, file, null, "postgres", "");
		assertThat(new Demo(options, new Progress(System.out, false)).run()).isTrue();
		JsonNode report = new JsonMapper().readTree(file.toFile());
		assertThat(report.get("requests").asLong()).isPositive();
		assertThat(report.get("failedRequests").asLong()).isZero();
		assertThat(report.get("mismatches").asLong()).isZero();
		assertThat(report.get("rowsBackfilled").asLong()).isPositive();
		JsonNode orders = report.get("tables").get(1);
		assertThat(orders.get("table").asString()).isEqualTo("orders");
		assertThat(orders.get("rowsCompared").asLong()).isGreaterThan(ROWS / 5);
		assertThat(orders.get("mismatches").asLong()).isZero();
		List<String> phases = new ArrayList<>();
		report.get("phases").forEach((phase) -> {
			phases.add(phase.get("phase").asString());
			assertThat(phase.get("requests").asLong()).isPositive();
		});
		assertThat(phases).containsExactly("expand", "dual-write", "backfill", "switch-reads", "backfill",
				"switch-reads", "stop-dual-write", "contract", "backfill");
	}

}
