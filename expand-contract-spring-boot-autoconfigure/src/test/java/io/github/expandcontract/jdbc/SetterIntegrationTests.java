package io.github.expandcontract.jdbc;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;

import javax.sql.rowset.serial.SerialBlob;
import javax.sql.rowset.serial.SerialClob;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.PGobject;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import io.github.expandcontract.SyncMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each setter of a prepared statement on a parameter that goes to two columns does to
 * both of them what the driver's own does to one, be it an error.
 */
class SetterIntegrationTests {

	private static final String SHORT = "abc";

	/** Longer than the buffers of the driver, and more bytes than characters. */
	private static final String LONG = "text with \u00e4 and \ud83d\ude00 ".repeat(40_000);

	private static final String LONG_ASCII = "0123456789abcdef".repeat(60_000);

	private static final List<Samples> SAMPLES = List.of(new Samples(SyncMode.APPLICATION), new Samples(SyncMode.BOTH));

	@TestFactory
	List<DynamicTest> doesToBothColumnsWhatTheDriverDoesToOne() {
		List<DynamicTest> tests = new ArrayList<>();
		for (Method method : PreparedStatement.class.getMethods()) {
			Class<?>[] types = method.getParameterTypes();
			if (method.getName().startsWith("set") && types.length > 1 && types[0] == int.class) {
				tests.add(DynamicTest.dynamicTest(method.getName() + Arrays.toString(types), () -> {
					List<Case> cases = cases(method);
					assertThat(cases).isNotEmpty();
					for (Case each : cases) {
						assertSameAsTheDriver(method, each);
					}
				}));
			}
		}
		return tests;
	}

	private static void assertSameAsTheDriver(Method method, Case each) throws Exception {
		Outcome expected;
		try (Connection connection = SAMPLES.get(0).driver.getConnection()) {
			expected = run(connection, method, each, "old");
		}
		for (Samples samples : SAMPLES) {
			Outcome outcome = samples.call((connection) -> run(connection, method, each, "new"));
			assertThat(outcome.error()).as("%s %s", samples.sync, each).isEqualTo(expected.error());
			assertThat(outcome.oldValue()).as("old, %s %s", samples.sync, each).isEqualTo(expected.oldValue());
			assertThat(outcome.newValue()).as("new, %s %s", samples.sync, each).isEqualTo(expected.oldValue());
		}
	}

	private static Outcome run(Connection connection, Method method, Case each, String suffix) throws SQLException {
		connection.setAutoCommit(false);
		try (PreparedStatement statement = connection
			.prepareStatement("INSERT INTO samples (note, " + each.column() + "_" + suffix + ") VALUES (?, ?)")) {
			statement.setString(1, "note");
			Object[] args = new Object[method.getParameterCount()];
			args[0] = 2;
			args[1] = each.value().create(connection);
			for (int i = 0; i < each.more().size(); i++) {
				args[2 + i] = each.more().get(i);
			}
			invoke(method, statement, args);
			assertThat(statement.executeUpdate()).isOne();
			connection.commit();
		}
		catch (SQLException ex) {
			return new Outcome(String.valueOf(ex.getSQLState()), null, null);
		}
		String text = each.column().equals("oid") ? "encode(lo_get(%1$s), 'hex')" : "%1$s::text";
		String content = "left(" + text + ", 100) || length(" + text + ") || md5(" + text + ")";
		// As it is, because it names what only the database has.
		JdbcTemplate plain = new JdbcTemplate(
				new SingleConnectionDataSource(connection.unwrap(PgConnection.class), true));
		Map<String, Object> row = plain.queryForMap(("SELECT " + content + " AS a, " + content.replace("%1", "%2")
				+ " AS b, %1$s IS NOT DISTINCT FROM %2$s AS same FROM samples ORDER BY id DESC LIMIT 1")
			.formatted(each.column() + "_old", each.column() + "_new")
			.replace(each.column().equals("xml") ? "xml_old IS NOT DISTINCT FROM xml_new" : "\0",
					"xml_old::text IS NOT DISTINCT FROM xml_new::text"));
		if (suffix.equals("new")) {
			assertThat(row).containsEntry("same", true);
		}
		return new Outcome(null, (String) row.get("a"), (String) row.get("b"));
	}

