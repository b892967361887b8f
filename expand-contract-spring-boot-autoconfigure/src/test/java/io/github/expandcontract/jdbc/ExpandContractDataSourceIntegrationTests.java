package io.github.expandcontract.jdbc;

import java.io.ByteArrayInputStream;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.transaction.support.TransactionTemplate;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.UnannotatedAccess;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.phase.LeaseExpiredException;
import io.github.expandcontract.sql.SchemaView;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Statements through the data source, against a real server.
 */
class ExpandContractDataSourceIntegrationTests {

	private static final String INSERT = "INSERT INTO users (handle, email) VALUES (?, ?)";

	private static final String SELECT = "SELECT id, handle FROM users WHERE handle = ?";

	private static final TestDatabase DATABASE = TestDatabase.create();

	private final Users users = Users.create(DATABASE);

	private final JdbcTemplate jdbc = new JdbcTemplate(this.users.dataSource);

	@Test
	void returnsTheTargetsConnectionWhenNothingIsDeclared() throws Exception {
		this.users.interceptor.activate(List.of(), SyncMode.BOTH, UnannotatedAccess.FAIL, Users.SCHEMA);
		try (Connection connection = this.users.dataSource.getConnection()) {
			assertThat(connection.getClass().getPackageName()).isEqualTo("org.postgresql.jdbc");
		}
	}

	@Test
	void createsTheDriversStatementsWhenNoChangeIsUnderWay() throws Exception {
		for (Phase phase : new Phase[] { null, Phase.CONTRACT }) {
			if (phase != null) {
				this.users.phase(phase);
			}
			this.users.call(() -> {
				try (Connection connection = this.users.dataSource.getConnection();
						Statement statement = connection.createStatement();
						PreparedStatement prepared = connection.prepareStatement(INSERT)) {
					assertThat(statement.getClass().getPackageName()).isEqualTo("org.postgresql.jdbc");
					assertThat(prepared.getClass().getPackageName()).isEqualTo("org.postgresql.jdbc");
				}
				return null;
			});
		}
		assertThat(this.users.admission.open()).isZero();
	}

