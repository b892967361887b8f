package io.github.expandcontract.jdbc;

import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A data source whose connections rewrite statements while a change is under way. Can be
 * unwrapped to its target, as metrics and health indicators do.
 */
public final class ExpandContractDataSource extends DelegatingDataSource {

	private final StatementInterceptor interceptor;

	/**
	 * Creates a data source.
	 * @param target where connections come from
	 * @param interceptor what decides about their statements
	 */
	public ExpandContractDataSource(DataSource target, StatementInterceptor interceptor) {
		super(target);
		this.interceptor = interceptor;
	}

	@Override
	public Connection getConnection() throws SQLException {
		return this.interceptor.wrap(super.getConnection());
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return this.interceptor.wrap(super.getConnection(username, password));
	}

	/**
	 * Not supported while changes are declared: what a builder of the target builds would
	 * run statements as they are.
	 */
	@Override
	public ConnectionBuilder createConnectionBuilder() throws SQLException {
		if (this.interceptor.book() != null) {
			throw new SQLFeatureNotSupportedException(
					"Connections cannot be built while changes are declared; use getConnection()", "0A000");
		}
		return super.createConnectionBuilder();
	}

}
