package io.github.expandcontract.phase;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections that wait for an answer of the server no longer than they are told, from
 * the first statement to the COMMIT, and are given back as they were.
 */
final class BoundedDataSource extends DelegatingDataSource {

	private static final Log logger = LogFactory.getLog(BoundedDataSource.class);

	private final int millis;

	BoundedDataSource(DataSource target, Duration patience) {
		super(target);
		this.millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, patience.toMillis()));
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		int former = connection.getNetworkTimeout();
		connection.setNetworkTimeout(Runnable::run, this.millis);
		return (Connection) Proxy.newProxyInstance(BoundedDataSource.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("close")) {
						restore(connection, former);
					}
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	/**
	 * One that is broken cannot be given back as it was, but has to be given back.
	 */
	private static void restore(Connection connection, int millis) {
		try {
			if (!connection.isClosed()) {
				connection.setNetworkTimeout(Runnable::run, millis);
			}
		}
		catch (SQLException ex) {
			logger.debug("The network timeout of a broken connection was not restored", ex);
		}
	}

}
