package io.github.expandcontract.sample.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import io.github.expandcontract.Phase;
import tools.jackson.databind.json.JsonMapper;

/**
 * The actuator endpoint, for one change.
 */
final class ChangeEndpoint {

	private static final String PATH = "/actuator/expandcontract/";

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(10))
		.build();

	private final JsonMapper json = new JsonMapper();

	private final String base;

	private final String id;

	/**
	 * Creates a client of the endpoint.
	 * @param base address of the server, without a slash at the end
	 * @param id id of the change
	 */
	ChangeEndpoint(String base, String id) {
		this.base = base;
		this.id = id;
	}

	String id() {
		return this.id;
	}

	ChangeStatus status() {
		return ChangeStatus.of(this.json.readTree(send(HttpRequest.newBuilder(uri()).GET())));
	}

	/**
	 * Everything that the endpoint says, to be shown when something does not go on.
	 * @return JSON
	 */
	String everything() {
		return this.json.writerWithDefaultPrettyPrinter()
			.writeValueAsString(this.json
				.readTree(send(HttpRequest.newBuilder(URI.create(this.base + "/actuator/expandcontract")).GET())));
	}

	/**
	 * Asks for a phase as an operator does, above what {@code application.yml} says.
	 * @param phase the phase to reach
	 * @return the request that was sent
	 */
	String target(Phase phase) {
		String body = """
				{"action":"target","phase":"%s","by":"demo"}""".formatted(phase.propertyName());
		send(HttpRequest.newBuilder(uri())
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body)));
		return "POST " + PATH + this.id + " " + body;
	}

	private URI uri() {
		return URI.create(this.base + PATH + this.id);
	}

	private String send(HttpRequest.Builder builder) {
		HttpRequest request = builder.timeout(Duration.ofSeconds(20)).build();
		try {
			HttpResponse<String> response = this.http.send(request, HttpResponse.BodyHandlers.ofString());
			if (response.statusCode() / 100 != 2) {
				throw new IllegalStateException(request.method() + " " + request.uri() + " answered "
						+ response.statusCode() + ": " + response.body());
			}
			return response.body();
		}
		catch (IOException ex) {
			throw new IllegalStateException(request.method() + " " + request.uri() + " failed: " + ex, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for " + request.uri(), ex);
		}
	}

}
