package io.github.expandcontract.sample.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import io.github.expandcontract.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTests {

	@Test
	void writesTheSumAndEveryStage(@TempDir Path folder) throws IOException {
		Stage expand = new Stage("expand", Phase.EXPAND);
		expand.record(1_000_000);
		expand.record(2_000_000);
		expand.finish();
		Stage dualWrite = new Stage("dual-write", Phase.DUAL_WRITE);
		dualWrite.record(3_000_000);
		dualWrite.fail();
		dualWrite.finish();
		Report report = new Report(List.of(expand, dualWrite), 1000,
				List.of(new Compared("users", Set.of("handle"), 50, 2, List.of()),
						new Compared("orders", Set.of("price"), 10, 1, List.of())));
		Path file = folder.resolve("target/demo-report.json");
		report.write(file);
		JsonNode json = new JsonMapper().readTree(file.toFile());
		assertThat(json.get("requests").asInt()).isEqualTo(3);
		assertThat(json.get("failedRequests").asInt()).isEqualTo(1);
		assertThat(json.get("rowsBackfilled").asInt()).isEqualTo(1000);
		assertThat(json.get("mismatches").asInt()).isEqualTo(3);
		JsonNode orders = json.get("tables").get(1);
		assertThat(orders.get("table").asString()).isEqualTo("orders");
		assertThat(orders.get("columns").get(0).asString()).isEqualTo("price");
		assertThat(orders.get("rowsCompared").asInt()).isEqualTo(10);
		assertThat(orders.get("mismatches").asInt()).isEqualTo(1);
		JsonNode phase = json.get("phases").get(1);
		assertThat(phase.get("phase").asString()).isEqualTo("dual-write");
		assertThat(phase.get("requests").asInt()).isEqualTo(1);
		assertThat(phase.get("failed").asInt()).isEqualTo(1);
		assertThat(phase.get("p99Millis").asDouble()).isEqualTo(3);
		assertThat(phase.get("seconds").isNumber()).isTrue();
		assertThat(report.table()).contains("dual-write", "total", "orders");
	}

}
