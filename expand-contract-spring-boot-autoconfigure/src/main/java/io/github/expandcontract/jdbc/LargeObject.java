package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;

/**
 * A value of which the driver makes a large object, to bind its oid. In two places it
 * would become two large objects, and so two values. It is therefore bound once, to a
 * query that gives the oid back.
 */
final class LargeObject {

	private LargeObject() {
	}

	/**
	 * Whether the driver makes a large object of what a setter is given.
	 */
	static boolean isBoundBy(Method method, Object[] args) {
		if (args[1] == null) {
			return false;
		}
		return switch (method.getName()) {
			case "setBlob", "setClob", "setNClob" -> true;
			case "setObject" ->
				args[1] instanceof Blob || args[1] instanceof Clob || (args.length > 2 && isLargeObjectType(args[2]));
			default -> false;
		};
	}

	private static boolean isLargeObjectType(Object type) {
		return type == JDBCType.BLOB || type == JDBCType.CLOB || Integer.valueOf(Types.BLOB).equals(type)
				|| Integer.valueOf(Types.CLOB).equals(type);
	}

	/**
	 * Creates the large object, in the present transaction.
	 * @param connection the driver's connection
	 * @param method the setter
	 * @param args the setter's arguments
	 * @return the large object's oid
	 * @throws Throwable what the setter throws
	 */
	static long create(Connection connection, Method method, Object[] args) throws Throwable {
		try (PreparedStatement statement = connection.prepareStatement("SELECT ?::bigint")) {
			Object[] first = args.clone();
			first[0] = 1;
			MappedPreparedStatement.invoke(statement, method, first);
			try (ResultSet results = statement.executeQuery()) {
				if (!results.next()) {
					throw new SQLException("The server gave no large object back");
				}
				return results.getLong(1);
			}
		}
	}

}
