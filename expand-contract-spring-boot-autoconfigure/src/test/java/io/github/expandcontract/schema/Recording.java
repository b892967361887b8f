package io.github.expandcontract.schema;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Keeps the statements that change something, as they were sent.
 */
final class Recording extends DelegatingDataSource {

	private static final List<String> KINDS = List.of("ALTER", "CREATE", "DROP", "COMMENT", "LOCK", "INSERT", "DELETE");

	private final List<String> statements = new CopyOnWriteArrayList<>();

	Recording(DataSource target) {
		super(target);
	}

	List<String> statements() {
		return this.statements;
	}

	@Override
	public Connection getConnection() throws SQLException {
		return proxy(Connection.class, super.getConnection());
	}

	private <T> T proxy(Class<T> type, Object target) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (self, method, args) -> {
				if (method.getName().startsWith("execute") && args != null && args[0] instanceof String sql
						&& KINDS.stream().anyMatch(sql::startsWith)) {
					this.statements.add(sql);
				}
				try {
					Object result = method.invoke(target, args);
					return (result instanceof Statement statement && method.getReturnType().isInterface())
							? proxy(method.getReturnType(), statement) : result;
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

}
