package io.github.expandcontract.sample.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import com.sun.net.httpserver.HttpServer;
import io.github.expandcontract.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ChangeEndpointTests {

	private final List<String> requests = new ArrayList<>();

	private HttpServer server;

	private String answer = "{}";

	private int code = 200;

	private ChangeEndpoint endpoint;

	@BeforeEach
	void start() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/actuator/expandcontract/users-handle", (exchange) -> {
			this.requests.add(exchange.getRequestMethod() + " "
					+ new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
			byte[] body = this.answer.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(this.code, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		this.server.start();
		this.endpoint = new ChangeEndpoint("http://localhost:" + this.server.getAddress().getPort(), "users-handle");
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
	}

	@Test
	void readsABackfillThatRuns() {
		this.answer = """
				{"id":"users-handle","phase":"BACKFILL","target":"switch-reads","waitsFor":["backfill"],
				"backfill":{"state":"RUNNING","rowsDone":10,"rowsTotal":20,"rowsPerSecond":3.5,"etaSeconds":3},
				"verification":null,"evidence":[{"name":"instances","verdict":"waits","detail":"one of two"}]}""";
		ChangeStatus status = this.endpoint.status();
		assertThat(status.phase()).isEqualTo("backfill");
		assertThat(status.target()).isEqualTo("switch-reads");
		assertThat(status.waitsFor()).containsExactly("backfill");
		assertThat(status.backfillState()).isEqualTo("running");
		assertThat(status.rowsDone()).isEqualTo(10);
		assertThat(status.rowsTotal()).isEqualTo(20);
		assertThat(status.rowsPerSecond()).isEqualTo(3.5);
		assertThat(status.etaSeconds()).isEqualTo(3);
		assertThat(status.evidence()).containsExactly("waits  instances: one of two");
		assertThat(status.isVerifiedSince(null)).isFalse();
	}

	@Test
	void readsWhatHasNotBegun() {
		this.answer = """
				{"id":"users-handle","phase":"expand","backfill":null}""";
		ChangeStatus status = this.endpoint.status();
		assertThat(status.phase()).isEqualTo("expand");
		assertThat(status.waitsFor()).isEmpty();
		assertThat(status.rowsTotal()).isZero();
	}

	@Test
	void isVerifiedOnlyByANewVerificationWithoutMismatches() {
		this.answer = complete(0);
		assertThat(this.endpoint.status().isVerifiedSince(null)).isTrue();
		assertThat(this.endpoint.status().isVerifiedSince("2026-01-01T00:00:00Z")).isFalse();
		this.answer = complete(1);
		assertThat(this.endpoint.status().isVerifiedSince(null)).isFalse();
	}

	@Test
	void asksForAPhaseAsAnOperator() {
		this.endpoint.target(Phase.SWITCH_READS);
		assertThat(this.requests)
			.containsExactly("POST {\"action\":\"target\",\"phase\":\"switch-reads\",\"by\":\"demo\"}");
	}

	@Test
	void saysWhatTheServerAnsweredWhenItRefuses() {
		this.code = 400;
		this.answer = "no such phase";
		assertThatIllegalStateException().isThrownBy(() -> this.endpoint.target(Phase.CONTRACT))
			.withMessageContaining("400")
			.withMessageContaining("no such phase");
	}

	private static String complete(int mismatches) {
		return """
				{"phase":"backfill","backfill":{"state":"complete","rowsDone":20,"rowsTotal":20},
				"verification":{"rows":20,"mismatches":%d,"at":"2026-01-01T00:00:00Z"}}""".formatted(mismatches);
	}

}
