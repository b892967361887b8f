package io.github.expandcontract.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGStatement;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Statements with stars that the server has prepared, and transactions that are open
 * while a column comes, while a phase changes, and while the column goes.
 */
class StarsThroughPhasesIntegrationTests {

	private static final int TIMES = 7;

	/** Statements and the columns that they list, in the table's final order. */
	private static final Map<String, String> STARS = Map.ofEntries(
			Map.entry("SELECT * FROM users WHERE id = #", "id, handle, email"),
			Map.entry("SELECT u.* FROM users u ORDER BY handle LIMIT 1", "id, handle, email"),
			Map.entry("SELECT o.*, u.* FROM users u JOIN orders o ON o.user_id = u.id WHERE o.id = #",
					"id, user_id, handle, id, handle, email"),
			Map.entry("SELECT * FROM orders o JOIN users u ON o.user_id = u.id WHERE o.id = #",
					"id, user_id, handle, id, handle, email"),
			Map.entry("SELECT * FROM users JOIN orders USING (id) WHERE id = #", "id, handle, email, user_id, handle"),
			Map.entry("WITH found AS (SELECT * FROM users WHERE id = #) SELECT *, 1 AS one FROM found",
					"id, handle, email, one"),
			Map.entry("SELECT f.* FROM (SELECT u.* FROM users u WHERE u.handle = 'ann#') f", "id, handle, email"),
			Map.entry("TABLE users LIMIT 1", "id, handle, email"),
			Map.entry("SELECT * FROM users WHERE id = # FOR SHARE", "id, handle, email"),
			Map.entry("UPDATE users SET email = 'x' WHERE id = # RETURNING *", "id, handle, email"),
			Map.entry("UPDATE users u SET handle = 'ann#' WHERE id = # RETURNING u.*, 2 AS two",
					"id, handle, email, two"),
			Map.entry("INSERT INTO users (handle) VALUES ('new#') RETURNING *", "id, handle, email"),
			Map.entry("DELETE FROM users WHERE handle = 'new#' RETURNING *", "id, handle, email"),
			Map.entry("SELECT * FROM people WHERE id = #", "id, username, email"));

	private final TestDatabase database = TestDatabase.create();

	private Rename rename = create(SyncMode.BOTH);

	private Rename create(SyncMode sync) {
		this.database.jdbc().execute("""
				DROP TABLE IF EXISTS users, orders CASCADE;
				CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, username text, email text);
				INSERT INTO users (username, email) VALUES ('ann1', 'a@x'), ('ann2', 'b@x'), ('ann3', 'c@x');
				CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, handle text);
				INSERT INTO orders VALUES (1, 1, 'order'), (2, 2, 'order'), (3, 3, 'order')""");
		if (sync.hasTrigger()) {
			this.database.jdbc().execute("CREATE VIEW people AS SELECT * FROM users");
		}
		return new Rename(this.database, sync);
	}

	@AfterEach
	void close() {
		this.rename.close();
	}

	@Test
	void transactionsGoOnAcrossEachMove() throws Exception {
		try (Connection pooled = this.rename.dataSource.getConnection();
				Connection begun = this.rename.dataSource.getConnection();
				Connection inside = this.rename.dataSource.getConnection()) {
			pooled.setAutoCommit(false);
			begun.setAutoCommit(false);
			inside.setAutoCommit(false);
			for (Phase phase : Rename.FORWARD) {
				readAll(pooled, 3);
				pooled.commit();
				readAll(begun, 2);
				begun.commit();
				// This transaction has begun, but does not belong to a call yet.
				begin(begun);
				boolean touched = phase != Phase.EXPAND && phase != Phase.CONTRACT;
				if (touched) {
					// And this one does: it keeps the rules under which it began.
					readAll(inside, 1);
				}
				step(phase);
				if (touched) {
					readAll(inside, 1);
					assertThat(this.rename.admission.drained()).isFalse();
					inside.commit();
				}
				readAll(begun, 2);
				begun.commit();
				readAll(pooled, 3);
				pooled.commit();
				assertThat(this.rename.admission.drained()).isTrue();
			}
			assertThat(preparedOnTheServer(pooled)).contains("SELECT * FROM users WHERE id = 3")
				.anyMatch((sql) -> sql.matches("SELECT id, username AS handle, email FROM users WHERE id = 3"))
				.anyMatch((sql) -> sql.matches("SELECT id, handle, email FROM users WHERE id = 3"));
			this.rename.move(Phase.BACKFILL);
			readAll(pooled, 3);
			pooled.commit();
			this.rename.move(Phase.SWITCH_READS);
			this.rename.move(Phase.STOP_DUAL_WRITE);
			this.rename.move(Phase.CONTRACT);
			begin(begun);
			readAll(begun, 2);
			readAll(pooled, 3);
		}
		assertThat(this.rename.listener.refused).isEmpty();
	}

	@Test
	void heldCutoverLetsGoOfATransactionThatHasReadTheTable() throws Exception {
		forward(Phase.STOP_DUAL_WRITE);
		try (Connection open = this.rename.dataSource.getConnection();
				Connection waiting = this.rename.dataSource.getConnection()) {
			open.setAutoCommit(false);
			waiting.setAutoCommit(false);
			readAll(waiting, 2);
			waiting.commit();
			begin(waiting);
			readAll(open, 1);
			assertThat(this.rename.contract(Duration.ofMillis(200))).isFalse();
			readAll(open, 1);
			open.commit();
			assertThat(this.rename.contract(Duration.ofSeconds(10))).isTrue();
			readAll(waiting, 2);
			waiting.commit();
			readAll(open, 1);
			open.commit();
		}
	}

