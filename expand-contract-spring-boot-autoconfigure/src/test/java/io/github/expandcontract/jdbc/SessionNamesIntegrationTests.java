package io.github.expandcontract.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.testing.ServerVersion;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Names that mean the changing table in one session and something else in another: search
 * paths, temporary tables, and views over the table.
 */
class SessionNamesIntegrationTests {

	private static final String READ = "SELECT handle FROM users ORDER BY handle";

	private final TestDatabase database = TestDatabase.create();

	private Rename rename;

	private Connection connection;

	@BeforeEach
	void start() throws SQLException {
		this.database.jdbc().execute("""
				CREATE TABLE users (id bigint PRIMARY KEY, username text, email text);
				INSERT INTO users VALUES (1, 'ours', 'o@x');
				CREATE VIEW people AS SELECT id, username, email FROM users;
				CREATE VIEW named AS SELECT id, username AS handle FROM users;
				CREATE SCHEMA tenant;
				CREATE TABLE tenant.users (id bigint PRIMARY KEY, username text, handle text);
				INSERT INTO tenant.users VALUES (1, 'wrong', 'theirs');
				CREATE SCHEMA empty;
				CREATE FUNCTION become_tenant() RETURNS text LANGUAGE sql AS $$
					SELECT set_config('search_path', 'tenant, public', false) $$""");
		this.rename = new Rename(this.database, SyncMode.BOTH);
		this.rename.expand();
		this.connection = this.rename.dataSource.getConnection();
	}

	@AfterEach
	void close() throws SQLException {
		this.connection.close();
		this.rename.close();
	}

