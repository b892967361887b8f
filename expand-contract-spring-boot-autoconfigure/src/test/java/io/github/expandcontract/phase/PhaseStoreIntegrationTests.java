package io.github.expandcontract.phase;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.postgres.SqlStates;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Nothing that is written to the rows of the fleet waits without an end.
 */
class PhaseStoreIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	@BeforeEach
	void install() {
		this.jdbc.execute("CREATE SCHEMA expand_contract");
		PhaseStore.install(this.jdbc);
		new PhaseStore(this.database.dataSource())
			.declare(new RenameColumn("c", new TableName("public", "t"), "a", "b", "T.b"), Phase.EXPAND);
	}

	@Test
	@Timeout(60)
	void aSingleUpdateDoesNotWaitForARowThatIsNotLetGo() throws Exception {
		PhaseStore store = new PhaseStore(this.database.dataSource(), Duration.ofSeconds(1));
		try (Connection holder = this.database.dataSource().getConnection();
				Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("SELECT 1 FROM expand_contract.change FOR UPDATE");
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> store.waitFor("c", List.of("something")))
				.satisfies((ex) -> assertThat(SqlStates.is(ex, SqlStates.LOCK_NOT_AVAILABLE)).isTrue());
		}
	}

	@Test
	@Timeout(60)
	void aNetworkThatSwallowsWhatIsSentDoesNotKeepTheHeartbeat() throws Exception {
		try (SwallowingNetwork network = new SwallowingNetwork(this.database.url())) {
			PGSimpleDataSource dataSource = new PGSimpleDataSource();
			dataSource.setUrl(network.url());
			AtomicBoolean connected = new AtomicBoolean();
			PhaseStore store = new PhaseStore(new DelegatingDataSource(dataSource) {

				@Override
				public Connection getConnection() throws SQLException {
					Connection connection = super.getConnection();
					network.swallow.set(connected.get());
					return connection;
				}

			}, Duration.ofSeconds(1));
			store.waitFor("c", List.of("something"));
			connected.set(true);
			assertThatException().isThrownBy(() -> store.waitFor("c", List.of()))
				.havingRootCause()
				.isInstanceOf(SocketTimeoutException.class);
		}
	}

	/**
	 * Passes everything on until it is told to swallow what the server answers.
	 */
	private static final class SwallowingNetwork implements AutoCloseable {

		private final AtomicBoolean swallow = new AtomicBoolean();

		private final ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

		private final URI server;

		private final String url;

		SwallowingNetwork(String url) throws IOException {
			this.url = url;
			this.server = URI.create(url.substring("jdbc:".length()));
			start(this::accept);
		}

		String url() {
			return this.url.replaceFirst(this.server.getHost() + ":" + this.server.getPort(),
					"127.0.0.1:" + this.entrance.getLocalPort());
		}

		private Void accept() throws IOException {
			while (true) {
				Socket client = this.entrance.accept();
				Socket target = new Socket(this.server.getHost(), this.server.getPort());
				start(() -> pass(client.getInputStream(), target.getOutputStream()));
				start(() -> pass(target.getInputStream(), client.getOutputStream()));
			}
		}

		private Void pass(InputStream from, OutputStream to) throws IOException {
			byte[] buffer = new byte[8192];
			for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
				if (!this.swallow.get()) {
					to.write(buffer, 0, read);
					to.flush();
				}
			}
			return null;
		}

		private static void start(Callable<Void> work) {
			Thread thread = new Thread(() -> {
				try {
					work.call();
				}
				catch (Exception ex) {
					assertThat(ex).as("the connection has been closed").isInstanceOf(IOException.class);
				}
			}, "network");
			thread.setDaemon(true);
			thread.start();
		}

		@Override
		public void close() throws IOException {
			this.entrance.close();
		}

	}

}