	private static void invoke(Method method, PreparedStatement statement, Object[] args) throws SQLException {
		try {
			method.invoke(statement, args);
		}
		catch (InvocationTargetException ex) {
			if (ex.getTargetException() instanceof SQLException failure) {
				throw failure;
			}
			throw new AssertionError(ex.getTargetException());
		}
		catch (IllegalAccessException ex) {
			throw new AssertionError(ex);
		}
	}

	private static List<Case> cases(Method method) {
		Class<?>[] types = method.getParameterTypes();
		List<Case> cases = new ArrayList<>();
		Calendar tokyo = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
		switch (method.getName()) {
			case "setNull" -> {
				Object[] more = (types.length > 2) ? new Object[] { "text" } : new Object[0];
				cases.add(new Case("text", (connection) -> Types.VARCHAR, more));
				cases.add(new Case("int4", (connection) -> Types.INTEGER, more));
			}
			case "setBoolean" -> add(cases, "bool", true, false);
			case "setByte" -> add(cases, "int2", (byte) 7);
			case "setShort" -> add(cases, "int2", (short) -7);
			case "setInt" -> add(cases, "int4", 7, Integer.MIN_VALUE);
			case "setLong" -> add(cases, "int8", 7L, Long.MAX_VALUE);
			case "setFloat" -> add(cases, "float4", 1.5F, Float.NaN);
			case "setDouble" -> add(cases, "float8", 1.5, Double.POSITIVE_INFINITY);
			case "setBigDecimal" -> add(cases, "numeric", new BigDecimal("1.50"), null);
			case "setString", "setNString" -> {
				add(cases, "text", "", "a'b\\c", LONG, "a\0b", null);
				add(cases, "int4", "7");
			}
			case "setBytes" -> add(cases, "bytea", new byte[0], new byte[] { 0, -1 }, bytes(LONG), null);
			case "setDate" -> more(cases, "date", types, tokyo, new Date(0), null);
			case "setTime" -> more(cases, "time", types, tokyo, new Time(1000), null);
			case "setTimestamp" -> {
				more(cases, "timestamp", types, tokyo, new Timestamp(1000), null);
				more(cases, "timestamptz", types, tokyo, new Timestamp(1000));
			}
			case "setAsciiStream", "setUnicodeStream" -> streams(cases, "text", types, SHORT, LONG_ASCII);
			case "setBinaryStream" -> streams(cases, "bytea", types, SHORT, LONG);
			case "setCharacterStream", "setNCharacterStream" -> readers(cases, "text", types);
			case "setBlob" -> {
				if (types[1] == java.sql.Blob.class) {
					cases.add(new Case("oid", (connection) -> new SerialBlob(bytes(SHORT))));
					cases.add(new Case("oid", (connection) -> new SerialBlob(bytes(LONG))));
					cases.add(new Case("oid", SetterIntegrationTests::existing));
					cases.add(new Case("oid", (connection) -> null));
				}
				else {
					streams(cases, "oid", types, SHORT, LONG);
				}
			}
			case "setClob", "setNClob" -> {
				if (types[1] == java.io.Reader.class) {
					readers(cases, "oid", types);
				}
				else {
					if (types[1] == java.sql.Clob.class) {
						cases.add(new Case("oid", (connection) -> new SerialClob(LONG.toCharArray())));
					}
					cases.add(new Case("oid", (connection) -> null));
				}
			}
			case "setSQLXML" -> {
				cases.add(new Case("xml", (connection) -> xml(connection, "<a>1</a>")));
				cases.add(new Case("xml", (connection) -> xml(connection, "<a>" + LONG + "</a>")));
				cases.add(new Case("xml", (connection) -> xml(connection, "<a>")));
				cases.add(new Case("xml", Connection::createSQLXML));
				cases.add(new Case("xml", (connection) -> null));
			}
			case "setArray" -> {
				cases.add(new Case("int4s", (connection) -> connection.createArrayOf("int4", new Object[] { 1, 2 })));
				cases.add(new Case("int4s", (connection) -> connection.createArrayOf("int4", new Object[0])));
				cases.add(new Case("texts",
						(connection) -> connection.createArrayOf("text", new Object[] { "a,\"b", null })));
				cases.add(new Case("texts", (connection) -> null));
			}
			case "setRef", "setRowId" -> add(cases, "text", (Object) null);
			case "setURL" -> {
				cases.add(new Case("text", (connection) -> {
					try {
						return URI.create("file:/x").toURL();
					}
					catch (java.net.MalformedURLException ex) {
						throw new AssertionError(ex);
					}
				}));
				add(cases, "text", (Object) null);
			}
			case "setObject" -> objects(cases, types);
			default -> throw new AssertionError("There is no case for " + method);
		}
		return cases;
	}

