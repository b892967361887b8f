package io.github.expandcontract.schema;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Gives connections of which one is cut off right after a certain statement: the server
 * has carried it out, and nobody hears of it.
 */
final class Interrupting extends DelegatingDataSource {

	private static final Pattern CHANGE = Pattern.compile("(ALTER|CREATE|DROP|COMMENT|INSERT|DELETE|UPDATE) .*");

	private final AtomicInteger left;

	private final boolean changesOnly;

	Interrupting(DataSource target, int after) {
		this(target, after, false);
	}

	private Interrupting(DataSource target, int after, boolean changesOnly) {
		super(target);
		this.left = new AtomicInteger(after);
		this.changesOnly = changesOnly;
	}

	/**
	 * Counts no statement but those that change something, and commits.
	 */
	static Interrupting changes(DataSource target, int after) {
		return new Interrupting(target, after, true);
	}

	boolean interrupted() {
		return this.left.get() <= 0;
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		return proxy(Connection.class, connection, connection);
	}

	private boolean counts(String method, Object[] args) {
		if (!this.changesOnly) {
			return method.startsWith("execute");
		}
		return method.equals("commit") || (method.startsWith("execute") && args != null && args[0] instanceof String sql
				&& CHANGE.matcher(sql).matches());
	}

	private <T> T proxy(Class<T> type, Object target, Connection connection) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (self, method, args) -> {
				Object result;
				try {
					result = method.invoke(target, args);
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
				if (counts(method.getName(), args) && this.left.decrementAndGet() == 0) {
					connection.abort(Runnable::run);
					throw new SQLException("The connection was cut off", "08006");
				}
				return (result instanceof Statement statement && method.getReturnType().isInterface())
						? proxy(method.getReturnType(), statement, connection) : result;
			}));
	}

}
