package io.github.expandcontract.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A fresh database on a real PostgreSQL: in a container where Docker answers, else on the
 * embedded server. The server is started once per JVM; {@code -Dpostgres.version} chooses
 * its version in both cases.
 */
public final class TestDatabase {

	private static final AtomicInteger COUNTER = new AtomicInteger();

	private static final String ADMIN_URL = startServer();

	private final String name;

	private final String url;

	private TestDatabase(String name, String url) {
		this.name = name;
		this.url = url;
	}

	/**
	 * Creates an empty database with a name of its own.
	 * @return the database
	 */
	public static TestDatabase create() {
		String name = "test_" + COUNTER.incrementAndGet();
		new JdbcTemplate(simple(ADMIN_URL)).execute("CREATE DATABASE " + name);
		return new TestDatabase(name, ADMIN_URL.replace("/postgres?", "/" + name + "?"));
	}

	/**
	 * The JDBC address with user and password in it.
	 * @return the address
	 */
	public String url() {
		return this.url;
	}

	/**
	 * The name of a role that no other test has: roles belong to the server and outlive
	 * the database.
	 * @param what what it does
	 * @return the name
	 */
	public String role(String what) {
		return what + "_" + ProcessHandle.current().pid() + "_" + this.name;
	}

	/**
	 * Opens a new connection for every request and needs no closing.
	 * @return a data source without a pool
	 */
	public DataSource dataSource() {
		return simple(this.url);
	}

	/**
	 * Creates a pool, to be closed by the caller.
	 * @param size the greatest number of connections
	 * @return the pool
	 */
	public HikariDataSource pool(int size) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.url);
		config.setMaximumPoolSize(size);
		return new HikariDataSource(config);
	}

	/**
	 * A template on {@link #dataSource()}.
	 * @return the template
	 */
	public JdbcTemplate jdbc() {
		return new JdbcTemplate(dataSource());
	}

	private static DataSource simple(String url) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(url);
		return dataSource;
	}

	private static String startServer() {
		return dockerAnswers() ? startContainer() : startEmbedded();
	}

	private static boolean dockerAnswers() {
		try {
			return DockerClientFactory.instance().isDockerAvailable();
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	@SuppressWarnings("resource")
	private static String startContainer() {
		String major = System.getProperty("postgres.version", "18").replaceFirst("\\..*", "");
		PostgreSQLContainer container = new PostgreSQLContainer("postgres:" + major + "-alpine")
			.withDatabaseName("postgres")
			.withCommand("postgres", "-c", "fsync=off", "-c", "shared_preload_libraries=pg_stat_statements");
		container.start();
		return "jdbc:postgresql://" + container.getHost() + ":" + container.getMappedPort(5432) + "/postgres?user="
				+ container.getUsername() + "&password=" + container.getPassword();
	}

	private static String startEmbedded() {
		try {
			EmbeddedPostgres server = EmbeddedPostgres.builder()
				.setPGStartupWait(Duration.ofSeconds(90))
				.setServerConfig("max_connections", "200")
				.setServerConfig("shared_preload_libraries", "pg_stat_statements")
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(() -> {
				try {
					server.close();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}));
			return server.getJdbcUrl("postgres", "postgres");
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The embedded PostgreSQL did not start", ex);
		}
	}

}
