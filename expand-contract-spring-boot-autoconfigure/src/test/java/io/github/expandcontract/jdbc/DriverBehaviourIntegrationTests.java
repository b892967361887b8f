package io.github.expandcontract.jdbc;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PSQLException;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.UnannotatedAccess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What callers of JDBC rely on besides the values, with statements that run with another
 * text.
 */
class DriverBehaviourIntegrationTests {

	private static final String INSERT = "INSERT INTO samples (text_new, note) VALUES (?, ?)";

	private static final String SELECT = "SELECT id, text_new FROM samples ORDER BY id";

	private static final Samples SAMPLES = new Samples(SyncMode.APPLICATION);

	@BeforeEach
	void clear() {
		SAMPLES.plain.execute("TRUNCATE samples RESTART IDENTITY");
		SAMPLES.phase(Phase.DUAL_WRITE);
	}

	@Test
	void batchesKeepTheirRowsApart() throws Exception {
		SAMPLES.call((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
				bind(statement, "dropped", "x");
				statement.addBatch();
				statement.clearBatch();
				bind(statement, "a", "1");
				statement.addBatch();
				statement.setString(1, "b");
				statement.addBatch();
				statement.clearParameters();
				assertThatExceptionOfType(SQLException.class).isThrownBy(statement::addBatch)
					.withMessage("No value specified for parameter 1.");
				statement.setCharacterStream(1, new StringReader("c"));
				statement.setNull(2, java.sql.Types.VARCHAR);
				statement.addBatch();
				assertThat(statement.executeLargeBatch()).containsExactly(1, 1, 1);
				assertThat(statement.executeBatch()).isEmpty();
			}
			return null;
		});
		assertThat(rows()).containsExactly("a,a,1", "b,b,1", "c,c,null");
	}

	@Test
	void mixedTextsInOneBatch() throws Exception {
		SAMPLES.call((connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.addBatch("INSERT INTO samples (text_new, note) VALUES ('a', '1')");
				statement.addBatch("CREATE TEMPORARY TABLE others (x text)");
				statement.addBatch("UPDATE samples SET text_new = 'b' WHERE text_new = 'a'");
				statement.addBatch("DELETE FROM samples WHERE text_new = 'z'");
				assertThat(statement.executeBatch()).containsExactly(1, 0, 1, 0);
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> statement.addBatch("INSERT INTO samples (text_new) VALUES (random()::text)"))
					.withCauseInstanceOf(StatementRefusedException.class);
			}
			return null;
		});
		assertThat(rows()).containsExactly("b,b,1");
	}

	@Test
	void aBatchThatFailsCountsAsWithTheDriver() throws Exception {
		SAMPLES.plain.execute("CREATE UNIQUE INDEX IF NOT EXISTS samples_note ON samples (note)");
		long[] expected;
		try (Connection connection = SAMPLES.driver.getConnection()) {
			expected = failingBatch(connection, "text_old");
		}
		SAMPLES.plain.execute("TRUNCATE samples");
		long[] counts = SAMPLES.call((connection) -> failingBatch(connection, "text_new"));
		assertThat(counts).isEqualTo(expected).hasSize(3);
		SAMPLES.plain.execute("DROP INDEX samples_note");
	}

	private static long[] failingBatch(Connection connection, String column) throws SQLException {
		try (PreparedStatement statement = connection
			.prepareStatement("INSERT INTO samples (" + column + ", note) VALUES (?, ?)")) {
			for (String note : List.of("1", "2", "1")) {
				bind(statement, "a", note);
				statement.addBatch();
			}
			BatchUpdateException failure = catchThrowableOfType(BatchUpdateException.class, statement::executeBatch);
			assertThat(failure.getSQLState()).isEqualTo("23505");
			return failure.getLargeUpdateCounts();
		}
	}

	/**
	 * The server runs a statement-level trigger once for each statement that reaches it.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "", "keys", "names", " ON CONFLICT DO NOTHING" })
	void batchesAreSentAsFewStatementsAsWithoutRewriting(String variant) throws Exception {
		SAMPLES.plain.execute("CREATE TABLE IF NOT EXISTS sent (n bigint)");
		SAMPLES.plain.execute("TRUNCATE sent");
		SAMPLES.plain.execute("""
				CREATE OR REPLACE FUNCTION count_rows() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN INSERT INTO sent SELECT count(*) FROM added; RETURN NULL; END $$""");
		SAMPLES.plain.execute("CREATE TRIGGER count_rows AFTER INSERT ON samples REFERENCING NEW TABLE AS added"
				+ " FOR EACH STATEMENT EXECUTE FUNCTION count_rows()");
		try {
			PGSimpleDataSource driver = new PGSimpleDataSource();
			driver.setUrl(SAMPLES.database.url());
			driver.setReWriteBatchedInserts(true);
			try (Connection connection = driver.getConnection()) {
				insertMany(connection, "text_old", variant);
			}
			List<Long> expected = takeSent();
			ExpandContractDataSource rewriting = new ExpandContractDataSource(driver, SAMPLES.interceptor);
			for (Phase phase : List.of(Phase.EXPAND, Phase.DUAL_WRITE, Phase.STOP_DUAL_WRITE)) {
				SAMPLES.phase(phase);
				SAMPLES.call((unused) -> {
					try (Connection connection = rewriting.getConnection()) {
						return insertMany(connection, "text_new", variant);
					}
				});
				assertThat(takeSent()).as("%s %s", phase, variant).isEqualTo(expected);
			}
			assertThat(expected.stream().mapToLong(Long::longValue).sum()).isEqualTo(200);
			if (!variant.equals("keys") && !variant.equals("names")) {
				assertThat(expected).hasSizeLessThan(10);
			}
		}
		finally {
			SAMPLES.plain.execute("DROP TRIGGER count_rows ON samples");
		}
	}

	private static List<Long> takeSent() {
		List<Long> sent = SAMPLES.plain.queryForList("SELECT n FROM sent ORDER BY n", Long.class);
		SAMPLES.plain.execute("TRUNCATE sent");
		return sent;
	}

	private static Void insertMany(Connection connection, String column, String variant) throws SQLException {
		boolean keys = variant.equals("keys");
		boolean names = variant.equals("names");
		String sql = "INSERT INTO samples (" + column + ", note) VALUES (?, ?)" + ((keys || names) ? "" : variant);
		try (PreparedStatement statement = keys ? connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)
				: names ? connection.prepareStatement(sql, new String[] { "id" }) : connection.prepareStatement(sql)) {
			for (int i = 0; i < 200; i++) {
				bind(statement, "a" + i, "b" + i);
				statement.addBatch();
			}
			assertThat(statement.executeBatch()).hasSize(200);
			if (keys || names) {
				try (ResultSet results = statement.getGeneratedKeys()) {
					int count = 0;
					while (results.next()) {
						count++;
					}
					assertThat(count).isEqualTo(200);
				}
			}
		}
		return null;
	}

	@ParameterizedTest
	@EnumSource(value = Phase.class, mode = EnumSource.Mode.EXCLUDE, names = "CONTRACT")
	void generatedKeysAreTheCallersColumns(Phase phase) throws Exception {
		SAMPLES.phase(phase);
		SAMPLES.call((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(INSERT, new String[] { "text_new", "id" })) {
				bind(statement, "a", "1");
				statement.executeUpdate();
				try (ResultSet keys = statement.getGeneratedKeys()) {
					assertThat(keys.getMetaData().getColumnCount()).isEqualTo(2);
					assertThat(keys.getMetaData().getColumnLabel(1)).isEqualTo("text_new");
					assertThat(keys.next()).isTrue();
					assertThat(keys.getString(1)).isEqualTo("a");
					assertThat(keys.getLong("id")).isOne();
				}
			}
			try (PreparedStatement statement = connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
				bind(statement, "b", "2");
				statement.executeUpdate();
				try (ResultSet keys = statement.getGeneratedKeys()) {
					assertThat(keys.next()).isTrue();
					assertThat(keys.getString("text_new")).isEqualTo("b");
					assertThatExceptionOfType(SQLException.class).isThrownBy(() -> keys.findColumn("text_old"));
				}
			}
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> connection.prepareStatement(INSERT, new int[] { 1 }))
				.satisfies((ex) -> assertThat(ex.getMessage()).isEqualTo(indexError()));
			return null;
		});
		assertThat(SAMPLES.admission.open()).isZero();
	}

	private static String indexError() {
		try (Connection connection = SAMPLES.driver.getConnection()) {
			return catchThrowableOfType(SQLException.class,
					() -> connection.prepareStatement("SELECT 1", new int[] { 1 }))
				.getMessage();
		}
		catch (SQLException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void anErrorSaysInWhichTextItsPositionCounts() throws Exception {
		String sql = "INSERT INTO samples (text_new, nte) VALUES (?, ?)";
		SAMPLES.call((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(sql);
					Statement plain = connection.createStatement()) {
				bind(statement, "a", "b");
				assertExplained(catchThrowableOfType(PSQLException.class, statement::executeUpdate));
				assertExplained(
						catchThrowableOfType(PSQLException.class, () -> plain.executeUpdate(sql.replace("?", "'a'"))));
			}
			try (PreparedStatement statement = connection.prepareStatement(INSERT.replace("note", "int4_new"))) {
				statement.setString(1, "a");
				statement.setObject(2, "seven", java.sql.Types.OTHER);
				PSQLException failure = catchThrowableOfType(PSQLException.class, statement::executeUpdate);
				assertThat(failure.getSQLState()).isEqualTo("22P02");
			}
			return null;
		});
	}

	private static void assertExplained(PSQLException failure) {
		assertThat(failure.getSQLState()).isEqualTo("42703");
		int position = failure.getServerErrorMessage().getPosition();
		assertThat(failure.getSuppressed()).singleElement().satisfies((note) -> {
			assertThat(note).hasMessageContaining("position " + position).hasMessageContaining("text_old");
			String text = note.getMessage().substring(note.getMessage().indexOf("INSERT"));
			assertThat(text.substring(position - 1)).startsWith("nte");
		});
	}

	@ParameterizedTest
	@EnumSource(value = Phase.class, mode = EnumSource.Mode.EXCLUDE, names = "CONTRACT")
	void resultsAreLabelledAndTypedAsTheCallerWroteThem(Phase phase) throws Exception {
		SAMPLES.phase(phase);
		SAMPLES.call((connection) -> {
			try (PreparedStatement statement = connection
				.prepareStatement("SELECT *, text_new AS t, numeric_new FROM samples")) {
				List<String> labels = new ArrayList<>();
				for (int i = 1; i <= statement.getMetaData().getColumnCount(); i++) {
					labels.add(statement.getMetaData().getColumnLabel(i));
					assertThat(statement.getMetaData().getColumnName(i)).isEqualTo(labels.get(i - 1));
				}
				assertThat(labels).doesNotContain("text_old").contains("text_new", "t");
				int last = labels.size();
				assertThat(statement.getMetaData().getColumnTypeName(last)).isEqualTo("numeric");
				assertThat(statement.getMetaData().getColumnTypeName(last - 1)).isEqualTo("text");
			}
			return null;
		});
	}

	@Test
	void updatableResultSetsWorkWhereTheTextRunsAsItIs() throws Exception {
		SAMPLES.plain.update("INSERT INTO samples (text_old, text_new, note) VALUES ('a', 'a', '1')");
		SAMPLES.call((connection) -> {
			try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE,
					ResultSet.CONCUR_UPDATABLE);
					ResultSet results = statement.executeQuery("SELECT id, note FROM samples")) {
				results.next();
				results.updateString("note", "2");
				results.updateRow();
			}
			for (String sql : List.of("SELECT id, text_new FROM samples", "SELECT * FROM samples")) {
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> connection.prepareStatement(sql, ResultSet.TYPE_SCROLL_INSENSITIVE,
							ResultSet.CONCUR_UPDATABLE))
					.withMessageContaining("CONCUR_READ_ONLY");
			}
			return null;
		});
		assertThat(rows()).containsExactly("a,a,2");
	}

	@Test
	void cursorsFetchAndOutliveTheTransaction() throws Exception {
		SAMPLES.plain.update("INSERT INTO samples (text_old) SELECT 'u' || n FROM generate_series(1, 95) n");
		SAMPLES.call((connection) -> {
			connection.setAutoCommit(false);
			try (PreparedStatement statement = connection.prepareStatement(SELECT, ResultSet.TYPE_FORWARD_ONLY,
					ResultSet.CONCUR_READ_ONLY)) {
				statement.setFetchSize(10);
				assertThat(read(statement.executeQuery(), () -> {
				})).isEqualTo(95);
			}
			connection.commit();
			try (PreparedStatement statement = connection.prepareStatement(SELECT, ResultSet.TYPE_FORWARD_ONLY,
					ResultSet.CONCUR_READ_ONLY, ResultSet.HOLD_CURSORS_OVER_COMMIT)) {
				statement.setFetchSize(10);
				assertThat(read(statement.executeQuery(), connection::commit)).isEqualTo(95);
			}
			return null;
		});
		assertThat(SAMPLES.admission.open()).isZero();
	}

	private static int read(ResultSet results, SqlRunnable afterFirst) throws SQLException {
		int count = 0;
		try (results) {
			while (results.next()) {
				count++;
				assertThat(results.getString("text_new")).isEqualTo("u" + count);
				if (count == 1) {
					afterFirst.run();
				}
			}
		}
		return count;
	}

	@FunctionalInterface
	private interface SqlRunnable {

		void run() throws SQLException;

	}

	@Test
	void settingsReachTheDriversStatement() throws Exception {
		SAMPLES.call((connection) -> {
			try (PreparedStatement statement = connection
				.prepareStatement("SELECT text_new, pg_sleep(60) FROM samples")) {
				SAMPLES.plain.update("INSERT INTO samples (text_old) VALUES ('a')");
				statement.setPoolable(false);
				statement.setMaxRows(3);
				assertThat(statement.isPoolable()).isFalse();
				assertThat(statement.getMaxRows()).isEqualTo(3);
				assertThat(statement.isWrapperFor(org.postgresql.PGStatement.class)).isTrue();
				statement.setQueryTimeout(1);
				assertThat(statement.getQueryTimeout()).isOne();
				assertThatExceptionOfType(SQLException.class).isThrownBy(statement::executeQuery)
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57014"));
				statement.setQueryTimeout(0);
				CompletableFuture<Throwable> running = CompletableFuture
					.supplyAsync(() -> catchThrowableOfType(SQLException.class, statement::executeQuery));
				while (!running.isDone()) {
					statement.cancel();
				}
				assertThat(running.join()).isInstanceOfSatisfying(SQLException.class,
						(ex) -> assertThat(ex.getSQLState()).isEqualTo("57014"));
			}
			return null;
		});
	}

	@Test
	void aStatementKeepsItsRulesOnAnotherThread() throws Exception {
		SAMPLES.call((connection) -> {
			try (PreparedStatement prepared = connection.prepareStatement(INSERT);
					Statement statement = connection.createStatement()) {
				bind(prepared, "a", "1");
				CompletableFuture.runAsync(() -> {
					try {
						prepared.executeUpdate();
						statement.executeUpdate("INSERT INTO samples (text_new, note) VALUES ('b', '2')");
					}
					catch (SQLException ex) {
						throw new AssertionError(ex);
					}
				}).get(60, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				throw new AssertionError(ex);
			}
			return null;
		});
		assertThat(rows()).containsExactly("a,a,1", "b,b,2");
		assertThat(SAMPLES.admission.open()).isZero();
	}

	@Test
	void whatAnotherThreadPreparesDoesNotComeFromTheCall() throws Exception {
		int before = SAMPLES.listener.unannotated.size();
		SAMPLES.call((connection) -> {
			CompletableFuture.runAsync(() -> {
				try (PreparedStatement prepared = connection.prepareStatement(INSERT)) {
					bind(prepared, "a", "1");
				}
				catch (SQLException ex) {
					throw new AssertionError(ex);
				}
			}).join();
			return null;
		});
		assertThat(SAMPLES.listener.unannotated).hasSize(before + 1);
	}

	@Test
	void severalStatementsInOneText() throws Exception {
		SAMPLES.call((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(
					INSERT + "; UPDATE samples SET text_new = ? WHERE note = ?; SELECT text_new FROM samples")) {
				bind(statement, "a", "1");
				statement.setCharacterStream(3, new StringReader("b"));
				statement.setString(4, "1");
				assertThat(statement.execute()).isFalse();
				assertThat(statement.getUpdateCount()).isOne();
				assertThat(statement.getMoreResults()).isFalse();
				assertThat(statement.getUpdateCount()).isOne();
				assertThat(statement.getMoreResults()).isTrue();
				try (ResultSet results = statement.getResultSet()) {
					assertThat(results.getStatement()).isSameAs(statement);
					assertThat(results.next()).isTrue();
					assertThat(results.getString(1)).isEqualTo("b");
				}
				assertThat(statement.getMoreResults()).isFalse();
				assertThat(statement.getLargeUpdateCount()).isEqualTo(-1);
			}
			return null;
		});
		assertThat(rows()).containsExactly("b,b,1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT id, text_new INTO TEMPORARY copied FROM samples",
			"CREATE TEMPORARY TABLE copied AS SELECT id, text_new FROM samples" })
	void whatWouldMakeATableIsRefusedOrRight(String sql) throws Exception {
		SAMPLES.plain.update("INSERT INTO samples (text_old) VALUES ('a')");
		SAMPLES.call((connection) -> {
			try (Statement statement = connection.createStatement()) {
				try {
					statement.execute(sql);
				}
				catch (SQLException ex) {
					assertThat(ex.getCause()).isInstanceOf(StatementRefusedException.class);
					return null;
				}
				try (ResultSet results = statement.executeQuery("SELECT text_new FROM copied")) {
					assertThat(results.next()).isTrue();
					assertThat(results.getString(1)).isEqualTo("a");
				}
			}
			return null;
		});
	}

	@Test
	void notificationsAreLeftAlone() throws Exception {
		SAMPLES.call((connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.execute("LISTEN samples");
				statement.execute("NOTIFY samples, 'text_new'");
				assertThat(connection.unwrap(PGConnection.class).getNotifications(1000)).singleElement()
					.satisfies((notification) -> assertThat(notification.getParameter()).isEqualTo("text_new"));
			}
			return null;
		});
	}

	/**
	 * The driver's own objects are behind our connection: COPY through them runs as it
	 * is, as from outside, and a trigger is what keeps the columns in step.
	 */
	@Test
	void copyThroughTheDriverRunsAsItIsAndThroughAStatementIsRefused() throws Exception {
		SAMPLES.call((connection) -> {
			try {
				assertThat(connection.unwrap(PGConnection.class)
					.getCopyAPI()
					.copyIn("COPY samples (text_new, note) FROM STDIN",
							new ByteArrayInputStream("a\t1\n".getBytes(StandardCharsets.UTF_8))))
					.isOne();
			}
			catch (java.io.IOException ex) {
				throw new AssertionError(ex);
			}
			try (Statement statement = connection.createStatement()) {
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> statement.execute("COPY samples (text_new, note) FROM STDIN"))
					.withCauseInstanceOf(StatementRefusedException.class);
			}
			return null;
		});
		assertThat(rows()).containsExactly("null,a,1");
	}

	@Test
	void aLargeObjectIsMadeOnce() throws Exception {
		byte[] bytes = new byte[3_000_000];
		Arrays.fill(bytes, (byte) 7);
		long before = largeObjects();
		SAMPLES.call((connection) -> {
			connection.setAutoCommit(false);
			try (PreparedStatement statement = connection
				.prepareStatement("INSERT INTO samples (oid_new) VALUES (?)")) {
				statement.setBlob(1, new ByteArrayInputStream(bytes), bytes.length);
				statement.addBatch();
				statement.setBlob(1, new ByteArrayInputStream(bytes), 10);
				statement.addBatch();
				assertThat(statement.executeBatch()).containsExactly(1, 1);
			}
			connection.commit();
			return null;
		});
		assertThat(largeObjects()).isEqualTo(before + 2);
		List<Map<String, Object>> rows = SAMPLES.plain
			.queryForList("SELECT length(lo_get(oid_new)) AS n, oid_old = oid_new AS same FROM samples ORDER BY id");
		assertThat(rows).containsExactly(Map.of("n", 3_000_000, "same", true), Map.of("n", 10, "same", true));
	}

	private static long largeObjects() {
		return SAMPLES.plain.queryForObject("SELECT count(*) FROM pg_largeobject_metadata", Long.class);
	}

	@Test
	void refusesWhatHasTooManyParametersOnlyWhenBothAreWritten() throws Exception {
		String sql = "INSERT INTO samples (text_new) VALUES (?)" + ", (?)".repeat(39_999);
		SAMPLES.call((connection) -> {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.prepareStatement(sql))
				.withCauseInstanceOf(StatementRefusedException.class)
				.withMessageContaining("80000 parameters")
				.withMessageContaining("65535")
				.withMessageContaining("unnest");
			return null;
		});
		SAMPLES.phase(Phase.STOP_DUAL_WRITE);
		assertThat(SAMPLES.<Integer>call((connection) -> inserted(connection, sql, 40_000))).isEqualTo(40_000);
		SAMPLES.phase(Phase.DUAL_WRITE);
		String most = "INSERT INTO samples (text_new) VALUES (?)" + ", (?)".repeat(32_766);
		assertThat(SAMPLES.<Integer>call((connection) -> inserted(connection, most, 32_767))).isEqualTo(32_767);
		assertThat(SAMPLES.admission.open()).isZero();
	}

	private static int inserted(Connection connection, String sql, int count) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 1; i <= count; i++) {
				statement.setString(i, "x");
			}
			return statement.executeUpdate();
		}
	}

	@Test
	void rewrittenStatementsOutsideOfACallAreReportedToo() throws Exception {
		SAMPLES.activate(UnannotatedAccess.REWRITE);
		try (Connection connection = SAMPLES.dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(INSERT)) {
			int before = SAMPLES.listener.unannotated.size();
			bind(statement, "a", "1");
			statement.executeUpdate();
			try (PreparedStatement other = connection.prepareStatement("SELECT note FROM samples");
					Statement plain = connection.createStatement()) {
				other.executeQuery().close();
				plain.executeUpdate("UPDATE samples SET text_new = 'b'");
			}
			assertThat(SAMPLES.listener.unannotated).hasSize(before + 1).endsWith("UPDATE samples SET text_new = 'b'");
		}
		finally {
			SAMPLES.activate(UnannotatedAccess.WARN);
		}
		assertThat(rows()).containsExactly("b,b,1");
	}

	private static void bind(PreparedStatement statement, String text, String note) throws SQLException {
		statement.setString(1, text);
		statement.setString(2, note);
	}

	private static List<String> rows() {
		return SAMPLES.plain.query("SELECT text_old, text_new, note FROM samples ORDER BY id",
				(results, number) -> results.getString(1) + "," + results.getString(2) + "," + results.getString(3));
	}

}
