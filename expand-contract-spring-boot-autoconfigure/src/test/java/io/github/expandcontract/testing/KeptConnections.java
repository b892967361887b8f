package io.github.expandcontract.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;

import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Gives connections as good as new, and needs no closing: to begin a session costs the
 * server more than nearly every statement of a test. A connection that is closed forgets
 * its session and is kept for the next request for the same database, while there are not
 * too many younger ones for all databases together.
 */
final class KeptConnections extends AbstractDataSource {

	private static final int KEPT = 16;

	private static final Deque<Kept> IDLE = new ArrayDeque<>();

	private final String url;

	private final DataSource target;

	KeptConnections(String url, DataSource target) {
		this.url = url;
		this.target = target;
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection kept = take();
		return closingGivesBack((kept != null) ? kept : this.target.getConnection());
	}

	@Override
	public Connection getConnection(String user, String password) throws SQLException {
		return this.target.getConnection(user, password);
	}

	private @Nullable Connection take() {
		synchronized (IDLE) {
			for (Kept kept : IDLE) {
				if (kept.url().equals(this.url)) {
					IDLE.remove(kept);
					return kept.connection();
				}
			}
			return null;
		}
	}

	private Connection closingGivesBack(Connection connection) {
		AtomicBoolean closed = new AtomicBoolean();
		return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (self, method, args) -> {
					return switch (method.getName()) {
						case "equals" -> self == args[0];
						case "hashCode" -> System.identityHashCode(self);
						case "isClosed" -> closed.get() || connection.isClosed();
						case "close" -> {
							if (closed.compareAndSet(false, true)) {
								giveBack(connection);
							}
							yield null;
						}
						default -> {
							if (closed.get()) {
								throw new SQLException("This connection has been closed.", "08003");
							}
							try {
								yield method.invoke(connection, args);
							}
							catch (InvocationTargetException ex) {
								throw ex.getCause();
							}
						}
					};
				});
	}

	private void giveBack(Connection connection) throws SQLException {
		if (connection.isClosed()) {
			return;
		}
		if (!forgets(connection)) {
			connection.close();
			return;
		}
		Kept surplus;
		synchronized (IDLE) {
			IDLE.addFirst(new Kept(this.url, connection));
			surplus = (IDLE.size() > KEPT) ? IDLE.removeLast() : null;
		}
		if (surplus != null) {
			surplus.connection().close();
		}
	}

	/**
	 * Leaves nothing of the session. What {@code DISCARD ALL} cannot undo is a
	 * transaction that was begun by a statement.
	 */
	private static boolean forgets(Connection connection) {
		try {
			if (!connection.getAutoCommit()) {
				connection.rollback();
				connection.setAutoCommit(true);
			}
			if (connection.unwrap(PgConnection.class).getTransactionState() != TransactionState.IDLE) {
				return false;
			}
			connection.setReadOnly(false);
			try (Statement statement = connection.createStatement()) {
				statement.execute("DISCARD ALL");
			}
			connection.clearWarnings();
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private record Kept(String url, Connection connection) {

	}

}
