package io.github.expandcontract.sample.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/**
 * A stand-in for the release before: plain JDBC on its own pool, which knows
 * {@code username} and a price in cents, and has never heard of {@code handle}.
 */
final class PreviousRelease implements Release, AutoCloseable {

	private static final String COLUMNS = "id, username, email, visits";

	private final HikariDataSource pool;

	private final PreviousReleaseOrders orders;

	PreviousRelease(DemoDatabase database) {
		HikariConfig config = new HikariConfig();
		config.setPoolName("previous-release");
		config.setJdbcUrl(database.url());
		config.setUsername(database.user());
		config.setPassword(database.password());
		config.addDataSourceProperty("ApplicationName", "previous-release");
		config.addDataSourceProperty("socketTimeout", "30");
		config.setMaximumPoolSize(4);
		this.pool = new HikariDataSource(config);
		this.orders = new PreviousReleaseOrders(this.pool);
	}

	@Override
	public Seen create(String handle, String email) {
		return single("INSERT INTO users (username, email) VALUES (?, ?) RETURNING " + COLUMNS, handle, email);
	}

	@Override
	public List<Seen> createAll(List<String> handles) {
		return on((connection) -> {
			connection.setAutoCommit(false);
			try (PreparedStatement insert = connection
				.prepareStatement("INSERT INTO users (username, email) VALUES (?, ?)")) {
				for (String handle : handles) {
					insert.setString(1, handle);
					insert.setString(2, Release.emailOf(handle));
					insert.addBatch();
				}
				insert.executeBatch();
			}
			List<Seen> created = query(connection, "SELECT " + COLUMNS + " FROM users WHERE username = ANY (?)",
					connection.createArrayOf("text", handles.toArray()));
			connection.commit();
			return created;
		});
	}

	@Override
	public Seen signIn(String handle, String email) {
		return single("""
				INSERT INTO users (username, email, visits) VALUES (?, ?, 1)
				ON CONFLICT (username) DO UPDATE SET visits = users.visits + 1
				RETURNING\s""" + COLUMNS, handle, email);
	}

	@Override
	public Optional<Seen> findById(long id) {
		return list("SELECT " + COLUMNS + " FROM users WHERE id = ?", id).stream().findFirst();
	}

	@Override
	public Optional<Seen> findByHandle(String handle) {
		return list("SELECT " + COLUMNS + " FROM users WHERE username = ?", handle).stream().findFirst();
	}

	@Override
	public List<Seen> page(String after, int size) {
		return list("SELECT " + COLUMNS + " FROM users WHERE username > ? ORDER BY username LIMIT ?", after, size);
	}

	@Override
	public boolean replace(long id, String handle, String email) {
		return update("UPDATE users SET username = ?, email = ? WHERE id = ?", handle, email, id);
	}

	@Override
	public boolean updateHandle(long id, String handle) {
		return update("UPDATE users SET username = ? WHERE id = ?", handle, id);
	}

	@Override
	public boolean updateEmail(long id, String email) {
		return update("UPDATE users SET email = ? WHERE id = ?", email, id);
	}

	@Override
	public boolean delete(long id) {
		return update("DELETE FROM users WHERE id = ?", id);
	}

	@Override
	public OrderRelease orders() {
		return this.orders;
	}

	@Override
	public void close() {
		this.pool.close();
	}

	private Seen single(String sql, Object... parameters) {
		List<Seen> rows = list(sql, parameters);
		if (rows.size() != 1) {
			throw new WrongValueException("One row was expected, not " + rows);
		}
		return rows.get(0);
	}

	private List<Seen> list(String sql, Object... parameters) {
		return on((connection) -> query(connection, sql, parameters));
	}

	private boolean update(String sql, Object... parameters) {
		return on((connection) -> {
			try (PreparedStatement statement = prepare(connection, sql, parameters)) {
				return statement.executeUpdate() == 1;
			}
		});
	}

	private static List<Seen> query(Connection connection, String sql, Object... parameters) throws SQLException {
		try (PreparedStatement statement = prepare(connection, sql, parameters);
				ResultSet row = statement.executeQuery()) {
			List<Seen> rows = new ArrayList<>();
			while (row.next()) {
				rows.add(new Seen(row.getLong("id"), row.getString("username"), row.getString("email"),
						row.getInt("visits")));
			}
			return rows;
		}
	}

	private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
			throws SQLException {
		PreparedStatement statement = connection.prepareStatement(sql);
		for (int i = 0; i < parameters.length; i++) {
			statement.setObject(i + 1, parameters[i]);
		}
		return statement;
	}

	private <T> T on(Work<T> work) {
		try (Connection connection = this.pool.getConnection()) {
			return work.run(connection);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex.getMessage() + " (SQLSTATE " + ex.getSQLState() + ")", ex);
		}
	}

	@Override
	public String toString() {
		return "previous release";
	}

	private interface Work<T> {

		T run(Connection connection) throws SQLException;

	}

}