	@Test
	void preparesAStatementThatNamesNoChangingColumnAsItIs() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		this.users.call(() -> {
			try (Connection connection = this.users.dataSource.getConnection();
					PreparedStatement prepared = connection.prepareStatement("SELECT email FROM users")) {
				assertThat(prepared.getClass().getPackageName()).isEqualTo("org.postgresql.jdbc");
			}
			return null;
		});
	}

	@Test
	void writesByTheRulesOfThePhase() throws Exception {
		this.users.phase(Phase.EXPAND);
		this.users.call(() -> this.jdbc.update(INSERT, "a", "a@x"));
		this.users.phase(Phase.DUAL_WRITE);
		this.users.call(() -> this.jdbc.update(INSERT, "b", "b@x"));
		this.users.phase(Phase.STOP_DUAL_WRITE);
		this.users.call(() -> this.jdbc.update(INSERT, "c", "c@x"));
		this.users.phase(Phase.CONTRACT);
		this.users.call(() -> this.jdbc.update(INSERT, "d", "d@x"));
		assertThat(rows()).containsExactly(row("a", null, "a@x"), row("b", "b", "b@x"), row(null, "c", "c@x"),
				row(null, "d", "d@x"));
		assertThat(this.users.listener.rewritten).hasValue(3);
		assertThat(this.users.admission.open()).isZero();
	}

	@Test
	void readsAndUpdatesByTheRulesOfThePhase() throws Exception {
		this.users.plain.update("INSERT INTO users (username, email) VALUES ('old', 'o@x')");
		this.users.phase(Phase.BACKFILL);
		assertThat(this.users.call(() -> this.jdbc.queryForMap(SELECT, "old"))).containsEntry("handle", "old");
		this.users.call(() -> this.jdbc.update("UPDATE users SET handle = ? WHERE email = ?", "new", "o@x"));
		assertThat(rows()).containsExactly(row("new", "new", "o@x"));
	}

	@Test
	void runsTextsOfPlainStatements() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		this.users.call(() -> {
			try (Connection connection = this.users.dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute("INSERT INTO users (handle, email) VALUES ('a', '1')");
				assertThat(statement.executeUpdate("INSERT INTO users (handle, email) VALUES ('b', '2')")).isOne();
				assertThat(statement.executeLargeUpdate("INSERT INTO users (handle, email) VALUES ('c', '3')")).isOne();
				statement.addBatch("INSERT INTO users (handle, email) VALUES ('d', '4')");
				statement.addBatch("INSERT INTO users (handle, email) VALUES ('e', '5')");
				assertThat(statement.executeBatch()).containsExactly(1, 1);
				try (ResultSet results = statement.executeQuery("SELECT handle FROM users ORDER BY handle")) {
					assertThat(results.getStatement()).isSameAs(statement);
					assertThat(results.getStatement().getConnection()).isSameAs(connection);
					results.next();
					assertThat(results.getString("handle")).isEqualTo("a");
				}
			}
			return null;
		});
		assertThat(rows()).hasSize(5).contains(row("a", "a", "1"), row("e", "e", "5"));
	}

	@Test
	void reportsGeneratedKeysOfPreparedStatements() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		this.users.call(() -> {
			try (Connection connection = this.users.dataSource.getConnection()) {
				try (PreparedStatement statement = connection.prepareStatement(INSERT,
						Statement.RETURN_GENERATED_KEYS)) {
					assertKeys(statement, 1);
					assertKeys(statement, 2);
				}
				try (PreparedStatement statement = connection.prepareStatement(INSERT, new String[] { "id" })) {
					assertKeys(statement, 3);
				}
				try (PreparedStatement statement = connection.prepareStatement(INSERT,
						Statement.RETURN_GENERATED_KEYS)) {
					for (int i = 4; i <= 6; i++) {
						statement.setString(1, "u" + i);
						statement.setString(2, "u" + i);
						statement.addBatch();
					}
					assertThat(statement.executeBatch()).containsExactly(1, 1, 1);
					try (ResultSet keys = statement.getGeneratedKeys()) {
						for (int i = 4; i <= 6; i++) {
							assertThat(keys.next()).isTrue();
							assertThat(keys.getLong("id")).isEqualTo(i);
							assertThat(keys.getString("handle")).isEqualTo("u" + i);
						}
						assertThat(keys.next()).isFalse();
					}
				}
			}
			return null;
		});
		assertThat(rows()).hasSize(6).contains(row("u6", "u6", "u6"));
	}

	private static void assertKeys(PreparedStatement statement, long id) throws SQLException {
		statement.setString(1, "u" + id);
		statement.setString(2, "u" + id);
		assertThat(statement.executeUpdate()).isOne();
		assertThat(statement.getUpdateCount()).isOne();
		try (ResultSet keys = statement.getGeneratedKeys()) {
			assertThat(keys.next()).isTrue();
			assertThat(keys.getLong("id")).isEqualTo(id);
			assertThat(keys.getStatement()).isSameAs(statement);
		}
	}

	@Test
	void reportsGeneratedKeysOfPlainStatements() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		String sql = "INSERT INTO users (handle, email) VALUES ('a', 'b')";
		this.users.call(() -> {
			try (Connection connection = this.users.dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				assertThat(statement.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS)).isOne();
				assertKey(statement, 1);
				assertThat(statement.executeUpdate(sql, new String[] { "id" })).isOne();
				assertKey(statement, 2);
				assertThat(statement.execute(sql, Statement.RETURN_GENERATED_KEYS)).isFalse();
				assertKey(statement, 3);
				assertThat(statement.executeLargeUpdate(sql, new String[] { "id" })).isOne();
				assertKey(statement, 4);
				assertThat(statement.executeUpdate(sql)).isOne();
			}
			return null;
		});
	}

	private static void assertKey(Statement statement, long id) throws SQLException {
		try (ResultSet keys = statement.getGeneratedKeys()) {
			assertThat(keys.next()).isTrue();
			assertThat(keys.getLong("id")).isEqualTo(id);
		}
	}

	@Test
	void givesSpringItsGeneratedKeys() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		GeneratedKeyHolder keys = new GeneratedKeyHolder();
		this.users.call(() -> this.jdbc.update((connection) -> {
			PreparedStatement statement = connection.prepareStatement(INSERT, new String[] { "id" });
			statement.setString(1, "a");
			statement.setString(2, "b");
			return statement;
		}, keys));
		assertThat(keys.getKeyAs(Long.class)).isOne();
	}

	@Test
	void batchesAreStillSentAsFewStatements() throws Exception {
		TestDatabase database = this.users.database;
		this.users.plain.execute("CREATE TABLE statements (n int)");
		this.users.plain.execute("""
				CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN INSERT INTO statements VALUES (1); RETURN NULL; END $$""");
		this.users.plain.execute("CREATE TRIGGER count_statements AFTER INSERT ON users FOR EACH STATEMENT"
				+ " EXECUTE FUNCTION count_statement()");
		PGSimpleDataSource rewriting = new PGSimpleDataSource();
		rewriting.setUrl(database.url());
		rewriting.setReWriteBatchedInserts(true);
		ExpandContractDataSource dataSource = new ExpandContractDataSource(rewriting, this.users.interceptor);
		this.users.phase(Phase.DUAL_WRITE);
		this.users.call(() -> {
			try (Connection connection = dataSource.getConnection();
					PreparedStatement statement = connection.prepareStatement(INSERT)) {
				for (int i = 0; i < 64; i++) {
					statement.setString(1, "u" + i);
					statement.setString(2, "e" + i);
					statement.addBatch();
				}
				assertThat(statement.executeBatch()).hasSize(64);
			}
			return null;
		});
		assertThat(rows()).hasSize(64).contains(row("u63", "u63", "e63"));
		assertThat(this.users.plain.queryForObject("SELECT count(*) FROM statements", Integer.class)).isLessThan(8);
	}

	@Test
	void refusesWithTextReasonAndAction() throws Exception {
		this.users.phase(Phase.EXPAND);
		String sql = "SELECT handle FROM users NATURAL JOIN others";
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class)
			.isThrownBy(() -> this.users.call(() -> this.jdbc.queryForList(sql)))
			.withMessageContaining("A natural join changes when a column appears.")
			.withMessageContaining("Name the columns with USING.")
			.withMessageContaining(sql + "\n" + " ".repeat(sql.indexOf("NATURAL")) + "^")
			.withRootCauseInstanceOf(StatementRefusedException.class)
			.havingCause()
			.isInstanceOf(SQLException.class)
			.satisfies((ex) -> assertThat(((SQLException) ex).getSQLState()).isEqualTo("0A000"));
		assertThat(this.users.listener.refused).singleElement()
			.satisfies((refusal) -> assertThat(refusal.getSql()).isEqualTo(sql));
		assertThat(this.users.admission.open()).isZero();
	}

	@Test
	void reportsStatementsOutsideOfACallAndRunsThemAsTheyAre() {
		this.users.phase(Phase.DUAL_WRITE);
		this.jdbc.update(INSERT, "a", "b");
		this.jdbc.execute("INSERT INTO users (handle, email) VALUES ('c', 'd')");
		this.jdbc.queryForList("SELECT email FROM users");
		assertThat(rows()).containsExactly(row(null, "a", "b"), row(null, "c", "d"));
		assertThat(this.users.listener.unannotated).hasSize(2).contains(INSERT);
	}

	@Test
	void refusesStatementsOutsideOfACall() {
		this.users.activate(UnannotatedAccess.FAIL);
		this.users.phase(Phase.DUAL_WRITE);
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class)
			.isThrownBy(() -> this.jdbc.update(INSERT, "a", "b"))
			.withMessageContaining("@ExpandContractRepository");
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class)
			.isThrownBy(() -> this.jdbc.execute("INSERT INTO users (handle, email) VALUES ('c', 'd')"));
		assertThat(this.jdbc.queryForList("SELECT email FROM users")).isEmpty();
		assertThat(this.users.listener.refused).hasSize(2);
	}

	@Test
	void rewritesStatementsOutsideOfACall() throws Exception {
		this.users.activate(UnannotatedAccess.REWRITE);
		this.users.phase(Phase.DUAL_WRITE);
		this.jdbc.update(INSERT, "a", "b");
		this.jdbc.execute("INSERT INTO users (handle, email) VALUES ('c', 'd')");
		assertThat(rows()).containsExactly(row("a", "a", "b"), row("c", "c", "d"));
		assertThat(this.users.admission.open()).isZero();
	}

	@Test
	void holdsUnannotatedTransactionsBeforeTheirFirstStatementOnly() throws Exception {
		this.users.activate(UnannotatedAccess.REWRITE);
		this.users.phase(Phase.DUAL_WRITE);
		try (Connection connection = this.users.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			try (PreparedStatement first = connection.prepareStatement("SELECT 1")) {
				first.executeQuery();
			}
			this.users.admission.hold();
			try (PreparedStatement second = connection.prepareStatement(INSERT)) {
				second.setString(1, "a");
				second.setString(2, "b");
				second.executeUpdate();
			}
			connection.commit();
			assertThat(this.users.admission.idle()).isTrue();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.prepareStatement("SELECT 1"))
				.withMessageContaining("held");
		}
	}

	@Test
	void allStatementsOfATransactionFollowOneSnapshot() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		try (Connection connection = this.users.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			this.users.call(() -> insert(connection, "a"));
			this.users.phase(Phase.STOP_DUAL_WRITE);
			assertThat(this.users.admission.drained()).isFalse();
			this.users.call(() -> insert(connection, "b"));
			connection.rollback(connection.setSavepoint());
			assertThat(this.users.admission.drained()).isFalse();
			connection.commit();
			assertThat(this.users.admission.drained()).isTrue();
			this.users.call(() -> insert(connection, "c"));
			connection.rollback();
			this.users.call(() -> insert(connection, "d"));
			connection.setAutoCommit(true);
			assertThat(this.users.admission.open()).isZero();
		}
		assertThat(rows()).containsExactly(row("a", "a", "-"), row("b", "b", "-"), row(null, "d", "-"));
	}

	private static Void insert(Connection connection, String handle) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
			statement.setString(1, handle);
			statement.setString(2, "-");
			statement.executeUpdate();
		}
		return null;
	}

	@Test
	void closingTheConnectionEndsTheTransaction() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		Connection connection = this.users.dataSource.getConnection();
		connection.setAutoCommit(false);
		this.users.call(() -> connection.prepareStatement(INSERT));
		Statement plain = this.users.call(connection::createStatement);
		assertThat(this.users.admission.open()).isOne();
		connection.close();
		connection.close();
		plain.close();
		assertThat(this.users.admission.open()).isZero();
	}

	@Test
	void abortingTheConnectionReleasesIt() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		Connection connection = this.users.dataSource.getConnection();
		this.users.call(() -> connection.prepareStatement(INSERT));
		connection.abort(Runnable::run);
		assertThat(this.users.admission.open()).isZero();
	}

	@Test
	void anOpenStatementKeepsItsPhase() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		try (Connection connection = this.users.dataSource.getConnection()) {
			PreparedStatement statement = this.users.call(() -> connection.prepareStatement(INSERT));
			this.users.phase(Phase.SWITCH_READS);
			assertThat(this.users.admission.drained()).isFalse();
			statement.setString(1, "a");
			statement.setString(2, "b");
			statement.executeUpdate();
			assertThat(this.users.admission.drained()).isFalse();
			statement.close();
			statement.close();
			assertThat(this.users.admission.drained()).isTrue();
			assertThatExceptionOfType(SQLException.class).isThrownBy(statement::executeUpdate);
			assertThat(this.users.admission.open()).isZero();
		}
		assertThat(rows()).containsExactly(row("a", "a", "b"));
	}

	@Test
	void aStatementOfAnEarlierTransactionCountsInTheNext() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		try (Connection connection = this.users.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			PreparedStatement statement = this.users.call(() -> connection.prepareStatement(INSERT));
			connection.commit();
			this.users.phase(Phase.SWITCH_READS);
			statement.setString(1, "a");
			statement.setString(2, "b");
			statement.executeUpdate();
			statement.close();
			assertThat(this.users.admission.drained()).isFalse();
			connection.commit();
			assertThat(this.users.admission.drained()).isTrue();
		}
	}

	@Test
	void commitsNothingWhenTheLeaseHasRunOut() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		try (Connection connection = this.users.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			this.users.call(() -> insert(connection, "a"));
			expireLease();
			assertExpired(connection::commit);
			connection.setAutoCommit(true);
			this.users.admission.renewLease(System.nanoTime(), Duration.ofMinutes(1));
			connection.setAutoCommit(false);
			this.users.call(() -> insert(connection, "b"));
			expireLease();
			assertExpired(() -> connection.setAutoCommit(true));
			connection.rollback();
			insertOutside(connection);
			connection.commit();
		}
		assertThat(rows()).containsExactly(row("outside", null, null));
		assertThat(this.users.admission.open()).isZero();
	}

	private static void insertOutside(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("INSERT INTO users (username) VALUES ('outside')");
		}
	}

	@Test
	void aStatementThatClosesWithItsResultsIsReleasedWithThem() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		try (Connection connection = this.users.dataSource.getConnection()) {
			PreparedStatement statement = this.users.call(() -> connection.prepareStatement(SELECT));
			statement.closeOnCompletion();
			statement.setString(1, "a");
			ResultSet results = statement.executeQuery();
			assertThat(this.users.admission.open()).isOne();
			results.close();
			assertThat(statement.isClosed()).isTrue();
			assertThat(this.users.admission.open()).isZero();
		}
	}

	@Test
	void aPlainStatementStaysInsideTheCallThatCreatedIt() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		try (Connection connection = this.users.dataSource.getConnection()) {
			Statement statement = this.users.call(connection::createStatement);
			statement.execute("INSERT INTO users (handle, email) VALUES ('a', 'b')");
			statement.close();
			try (Statement outside = connection.createStatement()) {
				this.users.call(() -> outside.execute("INSERT INTO users (handle, email) VALUES ('c', 'd')"));
			}
			assertThat(this.users.admission.open()).isZero();
		}
		assertThat(rows()).containsExactly(row("a", "a", "b"), row("c", "c", "d"));
		assertThat(this.users.listener.unannotated).isEmpty();
	}

	@Test
	void runsNothingWhenTheLeaseHasRunOut() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		try (Connection connection = this.users.dataSource.getConnection()) {
			this.users.call(() -> {
				PreparedStatement statement = connection.prepareStatement(INSERT);
				statement.setString(1, "a");
				statement.setString(2, "b");
				statement.addBatch();
				Statement plain = connection.createStatement();
				expireLease();
				assertExpired(statement::executeUpdate);
				assertExpired(statement::executeBatch);
				assertExpired(() -> plain.execute("INSERT INTO users (handle, email) VALUES ('a', 'b')"));
				PreparedStatement late = connection.prepareStatement(INSERT);
				late.setString(1, "a");
				late.setString(2, "b");
				assertExpired(late::executeUpdate);
				assertExpired(late::getMetaData);
				assertExpired(late::getParameterMetaData);
				assertExpired(() -> connection.prepareStatement("SELECT 1"));
				this.users.phase(Phase.SWITCH_READS);
				this.users.admission.renewLease(System.nanoTime(), Duration.ofMinutes(1));
				assertExpired(statement::executeUpdate);
				return null;
			});
		}
		assertThat(rows()).isEmpty();
		this.users.call(() -> this.jdbc.update(INSERT, "a", "b"));
		assertThat(rows()).hasSize(1);
	}

	@Test
	void aTransactionThatHasOnlyAskedWhatAStatementReturnsIsOpen() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		try (Connection connection = this.users.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			this.users.call(() -> {
				try (PreparedStatement statement = connection.prepareStatement("SELECT handle FROM users")) {
					assertThat(statement.getMetaData().getColumnCount()).isOne();
				}
				return null;
			});
			this.users.admission.hold();
			assertThat(this.users.admission.idle()).isFalse();
			connection.commit();
			assertThat(this.users.admission.idle()).isTrue();
			this.users.admission.release();
		}
	}

	@Test
	void springTakesAnExpiredLeaseForTransient() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		this.users.call(() -> {
			expireLease();
			assertThatExceptionOfType(TransientDataAccessResourceException.class)
				.isThrownBy(() -> this.jdbc.update(INSERT, "a", "b"))
				.withMessageContaining("Roll back and repeat the transaction.")
				.withRootCauseInstanceOf(LeaseExpiredException.class);
			return null;
		});
	}

	@Test
	void aCallThatWasAdmittedUnderContractRunsNothingWhenTheLeaseHasRunOut() throws Exception {
		this.users.phase(Phase.CONTRACT);
		this.users.call(() -> {
			try (Connection connection = this.users.dataSource.getConnection()) {
				expireLease();
				assertExpired(() -> connection.prepareStatement(INSERT));
			}
			return null;
		});
	}

	private void expireLease() {
		this.users.admission.renewLease(System.nanoTime() - 2_000_000_000L, Duration.ofSeconds(1));
	}

	private static void assertExpired(ThrowingCallable work) {
		assertThatExceptionOfType(SQLException.class).isThrownBy(work).withCauseInstanceOf(LeaseExpiredException.class);
	}

	@Test
	void aTransactionUnderContractIsCountedForTheWayBack() throws Exception {
		this.users.phase(Phase.CONTRACT);
		try (Connection connection = this.users.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			this.users.call(() -> insert(connection, "a"));
			this.users.admission.hold();
			assertThat(this.users.admission.idle()).isFalse();
			connection.commit();
			assertThat(this.users.admission.idle()).isTrue();
			this.users.admission.release();
		}
	}

	@Test
	void aStreamOfTheDriversOwnStatementLeavesNothingOpen() throws Exception {
		for (Phase phase : List.of(Phase.CONTRACT, Phase.DUAL_WRITE)) {
			this.users.phase(phase);
			this.users.call(() -> {
				try (Stream<String> emails = this.jdbc.queryForStream("SELECT email FROM users",
						(results, number) -> results.getString(1))) {
					assertThat(emails).isEmpty();
				}
				return null;
			});
			assertThat(this.users.admission.open()).isZero();
		}
	}

	@Test
	void aNewViewOfTheCatalogReplacesTheRules() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		RuleBook before = this.users.interceptor.book();
		this.users.interceptor.schemaChanged(Users.SCHEMA);
		assertThat(this.users.interceptor.book()).isSameAs(before);
		this.users.interceptor
			.schemaChanged(new SchemaView(2, List.of("public"), Map.of(), Set.of(), Map.of(), Set.of()));
		assertThat(this.users.interceptor.book()).isNotSameAs(before);
		this.users.call(() -> this.jdbc.update(INSERT, "a", "b"));
		assertThat(rows()).containsExactly(row("a", "a", "b"));
	}

	@Test
	void refusesUpdatableResultSetsOfRewrittenTexts() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		this.users.call(() -> {
			try (Connection connection = this.users.dataSource.getConnection()) {
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> connection.prepareStatement(SELECT, ResultSet.TYPE_FORWARD_ONLY,
							ResultSet.CONCUR_UPDATABLE))
					.withMessageContaining("CONCUR_READ_ONLY");
				try (Statement statement = connection.createStatement(ResultSet.TYPE_FORWARD_ONLY,
						ResultSet.CONCUR_UPDATABLE)) {
					assertThatExceptionOfType(SQLException.class)
						.isThrownBy(() -> statement.executeQuery("SELECT handle FROM users"))
						.withMessageContaining("CONCUR_READ_ONLY");
				}
			}
			return null;
		});
		assertThat(this.users.admission.open()).isZero();
	}

	@Test
	void scrollsAndFetchesAsAsked() throws Exception {
		this.users.plain.update("INSERT INTO users (username) SELECT 'u' || n FROM generate_series(1, 50) n");
		this.users.phase(Phase.DUAL_WRITE);
		this.users.call(() -> {
			try (Connection connection = this.users.dataSource.getConnection();
					PreparedStatement statement = connection.prepareStatement("SELECT id, handle FROM users",
							ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
				statement.setFetchSize(10);
				assertThat(statement.getFetchSize()).isEqualTo(10);
				assertThat(statement.execute()).isTrue();
				ResultSet results = statement.getResultSet();
				assertThat(results.last()).isTrue();
				assertThat(results.getRow()).isEqualTo(50);
				assertThat(results.getMetaData().getColumnLabel(2)).isEqualTo("handle");
				assertThat(statement.getMetaData().getColumnLabel(2)).isEqualTo("handle");
				assertThat(statement.getMoreResults()).isFalse();
				assertThat(statement.getUpdateCount()).isEqualTo(-1);
			}
			return null;
		});
	}

	@Test
	void unwrapsToTheDriver() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		this.users.call(() -> {
			try (HikariDataSource pool = this.users.database.pool(2)) {
				ExpandContractDataSource pooled = new ExpandContractDataSource(pool, this.users.interceptor);
				assertThat(pooled.unwrap(HikariDataSource.class)).isSameAs(pool);
				assertThat(pooled.isWrapperFor(HikariDataSource.class)).isTrue();
				try (Connection connection = pooled.getConnection();
						PreparedStatement statement = connection.prepareStatement(INSERT);
						CallableStatement call = connection.prepareCall("SELECT handle FROM users")) {
					assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
					assertThat(connection.unwrap(PGConnection.class)).isNotNull();
					assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
					assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
					assertThat(statement.unwrap(PGStatement.class)).isNotNull();
					assertThat(statement.unwrap(PreparedStatement.class)).isSameAs(statement);
					assertThat(statement.getConnection()).isSameAs(connection);
					assertThat(call.execute()).isTrue();
					assertThat(List.of(connection)).contains(connection);
					assertThat(Set.<Object>of(statement, call)).contains(statement, call).doesNotContain(connection);
					assertThat(statement.toString()).contains("username");
				}
				assertThat(this.users.admission.open()).isOne();
				assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
			}
			return null;
		});
	}

	@Test
	void metadataTellsACallNothingOfAColumnThatGoesAway() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		assertThat(columnsByMetadata()).contains("username", "handle");
		assertThat(this.users.call(() -> columnsByMetadata())).contains("handle", "email").doesNotContain("username");
		this.users.phase(Phase.CONTRACT);
		assertThat(this.users.call(() -> columnsByMetadata())).contains("username", "handle");
	}

	@Test
	void metadataTellsACallTheNameThatAColumnWillHave() throws Exception {
		this.users.plain.execute("ALTER TABLE users DROP COLUMN handle");
		activate(Users.CHANGE.inPlace());
		assertThat(columnsByMetadata()).contains("username").doesNotContain("handle");
		assertThat(this.users.call(() -> columnsByMetadata())).contains("handle").doesNotContain("username");
		assertThat(columnsInCall("handle")).containsExactly("handle");
		assertThat(columnsInCall("h_nd%")).containsExactly("handle");
		assertThat(columnsInCall("username")).isEmpty();
	}

	@Test
	void metadataTellsACallTheTypeThatAColumnWillHaveUnderItsName() throws Exception {
		this.users.plain
			.execute("ALTER TABLE users ALTER handle TYPE int USING NULL, ALTER username TYPE numeric(9,2) USING NULL");
		ChangeType change = ChangeDeclaration
			.changeType("users", "handle", "username", "numeric(9,2)", "handle / 100.0", "(username * 100)::int")
			.on(Users.CHANGE.table());
		activate(new ChangeType(Users.CHANGE.id(), change.table(), "handle", "username", true, change.type(),
				change.upward(), change.downward(), true, "User.handle"));
		String type = this.users.call(() -> {
			try (Connection connection = this.users.dataSource.getConnection();
					ResultSet rows = connection.getMetaData().getColumns(null, null, "users", "handle")) {
				assertThat(rows.next()).isTrue();
				assertThat(rows.getObject(4)).isEqualTo("handle");
				String found = rows.getString("TYPE_NAME");
				assertThat(rows.next()).isFalse();
				return found;
			}
		});
		assertThat(type).isEqualTo("numeric");
	}

	/**
	 * Puts another change in the place of the rename.
	 */
	private void activate(Change change) {
		JdbcTemplate plain = this.users.plain;
		SchemaView schema = new SchemaViewReader(plain, () -> SchemaViewReader.searchPath(plain), List.of(change))
			.read();
		this.users.interceptor.activate(List.of(change), SyncMode.BOTH, UnannotatedAccess.WARN, schema);
		this.users.phase(Phase.SWITCH_READS);
	}

	private List<String> columnsByMetadata() throws SQLException {
		return columnsLike(null);
	}

	private List<String> columnsInCall(String pattern) throws Exception {
		return this.users.call(() -> columnsLike(pattern));
	}

	private List<String> columnsLike(@Nullable String pattern) throws SQLException {
		List<String> columns = new ArrayList<>();
		try (Connection connection = this.users.dataSource.getConnection();
				ResultSet rows = connection.getMetaData().getColumns(null, null, "users", pattern)) {
			while (rows.next()) {
				columns.add(rows.getString("COLUMN_NAME"));
			}
		}
		return columns;
	}

	@Test
	void springRecognizesItsConnection() {
		this.users.phase(Phase.DUAL_WRITE);
		DataSourceTransactionManager manager = new DataSourceTransactionManager(this.users.dataSource);
		new TransactionTemplate(manager).executeWithoutResult((status) -> assertThatNoException().isThrownBy(() -> {
			Connection connection = DataSourceUtils.getConnection(this.users.dataSource);
			assertThat(DataSourceUtils.isConnectionTransactional(connection, this.users.dataSource)).isTrue();
			assertThat(DataSourceUtils.isConnectionTransactional(DataSourceUtils.getTargetConnection(connection),
					this.users.dataSource))
				.isTrue();
			this.users.call(() -> this.jdbc.update(INSERT, "a", "b"));
			assertThat(this.users.admission.open()).isOne();
		}));
		assertThat(this.users.admission.open()).isZero();
		assertThat(rows()).hasSize(1);
	}

	@Test
	void reportsTheCallersParameters() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		this.users.call(() -> {
			try (Connection connection = this.users.dataSource.getConnection();
					PreparedStatement statement = connection.prepareStatement(INSERT)) {
				assertThat(statement.getParameterMetaData().getParameterCount()).isEqualTo(2);
				assertThat(statement.getParameterMetaData().getParameterTypeName(2)).isEqualTo("text");
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> statement.getParameterMetaData().getParameterType(3));
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.setString(3, "x"))
					.withMessage("The column index is out of range: 3, number of columns: 2.")
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("22023"));
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.setString(0, "x"));
				statement.setString(1, "x");
				assertThatExceptionOfType(SQLException.class).isThrownBy(statement::executeUpdate)
					.withMessage("No value specified for parameter 2.");
				statement.setBinaryStream(2, new ByteArrayInputStream(new byte[0]));
				statement.clearParameters();
				assertThatExceptionOfType(SQLException.class).isThrownBy(statement::addBatch)
					.withMessage("No value specified for parameter 1.");
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.executeUpdate("SELECT 1"));
			}
			return null;
		});
	}

	private List<String> rows() {
		return this.users.plain.query("SELECT username, handle, email FROM users ORDER BY id",
				(results, number) -> row(results.getString(1), results.getString(2), results.getString(3)));
	}

	private static String row(String username, String handle, String email) {
		return username + "," + handle + "," + email;
	}

}
