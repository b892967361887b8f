package io.github.expandcontract.schema;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

import io.github.expandcontract.phase.PhaseStore;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.schema.Sessions.Client;
import io.github.expandcontract.schema.Sessions.Session;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whose sessions are on the database.
 */
class SessionsIntegrationTests {

	private static final TableName USERS = new TableName("public", "users");

	private final TestDatabase database = TestDatabase.create();

	private final SingleConnectionDataSource session = new SingleConnectionDataSource(this.database.url(), true);

	private final JdbcTemplate jdbc = new JdbcTemplate(this.session);

	private final Sessions sessions = new Sessions(this.jdbc);

	private final UUID instance = UUID.randomUUID();

	@BeforeEach
	void tables() {
		this.jdbc.execute("CREATE TABLE users (id bigint PRIMARY KEY, username text)");
		this.jdbc.execute("CREATE SCHEMA expand_contract");
		PhaseStore.install(this.jdbc);
		Sessions.install(this.jdbc);
		this.jdbc.update("""
				INSERT INTO expand_contract.instance (id, name, lease_until)
				VALUES (?, 'shop', clock_timestamp() + interval '1 hour')""", this.instance);
	}

	@AfterEach
	void close() {
		this.session.destroy();
	}

	@Test
	void sessionThatNoInstanceOwnsIsForeignAndUsesTheTableWhileItHoldsALockOnIt() throws SQLException {
		this.sessions.tell(this.instance, new Client("10.0.0.1", "postgres", "shop"));
		try (Connection other = connect("report"); Statement statement = other.createStatement()) {
			assertThat(this.sessions.foreign(USERS)).singleElement().satisfies((session) -> {
				assertThat(session.application()).isEqualTo("report");
				assertThat(session.user()).isEqualTo("postgres");
				assertThat(session.since()).isNotNull();
				assertThat(session.usesTable()).isFalse();
			});
			other.setAutoCommit(false);
			statement.execute("SELECT count(*) FROM users");
			assertThat(this.sessions.foreign(USERS)).extracting(Session::usesTable).containsExactly(true);
			other.rollback();
			assertThat(this.sessions.foreign(USERS)).extracting(Session::usesTable).containsExactly(false);
		}
	}

	@Test
	void sessionOfALiveInstanceIsNotForeign() throws SQLException {
		this.sessions.tell(this.instance, Sessions.client(this.jdbc));
		this.sessions.tell(this.instance, new Client(Sessions.client(this.jdbc).address(), "postgres", "shop"));
		try (Connection own = connect("shop"); Statement statement = own.createStatement()) {
			own.setAutoCommit(false);
			statement.execute("SELECT count(*) FROM users");
			assertThat(this.sessions.foreign(USERS)).isEmpty();
			this.jdbc.update("UPDATE expand_contract.instance SET lease_until = clock_timestamp()");
			assertThat(this.sessions.foreign(USERS)).extracting(Session::usesTable).containsExactly(true);
		}
	}

	@Test
	void sessionThatDiffersInItsNameAloneIsShownAndMayStillBeTheInstances() throws SQLException {
		this.sessions.tell(this.instance, new Client(Sessions.client(this.jdbc).address(), "postgres", "shop"));
		try (Connection own = connect("request 17"); Statement statement = own.createStatement()) {
			own.setAutoCommit(false);
			statement.execute("SELECT count(*) FROM users");
			assertThat(this.sessions.foreign(USERS)).singleElement().satisfies((session) -> {
				assertThat(session.application()).isEqualTo("request 17");
				assertThat(session.usesTable()).isFalse();
			});
		}
	}

	private Connection connect(String application) throws SQLException {
		return DriverManager.getConnection(this.database.url() + "&ApplicationName=" + application.replace(" ", "%20"));
	}

}
