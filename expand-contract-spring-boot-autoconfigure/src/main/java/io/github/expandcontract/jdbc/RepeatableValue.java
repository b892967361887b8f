package io.github.expandcontract.jdbc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A parameter's value that can be bound more than once. A stream can be read only once: a
 * second binding of it sends nothing and says nothing. It is therefore read into memory,
 * where a value of PostgreSQL, at most 1 GB, has to fit for the driver as well.
 */
final class RepeatableValue {

	private RepeatableValue() {
	}

	/**
	 * Makes a setter's value repeatable.
	 * @param target the statement it is bound to
	 * @param method the setter
	 * @param args the setter's arguments: index, value, and what else it takes
	 * @return what gives the value for one place each time
	 * @throws SQLException if the value cannot be read
	 */
	static Supplier<@Nullable Object> of(PreparedStatement target, Method method, Object[] args) throws SQLException {
		Object value = args[1];
		try {
			if (value instanceof InputStream stream) {
				int length = length(method, args);
				if (length >= 0) {
					byte[] bytes = stream.readNBytes(length);
					return () -> new Stream(bytes, stream.toString());
				}
			}
			else if (value instanceof Reader reader) {
				int length = length(method, args);
				if (length >= 0) {
					String text = read(reader, length);
					return () -> new Text(text, reader.toString());
				}
			}
			else if (value instanceof SQLXML xml) {
				SQLXML copy = target.getConnection().createSQLXML();
				copy.setString(xml.getString());
				return () -> copy;
			}
		}
		catch (IOException ex) {
			throw SqlExceptions.unreadable((Integer) args[0], ex);
		}
		return () -> value;
	}

	/**
	 * How much of a stream is to be read; a negative number if the driver refuses the
	 * length that was given.
	 */
	private static int length(Method method, Object[] args) {
		if (args.length == 3 && !method.getName().equals("setObject") && args[2] instanceof Number number) {
			long length = number.longValue();
			return (length <= Integer.MAX_VALUE) ? (int) Math.max(length, -1) : -1;
		}
		return Integer.MAX_VALUE;
	}

	private static String read(Reader reader, int length) throws IOException {
		StringBuilder text = new StringBuilder();
		char[] buffer = new char[8192];
		while (text.length() < length) {
			int count = reader.read(buffer, 0, Math.min(buffer.length, length - text.length()));
			if (count < 0) {
				break;
			}
			text.append(buffer, 0, count);
		}
		return text.toString();
	}

	/**
	 * Is called what the caller's stream is called, because the driver binds the name of
	 * a stream that it is given as text.
	 */
	private static final class Stream extends ByteArrayInputStream {

		private final String name;

		private Stream(byte[] bytes, String name) {
			super(bytes);
			this.name = name;
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	/**
	 * Is called what the caller's reader is called, for the same reason.
	 */
	private static final class Text extends StringReader {

		private final String name;

		private Text(String text, String name) {
			super(text);
			this.name = name;
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
