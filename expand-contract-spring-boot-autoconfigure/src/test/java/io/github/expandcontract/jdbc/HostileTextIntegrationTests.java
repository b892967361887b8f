package io.github.expandcontract.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.sql.GeneratedKeys;
import io.github.expandcontract.sql.Rewriting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * Texts that are huge, deep or broken, through the data source: within bounded time they
 * run, are refused with a sentence, or reach the server as they are.
 */
class HostileTextIntegrationTests {

	private static final Samples SAMPLES = new Samples(SyncMode.APPLICATION);

	/** Named by none of these texts is a changing table. */
	static List<String> foreign() {
		return List.of("SELECT " + "(".repeat(10_000) + "1" + ")".repeat(10_000), "SELECT 'samples",
				"SELECT 1 FROM (" + "SELECT 1 FROM (".repeat(5_000), "SELECT 1 /* never ends", "this is not sql",
				"SELECT '" + "x".repeat(3_000_000) + "'", "SELECT ((", "\u0001\u0002", ";;;", "$$");
	}

	@ParameterizedTest
	@MethodSource
	void foreign(String sql) throws Exception {
		if (sql.contains("samples")) {
			// Its only changing table stands in a string that does not end.
			refused(sql);
			return;
		}
		List<String> outcomes = new ArrayList<>();
		try (Connection connection = SAMPLES.driver.getConnection()) {
			outcomes.add(outcome(connection, sql));
		}
		SAMPLES.call((connection) -> outcomes.add(outcome(connection, sql)));
		assertThat(outcomes.get(1)).isEqualTo(outcomes.get(0));
	}

