package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.sql.ColumnRule;

/**
 * Metadata that leads back to our connection, and tells a call of an annotated repository
 * of the columns as they will be, and nothing of those that go away: a library that
 * writes all the columns it is told of would write them.
 */
final class DatabaseMetaDataHandler extends Delegation {

	private final Object connection;

	private final ConnectionHandler handler;

	private DatabaseMetaDataHandler(Object target, Object connection, ConnectionHandler handler) {
		super(target);
		this.connection = connection;
		this.handler = handler;
	}

	static DatabaseMetaData of(Object target, Object connection, ConnectionHandler handler) {
		return proxy(DatabaseMetaData.class, new DatabaseMetaDataHandler(target, connection, handler));
	}

	@Override
	@Nullable Object call(Object proxy, Method method, Object[] args) throws Throwable {
		return switch (method.getName()) {
			case "getConnection" -> this.connection;
			case "getColumns" -> columns(method, args);
			default -> delegate(method, args);
		};
	}

	/**
	 * All columns are asked for, because the one that is meant may have another name now.
	 */
	private @Nullable Object columns(Method method, Object[] args) throws Throwable {
		List<ColumnRule> rules = this.handler.columnRules();
		if (rules.isEmpty()) {
			return delegate(method, args);
		}
		String pattern = (String) args[3];
		@Nullable Object[] all = args.clone();
		all[3] = null;
		Object rows = delegate(method, all);
		return (rows != null) ? RemainingColumns.of((ResultSet) rows, rules, "".equals(pattern) ? null : pattern)
				: null;
	}

}