	private static void objects(List<Case> cases, Class<?>[] types) {
		if (types.length == 2) {
			object(cases, "text", "x", LONG, 'c', null);
			object(cases, "int4", 7, (short) 7, null);
			object(cases, "int8", 7L, BigInteger.TEN);
			object(cases, "numeric", BigDecimal.ONE, BigInteger.TEN);
			object(cases, "float8", 1.5, 1.5F);
			object(cases, "bool", true);
			object(cases, "bytea", (Object) new byte[] { 1, 2 });
			object(cases, "date", new Date(0), LocalDate.of(2026, 2, 3));
			object(cases, "time", new Time(1000), LocalTime.NOON);
			object(cases, "timestamp", new Timestamp(0), LocalDateTime.of(2026, 2, 3, 4, 5));
			object(cases, "timestamptz", OffsetDateTime.parse("2026-02-03T04:05:06+02:00"));
			object(cases, "uuid", new UUID(1, 2));
			object(cases, "int4s", new int[] { 1, 2 }, new Integer[] { 1, null });
			object(cases, "texts", (Object) new String[] { "a", "b" });
			object(cases, "jsonb", json());
			object(cases, "jsonb", "{}");
			object(cases, "text", new Object());
			cases.add(new Case("bytea", (connection) -> new ByteArrayInputStream(bytes(LONG))));
			cases.add(new Case("text", (connection) -> new StringReader(LONG)));
			cases.add(new Case("oid", (connection) -> new SerialBlob(bytes(LONG))));
			cases.add(new Case("oid", (connection) -> new SerialClob(LONG.toCharArray())));
			cases.add(new Case("xml", (connection) -> xml(connection, "<a/>")));
			cases.add(new Case("int4s", (connection) -> connection.createArrayOf("int4", new Object[] { 1 })));
			return;
		}
		typed(cases, types, "text", "x", JDBCType.VARCHAR);
		typed(cases, types, "text", null, JDBCType.VARCHAR);
		typed(cases, types, "int4", "7", JDBCType.INTEGER);
		typed(cases, types, "int4", "seven", JDBCType.INTEGER);
		typed(cases, types, "numeric", new BigDecimal("1.256"), JDBCType.NUMERIC);
		typed(cases, types, "jsonb", "{\"a\": 1}", JDBCType.OTHER);
		typed(cases, types, "timestamptz", OffsetDateTime.parse("2026-02-03T04:05:06+02:00"),
				JDBCType.TIMESTAMP_WITH_TIMEZONE);
		typed(cases, types, "bytea", bytes(SHORT), JDBCType.BINARY);
		typed(cases, types, "oid", bytes(SHORT), JDBCType.BLOB);
		typed(cases, types, "oid", SHORT, JDBCType.CLOB);
		typed(cases, types, "text", SHORT, JDBCType.CLOB);
		typed(cases, types, "int4s", new Integer[] { 1 }, JDBCType.ARRAY);
		cases.add(new Case("oid", (connection) -> new ByteArrayInputStream(bytes(LONG)),
				type(types, JDBCType.BLOB, LONG.length())));
		cases.add(new Case("bytea", (connection) -> new ByteArrayInputStream(bytes(LONG)),
				type(types, JDBCType.LONGVARBINARY, 1)));
		// The driver binds their names.
		cases.add(new Case("text", (connection) -> new StringReader(LONG) {

			@Override
			public String toString() {
				return "a reader";
			}

		}, type(types, JDBCType.LONGVARCHAR, 5)));
		cases.add(new Case("text", (connection) -> new ByteArrayInputStream(bytes(LONG)) {

			@Override
			public String toString() {
				return "a stream";
			}

		}, type(types, JDBCType.VARCHAR, 5)));
		cases.add(new Case("oid", (connection) -> new SerialBlob(bytes(LONG)), type(types, JDBCType.BLOB, 0)));
	}

