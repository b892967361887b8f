package io.github.expandcontract.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;

import io.github.expandcontract.Phase;
import io.github.expandcontract.RenameStrategy;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.UnannotatedAccess;

import static org.assertj.core.api.Assertions.assertThat;

class ExpandContractPropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Properties.class);

	@Test
	void pinsEveryDefault() {
		this.runner.run((context) -> assertThat(context.getBean(ExpandContractProperties.class))
			.isEqualTo(new ExpandContractProperties(true, SyncMode.BOTH, UnannotatedAccess.WARN, null, Map.of(),
					Duration.ofSeconds(10), Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(2), false,
					new ExpandContractProperties.Lock(Duration.ofMillis(500), 20),
					new ExpandContractProperties.Backfill(true, 1000, 10000, Duration.ofMillis(50), 2, true))));
	}

	@Test
	void pinsWhatAChangeIsAskedForWhereItsLinesAreMissing() {
		this.runner.withPropertyValues("expand-contract.changes.users-handle.strategy=in-place")
			.run((context) -> assertThat(context.getBean(ExpandContractProperties.class).changes().get("users-handle"))
				.isEqualTo(new ExpandContractProperties.Change(null, RenameStrategy.IN_PLACE)));
		this.runner.withPropertyValues("expand-contract.changes.users-handle.phase=expand")
			.run((context) -> assertThat(context.getBean(ExpandContractProperties.class).changes().get("users-handle"))
				.isEqualTo(new ExpandContractProperties.Change(Phase.EXPAND, null)));
	}

	@Test
	void bindsPhasesAsTheyAreWritten() {
		this.runner
			.withPropertyValues("expand-contract.changes.users-handle.phase=stop-dual-write",
					"expand-contract.sync=application", "expand-contract.unannotated-access=fail",
					"expand-contract.data-source=main", "expand-contract.backfill.target-batch-time=20ms")
			.run((context) -> {
				ExpandContractProperties properties = context.getBean(ExpandContractProperties.class);
				assertThat(properties.changes()).containsOnlyKeys("users-handle");
				assertThat(properties.changes().get("users-handle").phase()).isEqualTo(Phase.STOP_DUAL_WRITE);
				assertThat(properties.sync()).isEqualTo(SyncMode.APPLICATION);
				assertThat(properties.unannotatedAccess()).isEqualTo(UnannotatedAccess.FAIL);
				assertThat(properties.dataSource()).isEqualTo("main");
				assertThat(properties.backfill().targetBatchTime()).isEqualTo(Duration.ofMillis(20));
			});
	}

	@ParameterizedTest
	@CsvSource({ "lease-duration,0s", "heartbeat-interval,0ms", "heartbeat-interval,4s", "admission-timeout,0ms",
			"cutover-timeout,5s", "cutover-timeout,-1s", "lock.timeout,0ms", "lock.timeout,31s", "lock.attempts,0",
			"backfill.batch-size,0", "backfill.max-batch-size,999", "backfill.target-batch-time,0ms",
			"backfill.workers,0" })
	void refusesNonsenseWithTheNameAndTheWayOut(String name, String value) {
		this.runner.withPropertyValues("expand-contract." + name + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("'expand-contract." + name + "'");
			assertThat(analysis.getAction()).startsWith("Let it be ");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "enabled", "sync", "unannotated-access", "data-source", "changes", "lease-duration",
			"heartbeat-interval", "admission-timeout", "cutover-timeout", "lock.timeout", "lock.attempts",
			"backfill.enabled", "backfill.batch-size", "backfill.max-batch-size", "backfill.target-batch-time",
			"backfill.workers", "backfill.vacuum" })
	void describesEveryPropertyForTheIde(String name) throws IOException {
		try (InputStream stream = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			assertThat(stream).isNotNull();
			String metadata = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			int start = metadata.indexOf("\"name\": \"expand-contract." + name + "\",\n      \"type\"",
					metadata.indexOf("\"properties\""));
			assertThat(start).isPositive();
			assertThat(metadata.substring(start, metadata.indexOf('}', start))).contains("\"description\": \"");
		}
	}

	private static FailureAnalysis analyze(Throwable failure) {
		List<FailureAnalyzer> analyzers = SpringFactoriesLoader
			.forDefaultResourceLocation(ExpandContractPropertiesTests.class.getClassLoader())
			.load(FailureAnalyzer.class, SpringFactoriesLoader.FailureHandler.handleMessage((message, cause) -> {
			}));
		return analyzers.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter((analysis) -> analysis != null)
			.findFirst()
			.orElseThrow();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(ExpandContractProperties.class)
	static class Properties {

	}

}