	private static String outcome(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			return String.valueOf(statement.execute(sql));
		}
		catch (SQLException ex) {
			return ex.getSQLState() + ex.getMessage();
		}
	}

	static List<String> tooDeep() {
		return List.of("SELECT id FROM samples WHERE " + "(".repeat(10_000) + "text_new = 'a'" + ")".repeat(10_000),
				"SELECT id FROM samples WHERE id IN (" + "SELECT id FROM samples WHERE id IN (".repeat(5_000) + "1"
						+ ")".repeat(5_001),
				"SELECT " + "coalesce(".repeat(10_000) + "text_new" + ")".repeat(10_000) + " FROM samples", "SELECT "
						+ "CASE WHEN true THEN ".repeat(10_000) + "text_new" + " END".repeat(10_000) + " FROM samples",
				"SELECT text_new FROM samples WHERE " + "(".repeat(100_000));
	}

	@ParameterizedTest
	@MethodSource
	void tooDeep(String sql) {
		assertThat(refused(sql)).hasMessageContaining("nested deeper than 300 levels");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT text_new FROM samples WHERE note = 'x", "SELECT text_new FROM samples /* x",
			"SELECT text_new FROM samples WHERE (note = 'x'", "SELECT text_new FROM samples x y z",
			"INSERT INTO samples (text_new", "INSERT INTO samples (text_new) VALUES (random()::text)",
			"SELECT 1; UPDATE samples SET text_new = random()::text" })
	void whatIsNotUnderstoodIsRefusedWithStatementPositionReasonAndWayOut(String sql) {
		StatementRefusedException refusal = refused(sql);
		assertThat(refusal.getSql()).isEqualTo(sql);
		assertThat(refusal.getPosition()).isBetween(0, sql.length());
		assertThat(refusal.getReason()).endsWith(".");
		assertThat(refusal).hasMessageContaining(sql)
			.hasMessageContaining(refusal.getReason())
			.hasMessageContaining("at character " + (refusal.getPosition() + 1) + " of its text");
		String[] lines = refusal.getMessage().split("\n", -1);
		assertThat(lines[3]).isEqualTo(" ".repeat(refusal.getPosition()) + "^");
		assertThat(refusal.getAction()).isNotBlank();
	}

	@Test
	void aRefusalOfMegabytesShowsOnlyWhereItIs() {
		StatementRefusedException refusal = refused("SELECT id FROM samples WHERE text_new IN ("
				+ "'abc', ".repeat(300_000) + "'d') AND text_new = (SELECT FROM WHERE");
		assertThat(refusal.getMessage()).hasSizeLessThan(1000)
			.contains("^")
			.contains("at character " + (refusal.getPosition() + 1));
		assertThat(refusal.getPosition()).isGreaterThan(2_000_000);
	}

	private static StatementRefusedException refused(String sql) {
		List<StatementRefusedException> refusals = new ArrayList<>();
		assertTimeoutPreemptively(Duration.ofSeconds(30), () -> SAMPLES.call((connection) -> {
			try (Statement statement = connection.createStatement()) {
				for (Throwable thrown : List.of(catchThrowable(() -> connection.prepareStatement(sql)),
						catchThrowable(() -> statement.execute(sql)), catchThrowable(() -> statement.addBatch(sql)))) {
					assertThat(thrown).isInstanceOf(SQLException.class)
						.hasMessage(thrown.getCause().getMessage())
						.hasCauseInstanceOf(StatementRefusedException.class);
					refusals.add((StatementRefusedException) thrown.getCause());
				}
			}
			return null;
		}));
		assertThat(SAMPLES.admission.open()).isZero();
		return refusals.get(0);
	}

	@Test
	void whatIsOnlyLongRuns() {
		SAMPLES.plain.update("INSERT INTO samples (text_old, text_new) VALUES ('a', 'a')");
		List<String> texts = List.of(
				"SELECT count(*) FROM samples WHERE text_new IN (" + "'xyz', ".repeat(200_000) + "'a')",
				"SELECT count(*) FROM samples WHERE " + "text_new = 'x' OR ".repeat(100_000) + "text_new = 'a'",
				"SELECT count(*) FROM samples /* " + "x".repeat(2_000_000) + " */ WHERE text_new = 'a'");
		for (String sql : texts) {
			assertTimeoutPreemptively(Duration.ofSeconds(60), () -> SAMPLES.call((connection) -> {
				try (Statement statement = connection.createStatement();
						ResultSet results = statement.executeQuery(sql)) {
					assertThat(results.next()).isTrue();
					assertThat(results.getInt(1)).isPositive();
				}
				return null;
			}));
		}
	}

	@Test
	void manyParametersReachTheServer() throws Exception {
		SAMPLES.plain.update("INSERT INTO samples (text_old, text_new) VALUES ('a', 'a')");
		String sql = "SELECT count(*) FROM samples WHERE text_new IN (?" + ", ?".repeat(65_534) + ")";
		SAMPLES.call((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(sql)) {
				for (int i = 1; i <= 65_535; i++) {
					statement.setString(i, (i == 65_535) ? "a" : "x");
				}
				try (ResultSet results = statement.executeQuery()) {
					results.next();
					assertThat(results.getInt(1)).isPositive();
				}
			}
			return null;
		});
	}

	@Test
	void aThreadWithLittleStackGetsARefusalOrAnAnswer() throws Exception {
		List<Throwable> escaped = new ArrayList<>();
		for (int depth = 10; depth < 300; depth += 40) {
			String sql = "SELECT id FROM samples WHERE " + "(SELECT coalesce(".repeat(depth) + "text_new"
					+ ", 'a'))".repeat(depth) + " = 'a'";
			for (int kilobytes = 128; kilobytes <= 512; kilobytes *= 2) {
				Rules rules = SAMPLES.interceptor.book().rules(SAMPLES.admission.current());
				Thread thread = new Thread(null, () -> assertThat(rules.rewrite(sql, GeneratedKeys.NONE)).isNotNull(),
						"little", kilobytes * 1024L);
				thread.setUncaughtExceptionHandler((failed, ex) -> escaped.add(ex));
				thread.start();
				thread.join();
			}
		}
		assertThat(escaped).isEmpty();
	}

	@Test
	void whatBreaksTheRewriterIsRefusedAndNotRemembered() {
		for (Throwable breaking : List.of(new IllegalStateException("broken"), new StackOverflowError())) {
			List<String> seen = new ArrayList<>();
			Rules rules = new Rules((sql, keys) -> {
				seen.add(sql);
				if (breaking instanceof Error error) {
					throw error;
				}
				throw (RuntimeException) breaking;
			}, true);
			for (int i = 0; i < 2; i++) {
				assertThat(rules.rewrite("SELECT 1", GeneratedKeys.NONE)).isInstanceOfSatisfying(
						Rewriting.Refused.class, (refused) -> assertThat(refused.reason() + refused.action())
							.contains("Write the statement in a simpler form"));
			}
			assertThat(seen).hasSize(2);
		}
	}

	@Test
	void aTransactionGoesOnAfterARefusal() throws Exception {
		SAMPLES.plain.update("DELETE FROM samples");
		SAMPLES.call((connection) -> {
			connection.setAutoCommit(false);
			try (Statement statement = connection.createStatement()) {
				statement.execute("INSERT INTO samples (text_new) VALUES ('before')");
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> statement.execute("UPDATE samples SET text_new = random()::text"));
				statement.execute("INSERT INTO samples (text_new) VALUES ('after')");
			}
			connection.commit();
			return null;
		});
		assertThat(SAMPLES.plain.queryForList("SELECT text_old FROM samples ORDER BY id", String.class))
			.containsExactly("before", "after");
	}

}