	private static void object(List<Case> cases, String column, Object... values) {
		add(cases, column, values);
	}

	private static void typed(List<Case> cases, Class<?>[] types, String column, Object value, JDBCType type) {
		cases.add(new Case(column, (connection) -> value, type(types, type, 2)));
	}

	private static Object[] type(Class<?>[] types, JDBCType type, int scaleOrLength) {
		Object named = (types[2] == int.class) ? (Object) type.getVendorTypeNumber() : type;
		return (types.length > 3) ? new Object[] { named, scaleOrLength } : new Object[] { named };
	}

	private static void add(List<Case> cases, String column, Object... values) {
		for (Object value : values) {
			cases.add(new Case(column, (connection) -> value));
		}
	}

	private static void more(List<Case> cases, String column, Class<?>[] types, Calendar calendar, Object... values) {
		for (Object value : values) {
			cases.add(new Case(column, (connection) -> value,
					(types.length > 2) ? new Object[] { calendar } : new Object[0]));
		}
	}

	private static void streams(List<Case> cases, String column, Class<?>[] types, String... contents) {
		for (String content : contents) {
			byte[] bytes = bytes(content);
			sized(cases, column, types, bytes.length, (connection) -> new ByteArrayInputStream(bytes));
		}
		sized(cases, column, types, 0, (connection) -> new ByteArrayInputStream(new byte[0]));
		sized(cases, column, types, 0, (connection) -> null);
	}

	private static void readers(List<Case> cases, String column, Class<?>[] types) {
		for (String content : List.of(SHORT, LONG, "")) {
			sized(cases, column, types, content.length(), (connection) -> new StringReader(content));
		}
		sized(cases, column, types, 0, (connection) -> null);
	}

	private static void sized(List<Case> cases, String column, Class<?>[] types, int length, Value value) {
		if (types.length == 2) {
			cases.add(new Case(column, value));
			return;
		}
		for (int given : new int[] { length, length / 2, length + 5, -1 }) {
			Object number = (types[2] == long.class) ? (Object) (long) given : (Object) given;
			cases.add(new Case(column, value, number));
		}
		if (types[2] == long.class) {
			cases.add(new Case(column, value, Integer.MAX_VALUE + 1L));
		}
	}

	private static Object existing(Connection connection) throws SQLException {
		try (java.sql.Statement statement = connection.createStatement();
				java.sql.ResultSet results = statement.executeQuery("SELECT lo_from_bytea(0, 'there already')")) {
			results.next();
			return results.getBlob(1);
		}
	}

	private static SQLXML xml(Connection connection, String text) throws SQLException {
		SQLXML xml = connection.createSQLXML();
		xml.setString(text);
		return xml;
	}

	private static PGobject json() {
		try {
			PGobject json = new PGobject();
			json.setType("jsonb");
			json.setValue("{\"a\": 1}");
			return json;
		}
		catch (SQLException ex) {
			throw new AssertionError(ex);
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * What one insert did.
	 *
	 * @param error its SQLSTATE if it failed
	 */
	private record Outcome(String error, String oldValue, String newValue) {
	}

	/**
	 * One call of a setter.
	 *
	 * @param column the column that is written
	 * @param value what makes the value, anew for each run
	 * @param more what the setter takes besides
	 */
	private record Case(String column, Value value, List<Object> more) {

		private Case(String column, Value value, Object... more) {
			this(column, value, List.of(more));
		}

		@Override
		public String toString() {
			return this.column + " " + this.more;
		}

	}

	@FunctionalInterface
	private interface Value {

		Object create(Connection connection) throws SQLException;

	}

}
