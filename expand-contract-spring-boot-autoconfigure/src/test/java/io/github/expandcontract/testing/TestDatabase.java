package io.github.expandcontract.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
 * embedded server. One server serves all tests of a JVM; {@code -Dpostgres.version}
 * chooses its version in both cases.
 */
public final class TestDatabase {

	private static final AtomicInteger COUNTER = new AtomicInteger();

	/**
	 * What is written is gone with the server, so nothing has to be made safe. With a
	 * database for each test the vacuum that runs by itself would never rest; a test that
	 * needs one runs it.
	 */
	private static final Map<String, String> SETTINGS = new TreeMap<>(
			Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off", "autovacuum", "off", "jit",
					"off", "max_connections", "200", "shared_preload_libraries", "pg_stat_statements"));

	private static final String ADMIN_URL = startServer(SETTINGS);

	private final String name;

	private final String url;

	private final DataSource dataSource;

	private TestDatabase(String name, String url) {
		this.name = name;
		this.url = url;
		this.dataSource = kept(url);
	}

	/**
	 * Creates an empty database with a name of its own.
	 * @return the database
	 */
	public static TestDatabase create() {
		return create(ADMIN_URL);
	}

	/**
	 * Creates one on a server of its own, which runs until the JVM ends.
	 * @param settings what the server does otherwise than that of the other tests
	 * @return the database
	 */
	public static TestDatabase onServerWith(Map<String, String> settings) {
		Map<String, String> all = new TreeMap<>(SETTINGS);
		all.putAll(settings);
		return create(startServer(all));
	}

	private static TestDatabase create(String adminUrl) {
		String name = "test_" + COUNTER.incrementAndGet();
		new JdbcTemplate(kept(adminUrl)).execute("CREATE DATABASE " + name);
		return new TestDatabase(name, adminUrl.replace("/postgres?", "/" + name + "?"));
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
	 * Gives a connection whose session is as good as new for every request, never waits
	 * for one, and needs no closing.
	 * @return a data source
	 */
	public DataSource dataSource() {
		return this.dataSource;
	}

	/**
	 * Opens a new connection for every request, for what a session learns at its
	 * beginning only.
	 * @return a data source without a pool
	 */
	public DataSource newSessions() {
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

	private static DataSource kept(String url) {
		return new KeptConnections(url, simple(url));
	}

	private static DataSource simple(String url) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(url);
		return dataSource;
	}

	private static String startServer(Map<String, String> settings) {
		return dockerAnswers() ? startContainer(settings) : startEmbedded(settings);
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
	private static String startContainer(Map<String, String> settings) {
		String major = System.getProperty("postgres.version", "18").replaceFirst("\\..*", "");
		List<String> command = new ArrayList<>(List.of("postgres"));
		settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
		PostgreSQLContainer container = new PostgreSQLContainer("postgres:" + major + "-alpine")
			.withDatabaseName("postgres")
			.withCommand(command.toArray(String[]::new));
		container.start();
		return "jdbc:postgresql://" + container.getHost() + ":" + container.getMappedPort(5432) + "/postgres?user="
				+ container.getUsername() + "&password=" + container.getPassword();
	}

	private static String startEmbedded(Map<String, String> settings) {
		try {
			EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(90));
			settings.forEach(builder::setServerConfig);
			EmbeddedPostgres server = builder.start();
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