	/**
	 * The column goes before this instance hears of the last phase, and the catalog is
	 * read again in between.
	 */
	@ParameterizedTest
	@EnumSource(names = { "BOTH", "APPLICATION" })
	void transactionOfTheLastPhaseGoesOnWhenNothingIsHeld(SyncMode sync) throws Exception {
		this.rename.close();
		this.rename = create(sync);
		forward(Phase.STOP_DUAL_WRITE);
		assertThat(this.rename.steps.heldCutover(Rename.CHANGE)).isFalse();
		try (Connection connection = this.rename.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			readAll(connection, 1);
			connection.commit();
			this.rename.call(() -> read(connection, "SELECT count(*) AS count FROM orders", "count", true));
			this.rename.steps.contract(Rename.CHANGE, Duration.ofSeconds(5), (jdbc) -> {
			});
			this.rename.refresh();
			readAll(connection, 1);
			connection.commit();
			readAll(connection, 1);
		}
	}

	@Test
	void sameTransactionsFailWithoutRewriting() throws Exception {
		try (Connection plain = DriverManager.getConnection(this.database.url() + "&prepareThreshold=1")) {
			plain.setAutoCommit(false);
			String star = "SELECT * FROM users WHERE id = 1";
			read(plain, star, "id, username, email", true);
			plain.commit();
			begin(plain);
			this.rename.move(Phase.EXPAND);
			assertCachedPlanFails(plain, star);
			plain.rollback();
			forward(Phase.STOP_DUAL_WRITE);
			read(plain, "SELECT * FROM users WHERE id = 3", "id, username, email, handle", true);
			plain.commit();
			begin(plain);
			this.rename.move(Phase.CONTRACT);
			assertCachedPlanFails(plain, "SELECT * FROM users WHERE id = 3");
		}
	}

	private static void assertCachedPlanFails(Connection connection, String sql) throws SQLException {
		try {
			read(connection, sql, "", true);
		}
		catch (SQLException ex) {
			assertThat(ex.getSQLState()).isEqualTo("0A000");
			assertThat(ex.getMessage()).contains("cached plan must not change result type");
			connection.rollback();
			return;
		}
		throw new AssertionError("The server went on with another result type: " + sql);
	}

	private void forward(Phase last) {
		for (Phase phase : Rename.FORWARD) {
			if (!last.isBefore(phase)) {
				this.rename.move(phase);
			}
		}
	}

	/**
	 * Moves without waiting for transactions that are open.
	 */
	private void step(Phase phase) {
		if (phase == Phase.DUAL_WRITE || phase == Phase.BACKFILL || phase == Phase.STOP_DUAL_WRITE) {
			this.rename.publish(phase);
		}
		else if (phase == Phase.SWITCH_READS) {
			this.rename.fill();
			this.rename.publish(phase);
		}
		else {
			this.rename.move(phase);
		}
	}

	private static void begin(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT 1");
		}
	}

	/**
	 * Runs each statement so often that it is the server's prepared one, each time within
	 * a call of its own.
	 */
	private void readAll(Connection connection, int number) throws Exception {
		for (Map.Entry<String, String> star : STARS.entrySet()) {
			if (star.getKey().contains("people") && !this.rename.sync().hasTrigger()) {
				continue;
			}
			String sql = star.getKey().replace("#", Integer.toString(number));
			// Without a trigger it is the copy that stays, at the end of the table.
			boolean inOrder = this.rename.sync().hasTrigger();
			this.rename.call(() -> read(connection, sql, star.getValue(), inOrder));
		}
	}

	private static String read(Connection connection, String sql, String labels, boolean inOrder) throws SQLException {
		for (int i = 0; i < TIMES; i++) {
			try (PreparedStatement statement = connection.prepareStatement(sql);
					ResultSet rows = statement.executeQuery()) {
				List<String> listed = labels(rows.getMetaData());
				if (inOrder) {
					assertThat(String.join(", ", listed)).as(sql).isEqualTo(labels);
				}
				assertThat(listed).as(sql).containsExactlyInAnyOrder(labels.split(", ", -1));
				while (rows.next()) {
					if (sql.contains("WHERE id = ") && labels.contains("handle")) {
						assertThat(rows.getString("handle")).isEqualTo("ann" + rows.getLong("id"));
					}
				}
				assertThat(statement.unwrap(PGStatement.class).isUseServerPrepare()).isTrue();
			}
		}
		return sql;
	}

	private static List<String> labels(ResultSetMetaData metaData) throws SQLException {
		List<String> labels = new ArrayList<>();
		for (int i = 1; i <= metaData.getColumnCount(); i++) {
			labels.add(metaData.getColumnLabel(i));
		}
		return labels;
	}

	private static List<String> preparedOnTheServer(Connection connection) throws SQLException {
		List<String> prepared = new ArrayList<>();
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SELECT statement FROM pg_prepared_statements")) {
			while (rows.next()) {
				prepared.add(rows.getString(1));
			}
		}
		return prepared;
	}

}
