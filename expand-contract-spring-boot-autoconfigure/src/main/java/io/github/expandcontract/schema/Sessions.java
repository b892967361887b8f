package io.github.expandcontract.schema;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.TableName;

/**
 * Sessions on the database that no live instance owns.
 * <ol>
 * <li>Each instance tells from which address, as which user and under which application
 * name its connections come.</li>
 * <li>A session that comes from elsewhere, or has another user or name, is foreign.</li>
 * <li>One that differs in no more than its name may still be an instance's, because
 * applications set that as they like. So it is shown, and never taken for someone else
 * who uses the table.</li>
 * </ol>
 * What this cannot tell apart: a program on the same host with the same user and name,
 * and everything behind the same pooler.
 */
public final class Sessions {

	private final JdbcOperations jdbc;

	/**
	 * Creates a reader.
	 * @param jdbc where statements run
	 */
	public Sessions(JdbcOperations jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Creates the table where it does not exist.
	 * @param within a transaction that keeps other instances from doing the same
	 */
	public static void install(JdbcOperations within) {
		within.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.instance_client (
				  instance_id   uuid NOT NULL REFERENCES expand_contract.instance ON DELETE CASCADE,
				  address       text NOT NULL,
				  user_name     text NOT NULL,
				  application   text NOT NULL,
				  PRIMARY KEY (instance_id, address, user_name, application)
				)""");
	}

	/**
	 * Asks a connection where it comes from.
	 * @param connections the connections
	 * @return what the server says of one of them
	 */
	public static Client client(JdbcOperations connections) {
		return connections.query("""
				SELECT coalesce(pg_catalog.host(pg_catalog.inet_client_addr()), ''), session_user::text,
				  pg_catalog.current_setting('application_name')
				""", (row, number) -> new Client(row.getString(1), row.getString(2), row.getString(3))).get(0);
	}

	/**
	 * Tells from where an instance connects.
	 * @param instance the id of the instance
	 * @param client where from
	 */
	public void tell(UUID instance, Client client) {
		this.jdbc.update("""
				INSERT INTO expand_contract.instance_client (instance_id, address, user_name, application)
				SELECT id, ?, ?, ? FROM expand_contract.instance WHERE id = ?
				ON CONFLICT DO NOTHING
				""", client.address(), client.user(), client.application(), instance);
	}

	/**
	 * The sessions that no live instance owns, as far as can be told.
	 * @param table the table that matters
	 * @return the sessions, the oldest first
	 */
	public List<Session> foreign(TableName table) {
		return this.jdbc.query(
				"""
						SELECT a.pid, a.usename, a.application_name, coalesce(pg_catalog.host(a.client_addr), ''), a.backend_start,
						  NOT EXISTS (SELECT FROM expand_contract.instance_client c
						    JOIN expand_contract.instance i ON i.id = c.instance_id
						    WHERE i.lease_until > clock_timestamp() AND c.user_name = a.usename
						    AND (c.address = coalesce(pg_catalog.host(a.client_addr), '') OR a.backend_type IS NULL))
						  AND EXISTS (SELECT FROM pg_catalog.pg_locks l
						    WHERE l.pid = a.pid AND l.locktype = 'relation' AND l.database = a.datid AND l.granted
						    AND l.relation IN (SELECT pg_catalog.to_regclass(?)::oid
						      UNION SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?))))
						FROM pg_catalog.pg_stat_activity a
						WHERE a.datname = pg_catalog.current_database() AND a.usename IS NOT NULL
						AND coalesce(a.backend_type, 'client backend') = 'client backend' AND a.pid <> pg_catalog.pg_backend_pid()
						AND NOT EXISTS (SELECT FROM expand_contract.instance_client c
						  JOIN expand_contract.instance i ON i.id = c.instance_id
						  WHERE i.lease_until > clock_timestamp() AND c.user_name = a.usename AND c.application = a.application_name
						  AND (c.address = coalesce(pg_catalog.host(a.client_addr), '') OR a.backend_type IS NULL))
						ORDER BY a.backend_start NULLS LAST, a.pid
						""",
				Sessions::session, table.quoted(), table.quoted());
	}

	private static Session session(ResultSet row, int number) throws SQLException {
		Timestamp since = row.getTimestamp(5);
		return new Session(row.getInt(1), row.getString(2), row.getString(3), row.getString(4),
				(since != null) ? since.toInstant() : null, row.getBoolean(6));
	}

	/**
	 * Where connections come from.
	 *
	 * @param address the address, empty for a local socket
	 * @param user the user who logged in
	 * @param application the application's name
	 */
	public record Client(String address, String user, String application) {

	}

	/**
	 * A session of someone else.
	 *
	 * @param pid its process on the server
	 * @param user who logged in
	 * @param application the application's name, as it gave it
	 * @param address where it comes from, empty for a local socket or where it may not be
	 * seen
	 * @param since when it connected, {@code null} where it may not be seen
	 * @param usesTable whether it comes from no instance's address and holds a lock on
	 * the table
	 */
	public record Session(int pid, String user, String application, String address, @Nullable Instant since,
			boolean usesTable) {

	}

}
