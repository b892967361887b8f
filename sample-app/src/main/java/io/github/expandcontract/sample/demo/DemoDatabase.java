package io.github.expandcontract.sample.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The database of the demo: a real PostgreSQL, with users and orders in the old schema.
 */
final class DemoDatabase implements AutoCloseable {

	/** The columns of {@code users} that hold the handle. */
	static final Set<String> HANDLE_COLUMNS = Set.of("username", "handle");

	/** The columns of {@code orders} that its changes take away or bring. */
	static final Set<String> ORDER_COLUMNS = Set.of("price", "price_decimal", "shipping_method");

	private final String url;

	private final String user;

	private final String password;

	private final @Nullable EmbeddedPostgres server;

	private DemoDatabase(String url, String user, String password, @Nullable EmbeddedPostgres server) {
		this.url = url;
		this.user = user;
		this.password = password;
		this.server = server;
	}

	/**
	 * Starts a server, unless the options name one.
	 * @param options the options
	 * @return the database
	 */
	static DemoDatabase start(DemoOptions options) {
		String url = options.url();
		if (url != null) {
			return new DemoDatabase(url, options.user(), options.password(), null);
		}
		try {
			EmbeddedPostgres server = EmbeddedPostgres.builder()
				.setPGStartupWait(Duration.ofSeconds(90))
				.setServerConfig("max_connections", "60")
				.setServerConfig("shared_buffers", "192MB")
				.setServerConfig("maintenance_work_mem", "96MB")
				.setServerConfig("max_wal_size", "4GB")
				.setServerConfig("checkpoint_timeout", "15min")
				.start();
			return new DemoDatabase(server.getJdbcUrl("postgres", "postgres"), "postgres", "", server);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The embedded PostgreSQL did not start", ex);
		}
	}

	String url() {
		return this.url;
	}

	String user() {
		return this.user;
	}

	String password() {
		return this.password;
	}

	/**
	 * Makes the old schema as the previous release did, and fills it.
	 * @param seed what to fill in
	 * @throws SQLException if the database refuses
	 */
	void seed(Seed seed) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			try (ResultSet found = statement.executeQuery("SELECT to_regclass('users') IS NOT NULL")) {
				if (found.next() && found.getBoolean(1)) {
					throw new IllegalStateException("There is a table \"users\" at " + this.url
							+ " already. The demo needs an empty database.");
				}
			}
			Flyway.configure().dataSource(this.url, this.user, this.password).target("2").load().migrate();
			statement.executeUpdate(seed.sql());
			statement.execute("ALTER TABLE users ALTER COLUMN id RESTART WITH " + (seed.rows() + 1));
			statement.executeUpdate(seed.orderSql());
			statement.execute("ALTER TABLE orders ALTER COLUMN id RESTART WITH " + (seed.orders() + 1));
			statement.execute("VACUUM (ANALYZE) users, orders");
		}
	}

	String version() throws SQLException {
		try (Connection connection = connect()) {
			return connection.getMetaData().getDatabaseProductVersion();
		}
	}

	/**
	 * The columns that a table has, by the catalog.
	 * @param connection where to read
	 * @param table the table
	 * @param of the columns to look for
	 * @return those of them that are there, in the order of their names
	 * @throws SQLException if the catalog cannot be read
	 */
	static Set<String> columns(Connection connection, String table, Set<String> of) throws SQLException {
		Set<String> columns = new TreeSet<>();
		try (PreparedStatement statement = connection.prepareStatement("""
				SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped
				""")) {
			statement.setString(1, table);
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					columns.add(row.getString(1));
				}
			}
		}
		columns.retainAll(of);
		return columns;
	}

	Connection connect() throws SQLException {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.url);
		dataSource.setUser(this.user);
		dataSource.setPassword(this.password);
		dataSource.setApplicationName("demo");
		dataSource.setSocketTimeout(180);
		return dataSource.getConnection();
	}

	@Override
	public void close() {
		if (this.server != null) {
			try {
				this.server.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException("The embedded PostgreSQL did not stop", ex);
			}
		}
	}

}