	private void forward(Phase last) {
		for (Phase phase : Rename.FORWARD) {
			if (!last.isBefore(phase)) {
				this.rename.move(phase);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET search_path TO tenant, public", "SET/* who */search_path = 'tenant'",
			"SET SESSION search_path TO tenant", "SELECT set_config('search_path', 'tenant', false)",
			"SET SCHEMA 'tenant'", "set -- to\n schema 'tenant'" })
	void tableOfAnotherSchemaIsLeftAlone(String move) throws Exception {
		assertThat(read(READ)).containsExactly("ours");
		outside(move);
		assertThat(read(READ)).containsExactly("theirs");
		write("UPDATE users SET handle = 'changed'");
		write("INSERT INTO users (id, handle) VALUES (2, 'new')");
		assertThat(read("SELECT handle FROM public.users")).containsExactly("ours");
		assertThat(read("SELECT p.handle || t.handle FROM public.users p, users t WHERE t.id = 2"))
			.containsExactly("oursnew");
		assertThat(plain("SELECT concat(username, '|', handle) FROM tenant.users ORDER BY id"))
			.containsExactly("wrong|changed", "|new");
		outside("SET search_path TO public");
		assertThat(read(READ)).containsExactly("ours");
		try (Connection other = this.rename.dataSource.getConnection()) {
			assertThat(read(other, READ)).containsExactly("ours");
		}
	}

	@Test
	void pathThatWasSetInsideACallHoldsForItsNextStatement() throws Exception {
		this.rename.call(() -> {
			try (Statement statement = this.connection.createStatement()) {
				statement.execute("SET search_path TO tenant");
				return assertThat(rows(statement.executeQuery(READ))).containsExactly("theirs");
			}
		});
	}

	@Test
	void pathThatWasPreparedBeforeAndSetLaterHolds() throws Exception {
		try (PreparedStatement move = this.connection.prepareStatement("SET search_path TO tenant")) {
			assertThat(read(READ)).containsExactly("ours");
			move.execute();
			assertThat(read(READ)).containsExactly("theirs");
		}
	}

	@Test
	void schemaOfTheConnectionIsSeen() throws Exception {
		this.connection.setSchema("tenant");
		assertThat(read(READ)).containsExactly("theirs");
		this.connection.setSchema("public");
		assertThat(read(READ)).containsExactly("ours");
	}

	@Test
	void localPathEndsWithItsTransaction() throws Exception {
		this.connection.setAutoCommit(false);
		outside("SET LOCAL search_path TO tenant");
		assertThat(read(READ)).containsExactly("theirs");
		this.connection.commit();
		assertThat(read(READ)).containsExactly("ours");
		outside("SET search_path TO tenant");
		assertThat(read(READ)).containsExactly("theirs");
		this.connection.rollback();
		assertThat(read(READ)).containsExactly("ours");
	}

	@Test
	void pathStaysWithAPooledConnection() throws Exception {
		outside("SET search_path TO tenant");
		List<String> physical = backend(this.connection);
		this.connection.close();
		List<Connection> all = new ArrayList<>();
		boolean met = false;
		while (!met && all.size() < 20) {
			Connection next = this.rename.dataSource.getConnection();
			all.add(next);
			met = backend(next).equals(physical);
			assertThat(read(next, READ)).containsExactly(met ? "theirs" : "ours");
		}
		assertThat(met).isTrue();
		for (Connection connection : all) {
			connection.close();
		}
	}

	@Test
	void tableOutsideThePathIsNotFoundAndNotGuessed() throws Exception {
		outside("SET search_path TO empty");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> read(READ))
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("42P01"));
		assertThat(read("SELECT handle FROM public.users")).containsExactly("ours");
	}

	@Test
	void pathThatAFunctionSetsIsSeenWhereTheServerReportsIt() throws Exception {
		assumeReportedPath();
		assertThat(read(READ)).containsExactly("ours");
		outside("SELECT become_tenant()");
		assertThat(read(READ)).containsExactly("theirs");
	}

	@Test
	void pathOfNewSessionsIsSeenWhereTheServerReportsIt() throws Exception {
		assumeReportedPath();
		assertThat(read(READ)).containsExactly("ours");
		this.rename.plain.execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = tenant',"
				+ " current_database()); END $$");
		this.rename.pool.getHikariPoolMXBean().softEvictConnections();
		try (Connection fresh = this.rename.dataSource.getConnection()) {
			String path = String.join("", rows(fresh.createStatement().executeQuery("SHOW search_path")));
			assertThat(read(fresh, READ)).containsExactly(path.equals("tenant") ? "theirs" : "ours");
		}
		assertThat(read(READ)).containsExactly("ours");
	}

	private void assumeReportedPath() {
		ServerVersion.assume(18, this.rename.plain, "the report of a changed search path");
	}

	@ParameterizedTest
	@EnumSource(names = { "EXPAND", "DUAL_WRITE", "SWITCH_READS", "STOP_DUAL_WRITE" })
	void temporaryTableHidesTheTable(Phase phase) throws Exception {
		forward(phase);
		outside("CREATE TEMP TABLE users (id bigint PRIMARY KEY, handle text, username text)");
		write("INSERT INTO users (id, handle) VALUES (7, 'temporary')");
		write("INSERT INTO users (id, handle) VALUES (7, 'again') ON CONFLICT (id)"
				+ " DO UPDATE SET handle = EXCLUDED.handle");
		assertThat(read(READ)).containsExactly("again");
		assertThat(read("SELECT * FROM users")).containsExactly("7");
		assertThat(read("SELECT handle FROM pg_temp.users WHERE username IS NULL")).containsExactly("again");
		assertThat(read("SELECT handle FROM public.users")).containsExactly("ours");
		write("DELETE FROM users WHERE handle = 'again'");
		outside("DROP TABLE users");
		assertThat(read(READ)).containsExactly("ours");
		this.connection.setAutoCommit(false);
		outside("CREATE LOCAL TEMPORARY TABLE users ON COMMIT DROP AS SELECT 1 AS id, 'short' AS handle");
		// By another text: the server keeps the plan of one that it has prepared.
		assertThat(read("SELECT handle FROM users WHERE id = 1")).containsExactly("short");
		this.connection.commit();
		assertThat(read(READ)).containsExactly("ours");
	}

	@Test
	void temporaryTableThatACallCreatesIsRefusedOrHasTheFinalColumns() throws Exception {
		for (String sql : List.of("CREATE TEMP TABLE users (id int, handle text)",
				"CREATE TEMP TABLE copied AS SELECT * FROM users")) {
			assertThatExceptionOfType(SQLException.class).as(sql)
				.isThrownBy(() -> write(sql))
				.withCauseInstanceOf(StatementRefusedException.class);
		}
		write("SELECT * INTO TEMP copied FROM users");
		assertThat(read("SELECT concat(id, handle, email) FROM copied")).containsExactly("1ourso@x");
	}

	@ParameterizedTest
	@EnumSource(names = { "EXPAND", "DUAL_WRITE", "STOP_DUAL_WRITE" })
	void columnOfATemporaryTableIsNotTakenForThatOfAnOuterOne(Phase phase) throws Exception {
		forward(phase);
		outside("CREATE TEMP TABLE staging (handle text, note text)");
		write("INSERT INTO staging (handle, note) VALUES ('staged', 'n'), ('ours', NULL)");
		assertThat(read("SELECT email FROM users u WHERE EXISTS (SELECT 1 FROM staging WHERE handle = 'staged')"))
			.containsExactly("o@x");
		assertThat(read("SELECT u.handle FROM users u JOIN staging s ON s.handle = u.handle")).containsExactly("ours");
		write("INSERT INTO users (id, handle) SELECT 2, handle FROM staging WHERE note = 'n'");
		assertThat(read(READ)).containsExactly("ours", "staged");
		assertThat(plain("SELECT username FROM users ORDER BY id")).containsExactly("ours", "staged");
	}

	@ParameterizedTest
	@EnumSource(names = { "EXPAND", "DUAL_WRITE", "BACKFILL", "SWITCH_READS", "STOP_DUAL_WRITE", "CONTRACT" })
	void viewsKeepTheirOwnColumns(Phase phase) throws Exception {
		forward(phase);
		assertThat(read("SELECT username FROM people")).containsExactly("ours");
		assertThat(read("SELECT handle FROM named WHERE handle = 'ours'")).containsExactly("ours");
		assertThat(read("SELECT p.username || u.handle FROM people p JOIN users u ON u.handle = p.username"))
			.containsExactly("oursours");
		assertThat(read("SELECT handle FROM users WHERE id IN (SELECT id FROM people WHERE username = handle)"))
			.containsExactly("ours");
		write("UPDATE people SET username = 'by view' WHERE username = 'ours'");
		assertThat(read(READ)).containsExactly("by view");
		write("INSERT INTO named (id, handle) VALUES (2, 'named')");
		assertThat(read(READ)).containsExactly("by view", "named");
		write("UPDATE users SET handle = 'by table' WHERE handle = 'named'");
		assertThat(read("SELECT username FROM people WHERE id = 2")).containsExactly("by table");
		write("DELETE FROM people WHERE username = 'by view'");
		assertThat(read("SELECT handle FROM named")).containsExactly("by table");
	}

	private List<String> read(String sql) throws Exception {
		return read(this.connection, sql);
	}

	private List<String> read(Connection on, String sql) throws Exception {
		return this.rename.call(() -> {
			try (PreparedStatement statement = on.prepareStatement(sql)) {
				return rows(statement.executeQuery());
			}
		});
	}

	private void write(String sql) throws Exception {
		this.rename.call(() -> {
			try (Statement statement = this.connection.createStatement()) {
				return statement.execute(sql);
			}
		});
	}

	private void outside(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private List<String> plain(String sql) {
		return this.rename.plain.queryForList(sql, String.class);
	}

	private static List<String> backend(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			return rows(statement.executeQuery("SELECT pg_backend_pid()"));
		}
	}

	private static List<String> rows(ResultSet rows) throws SQLException {
		List<String> values = new ArrayList<>();
		while (rows.next()) {
			values.add(rows.getString(1));
		}
		return values;
	}

}
