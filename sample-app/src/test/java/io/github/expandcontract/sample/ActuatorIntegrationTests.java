package io.github.expandcontract.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint over HTTP, as an operator meets it. How the application writes its own
 * JSON makes no difference.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = "spring.jackson.property-naming-strategy=SNAKE_CASE")
class ActuatorIntegrationTests {

	private static final String CHANGE = "/actuator/expandcontract/users-handle";

	private final HttpClient http = HttpClient.newHttpClient();

	private final JsonMapper json = new JsonMapper();

	@LocalServerPort
	private int port;

	@Autowired
	private JdbcTemplate jdbc;

	@Test
	void showsEverything() throws Exception {
		JsonNode overview = body(get("/actuator/expandcontract"));
		assertThat(overview.propertyNames()).containsExactlyInAnyOrder("changes", "instances", "unannotated");
		assertThat(overview.path("changes")).extracting((change) -> change.path("id").asString())
			.containsExactlyInAnyOrder("users-handle", "orders-price-decimal", "orders-shipping-method");
		JsonNode instance = overview.path("instances").get(0);
		assertThat(instance.path("name").asString()).startsWith("sample-app/");
		assertThat(instance.path("live").asBoolean()).isTrue();
		assertThat(instance.path("targets").path("users-handle").asString()).isEqualTo("expand");
		assertThat(instance.path("targets").propertyNames()).containsExactlyInAnyOrder("users-handle",
				"orders-price-decimal", "orders-shipping-method");
		assertThat(Instant.parse(instance.path("startedAt").asString())).isBefore(Instant.now().plusSeconds(60));
	}

	@ParameterizedTest
	@ValueSource(strings = { "users-handle", "orders-price-decimal", "orders-shipping-method" })
	void showsOneChange(String id) throws Exception {
		JsonNode change = body(get("/actuator/expandcontract/" + id));
		assertThat(change.path("id").asString()).isEqualTo(id);
		assertThat(change.path("phase").asString()).isEqualTo("expand");
		assertThat(change.path("version").isNumber()).isTrue();
		assertThat(Instant.parse(change.path("enteredAt").asString())).isBefore(Instant.now().plusSeconds(60));
		assertThat(change.path("waitsFor").isArray()).isTrue();
		assertThat(change.path("evidence").isArray()).isTrue();
		assertThat(change.path("heldCutover").isBoolean()).isTrue();
		assertThat(change.has("override")).isFalse();
		JsonNode backfill = change.path("backfill");
		assertThat(backfill.has("etaSeconds")).isFalse();
		assertThat(backfill.path("state").asString()).isEqualTo("idle");
		assertThat(backfill.path("rowsDone").isNumber()).isTrue();
		assertThat(backfill.path("rowsTotal").isNumber()).isTrue();
		assertThat(backfill.path("rowsPerSecond").isNumber()).isTrue();
	}

