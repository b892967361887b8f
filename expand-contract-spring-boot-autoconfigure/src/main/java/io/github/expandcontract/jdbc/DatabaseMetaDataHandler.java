package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.change.Change;

/**
 * Metadata that leads back to our connection, and tells a call of an annotated repository
 * nothing of the columns that go away: a library that writes all the columns it is told
 * of would write them.
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
			case "getColumns" -> columns(delegate(method, args));
			default -> delegate(method, args);
		};
	}

	private @Nullable Object columns(@Nullable Object rows) {
		List<Change> leaving = this.handler.leaving();
		return (rows != null && !leaving.isEmpty()) ? RemainingColumns.of((ResultSet) rows, leaving) : rows;
	}

}