	/**
	 * Every change as it stands at the start; what would run is shown, and nothing of it
	 * runs.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			users-handle           | true  | ALTER TABLE "public"."users" RENAME COLUMN "username" TO "handle"
			orders-price-decimal   | false | ALTER TABLE "public"."orders" DROP COLUMN "price" RESTRICT
			orders-shipping-method | false | COMMENT ON COLUMN "public"."orders"."shipping_method" IS NULL
			""")
	void showsThePlanAndTouchesNothing(String id, boolean held, String last) throws Exception {
		List<String> before = catalog();
		JsonNode plan = body(get("/actuator/expandcontract/" + id + "/plan"));
		assertThat(plan.path("id").asString()).isEqualTo(id);
		assertThat(plan.path("phase").asString()).isEqualTo("expand");
		JsonNode move = StreamSupport.stream(plan.path("moves").spliterator(), false)
			.filter((each) -> each.path("to").asString().equals("contract"))
			.findFirst()
			.orElseThrow();
		assertThat(move.path("from").asString()).isEqualTo("stop-dual-write");
		assertThat(move.path("held").asBoolean()).isEqualTo(held);
		assertThat(move.path("needs")).extracting(JsonNode::asString)
			.contains("Every live instance has acknowledged stop-dual-write.",
					"Every live instance declares the change.");
		assertThat(move.path("steps")).extracting((step) -> step.path("sql").asString()).contains(last);
		for (JsonNode step : move.path("steps")) {
			assertThat(step.path("purpose").asString()).isNotEmpty();
			assertThat(step.path("transactional").isBoolean()).isTrue();
			assertThat(step.path("lock").asString()).isIn("none", "share-update-exclusive", "share",
					"share-row-exclusive", "access-exclusive");
			assertThat(step.has("after")).isEqualTo(!step.path("after").asString("").isEmpty());
		}
		assertThat(plan.path("moves").get(plan.path("moves").size() - 1).path("to").asString()).isEqualTo("expand");
		assertThat(catalog()).isEqualTo(before);
	}

	private List<String> catalog() {
		return this.jdbc.queryForList("""
				SELECT relname || attname || a.xmin FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
				WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'expand_contract'))
				UNION ALL SELECT id || phase || version FROM expand_contract.change
				ORDER BY 1
				""", String.class);
	}

	@Test
	void pausesAndResumes() throws Exception {
		assertThat(body(post(CHANGE, "{\"action\":\"pause\"}")).path("backfill").path("paused").asBoolean()).isTrue();
		assertThat(body(post(CHANGE, "{\"action\":\"resume\"}")).path("backfill").path("paused").asBoolean()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "switch-reads,switch-reads", "SWITCH_READS,switch-reads", "expand,expand" })
	void setsTargetAndClearsIt(String written, String shown) throws Exception {
		String request = "{\"action\":\"target\",\"phase\":\"" + written + "\",\"by\":\"ada\"}";
		JsonNode set = body(post(CHANGE, request));
		assertThat(set.path("target").asString()).isEqualTo(shown);
		assertThat(set.path("override").path("phase").asString()).isEqualTo(shown);
		assertThat(set.path("override").path("by").asString()).isEqualTo("ada");
		assertThat(Instant.parse(set.path("override").path("at").asString())).isNotNull();
		JsonNode cleared = body(post(CHANGE, "{\"action\":\"clear-target\"}"));
		assertThat(cleared.path("target").asString()).isEqualTo("expand");
		assertThat(cleared.path("override").isObject()).isFalse();
		awaitExpand();
	}

	/**
	 * The change may have taken a step before the target was cleared, or be about to.
	 */
	private void awaitExpand() throws Exception {
		long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
		for (int seen = 0; seen < 10;) {
			seen = body(get(CHANGE)).path("phase").asString().equals("expand") ? seen + 1 : 0;
			assertThat(System.nanoTime()).as("back at expand").isLessThan(deadline);
			Thread.sleep(50);
		}
	}

	@Test
	void knowsNoOtherChange() throws Exception {
		assertThat(get("/actuator/expandcontract/users-name").statusCode()).isEqualTo(404);
		assertThat(post("/actuator/expandcontract/users-name", "{\"action\":\"pause\"}").statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '#', value = { "{\"action\":\"explode\"}", "{\"action\":\"target\"}",
			"{\"action\":\"target\",\"phase\":\"switch-writes\"}", "{}" })
	void refusesWhatItDoesNotUnderstand(String request) throws Exception {
		assertThat(post(CHANGE, request).statusCode()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "users-handle", "orders-price-decimal", "orders-shipping-method" })
	void healthShowsThePhase(String change) throws Exception {
		JsonNode component = body(get("/actuator/health")).path("components").path("expandContract");
		assertThat(component.path("status").asString()).isEqualTo("UP");
		assertThat(component.path("details").path(change).path("phase").asString()).isEqualTo("expand");
	}

	@ParameterizedTest
	@CsvSource({ "phase", "backfill.rows", "backfill.remaining", "statements.rewritten", "statements.refused",
			"statements.unannotated" })
	void metersAreThere(String name) throws Exception {
		JsonNode meter = body(get("/actuator/metrics/expandcontract." + name));
		assertThat(meter.path("measurements").get(0).path("value").isNumber()).isTrue();
	}

	private HttpResponse<String> get(String path) throws Exception {
		return this.http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
	}

	private HttpResponse<String> post(String path, String body) throws Exception {
		return this.http.send(HttpRequest.newBuilder(uri(path))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	private JsonNode body(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return this.json.readTree(response.body());
	}

	private URI uri(String path) {
		return URI.create("http://localhost:" + this.port + path);
	}

}
