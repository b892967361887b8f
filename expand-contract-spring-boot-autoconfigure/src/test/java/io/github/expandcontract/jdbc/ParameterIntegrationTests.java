package io.github.expandcontract.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.UnannotatedAccess;
import io.github.expandcontract.phase.PhaseSnapshot;
import io.github.expandcontract.sql.GeneratedKeys;
import io.github.expandcontract.sql.ParameterMap;
import io.github.expandcontract.sql.Rewriting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Values that are bound once and stand in two places.
 */
class ParameterIntegrationTests {

	/** One value for each type that a setter may take. */
	private static final Map<Class<?>, Object> VALUES = Map.ofEntries(Map.entry(boolean.class, true),
			Map.entry(byte.class, (byte) 1), Map.entry(short.class, (short) 2), Map.entry(int.class, 3),
			Map.entry(long.class, 4L), Map.entry(float.class, 5F), Map.entry(double.class, 6D),
			Map.entry(BigDecimal.class, BigDecimal.TEN), Map.entry(String.class, "x"),
			Map.entry(byte[].class, new byte[] { 1 }), Map.entry(Date.class, new Date(0)),
			Map.entry(Time.class, new Time(0)), Map.entry(Timestamp.class, new Timestamp(0)),
			Map.entry(Object.class, "x"), Map.entry(Calendar.class, Calendar.getInstance()),
			Map.entry(SQLType.class, JDBCType.VARCHAR));

	@TestFactory
	List<DynamicTest> everySetterBindsEachPlace() {
		List<DynamicTest> tests = new ArrayList<>();
		for (Method method : PreparedStatement.class.getMethods()) {
			Class<?>[] types = method.getParameterTypes();
			if (method.getName().startsWith("set") && types.length > 1 && types[0] == int.class) {
				tests.add(DynamicTest.dynamicTest(method.getName() + Arrays.toString(types),
						() -> assertBindsEachPlace(method)));
			}
		}
		assertThat(tests).hasSizeGreaterThan(40);
		return tests;
	}

	private static void assertBindsEachPlace(Method method) throws Throwable {
		List<List<Object>> calls = new ArrayList<>();
		PreparedStatement recorder = (PreparedStatement) Proxy.newProxyInstance(
				ParameterIntegrationTests.class.getClassLoader(), new Class<?>[] { PreparedStatement.class },
				(proxy, called, args) -> {
					if (called.equals(method)) {
						calls.add(Arrays.asList(args));
						return null;
					}
					return connection();
				});
		PreparedStatement statement = mapped(recorder, ParameterMap.of(2, List.of(2, 1, 2)));
		Object[] args = Arrays.stream(method.getParameterTypes()).map(ParameterIntegrationTests::value).toArray();
		args[0] = 2;
		if (LargeObject.isBoundBy(method, args)) {
			// What SetterIntegrationTests shows on a server.
			return;
		}
		method.invoke(statement, args);
		assertThat(calls).hasSize(2);
		assertThat(calls).extracting((call) -> call.get(0)).containsExactly(1, 3);
		assertThat(calls).allSatisfy((call) -> assertThat(call.subList(2, call.size()))
			.isEqualTo(Arrays.asList(args).subList(2, args.length)));
		if (args[1] instanceof InputStream || args[1] instanceof Reader || args[1] instanceof SQLXML) {
			for (List<Object> call : calls) {
				assertThat(content(call.get(1))).isEqualTo("xyz".substring(0, limit(args)));
			}
		}
		else {
			assertThat(calls).allSatisfy((call) -> assertThat(call.get(1)).isEqualTo(args[1]));
		}
	}

	private static PreparedStatement mapped(PreparedStatement target, ParameterMap map) {
		return MappedPreparedStatement.of(target, null, null, "", map);
	}

	private static int limit(Object[] args) {
		return (args.length == 3) ? Math.min(3, ((Number) args[2]).intValue()) : 3;
	}

	private static String content(Object value) throws Exception {
		if (value instanceof InputStream stream) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		if (value instanceof Reader reader) {
			return read(reader);
		}
		return ((SQLXML) value).getString();
	}

	private static String read(Reader reader) throws Exception {
		StringBuilder text = new StringBuilder();
		for (int c = reader.read(); c >= 0; c = reader.read()) {
			text.append((char) c);
		}
		return text.toString();
	}

	private static Object value(Class<?> type) {
		if (type == InputStream.class) {
			return new ByteArrayInputStream("xyz".getBytes(StandardCharsets.UTF_8));
		}
		if (type == Reader.class) {
			return new StringReader("xyz");
		}
		if (type == SQLXML.class) {
			return xml("xyz");
		}
		if (type == URL.class) {
			try {
				return URI.create("file:/x").toURL();
			}
			catch (MalformedURLException ex) {
				throw new IllegalStateException(ex);
			}
		}
		if (List.of(Array.class, Blob.class, Clob.class, NClob.class, Ref.class, RowId.class).contains(type)) {
			return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
					(proxy, method, args) -> switch (method.getName()) {
						case "equals" -> proxy == args[0];
						case "hashCode" -> 1;
						default -> "value";
					});
		}
		Object value = VALUES.get(type);
		assertThat(value).as(type.getName()).isNotNull();
		return value;
	}

	private static Connection connection() {
		return (Connection) Proxy.newProxyInstance(ParameterIntegrationTests.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, args) -> xml(null));
	}

	/** Gives its text once, as a value from a stream does. */
	private static SQLXML xml(String text) {
		String[] content = { text };
		return (SQLXML) Proxy.newProxyInstance(ParameterIntegrationTests.class.getClassLoader(),
				new Class<?>[] { SQLXML.class }, (proxy, method, args) -> {
					if (method.getName().equals("setString")) {
						content[0] = (String) args[0];
					}
					return method.getName().equals("getString") ? content[0] : null;
				});
	}

	@Test
	void streamsReachBothColumnsOnTheServer() throws Exception {
		Users users = Users.create();
		users.plain.execute("CREATE TABLE docs (id int, old_data bytea, new_data bytea, old_text text, new_text text,"
				+ " old_xml xml, new_xml xml)");
		String text = "text with \u00e4 and \ud83d\ude00 ".repeat(10_000);
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		String sql = "INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?)";
		Rewriting.Rewritten rewritten = new Rewriting.Rewritten(sql, ParameterMap.of(4, List.of(1, 2, 2, 3, 3, 4, 4)),
				false);
		StatementInterceptor interceptor = new StatementInterceptor(users.admission, users.listener,
				(schema, rules) -> (caller, keys) -> rules.isEmpty() ? new Rewriting.Untouched() : rewritten);
		interceptor.activate(List.of(Users.CHANGE), SyncMode.BOTH, UnannotatedAccess.REWRITE, Users.SCHEMA);
		PhaseSnapshot snapshot = users.phase(Phase.DUAL_WRITE);
		assertThat(snapshot.inFlight()).isTrue();
		ExpandContractDataSource dataSource = new ExpandContractDataSource(users.database.dataSource(), interceptor);
		try (Connection connection = dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement("INSERT INTO docs VALUES (?, ?, ?, ?)")) {
			statement.setInt(1, 1);
			statement.setBinaryStream(2, new ByteArrayInputStream(bytes));
			statement.setCharacterStream(3, new StringReader(text));
			SQLXML xml = connection.createSQLXML();
			xml.setString("<a>1</a>");
			statement.setSQLXML(4, xml);
			statement.addBatch();
			statement.setInt(1, 2);
			statement.setBinaryStream(2, new ByteArrayInputStream(bytes), 7);
			statement.setCharacterStream(3, new StringReader(text), 9);
			statement.setNull(4, Types.SQLXML);
			statement.addBatch();
			statement.setInt(1, 3);
			statement.setObject(2, bytes);
			statement.setAsciiStream(3, new ByteArrayInputStream("ascii".getBytes(StandardCharsets.US_ASCII)), 5);
			statement.setObject(4, null);
			statement.addBatch();
			assertThat(statement.executeBatch()).containsExactly(1, 1, 1);
		}
		assertThat(users.plain.queryForObject("""
				SELECT count(*) FROM docs WHERE old_data = new_data AND old_text = new_text
				AND old_xml::text IS NOT DISTINCT FROM new_xml::text""", Integer.class)).isEqualTo(3);
		assertThat(users.plain.queryForObject("SELECT new_data FROM docs WHERE id = 1", byte[].class)).isEqualTo(bytes);
		assertThat(users.plain.queryForObject("SELECT new_text FROM docs WHERE id = 1", String.class)).isEqualTo(text);
		assertThat(users.plain.queryForObject("SELECT new_data FROM docs WHERE id = 2", byte[].class))
			.isEqualTo(Arrays.copyOf(bytes, 7));
		assertThat(users.plain.queryForObject("SELECT new_text FROM docs WHERE id = 2", String.class))
			.isEqualTo(text.substring(0, 9));
		assertThat(users.plain.queryForObject("SELECT new_text FROM docs WHERE id = 3", String.class))
			.isEqualTo("ascii");
	}

	@Test
	void arraysAndTypedValuesReachBothColumnsOnTheServer() throws Exception {
		Users users = Users.create();
		users.plain.execute("CREATE TABLE values (a1 int[], a2 int[], d1 date, d2 date, j1 jsonb, j2 jsonb)");
		String sql = "INSERT INTO values VALUES (?, ?, ?, ?, ?::jsonb, ?::jsonb)";
		Rewriter rewriter = (caller, keys) -> keys.equals(GeneratedKeys.NONE)
				? new Rewriting.Rewritten(sql, ParameterMap.of(3, List.of(1, 1, 2, 2, 3, 3)), false)
				: new Rewriting.Untouched();
		StatementInterceptor interceptor = new StatementInterceptor(users.admission, users.listener,
				(schema, rules) -> rewriter);
		interceptor.activate(List.of(Users.CHANGE), SyncMode.BOTH, UnannotatedAccess.REWRITE, Users.SCHEMA);
		users.phase(Phase.DUAL_WRITE);
		ExpandContractDataSource dataSource = new ExpandContractDataSource(users.database.dataSource(), interceptor);
		try (Connection connection = dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement("INSERT INTO values VALUES (?, ?, ?)")) {
			statement.setArray(1, connection.createArrayOf("int4", new Object[] { 1, 2 }));
			statement.setDate(2, Date.valueOf("2026-02-03"), Calendar.getInstance());
			statement.setObject(3, "{\"a\": 1}", Types.VARCHAR);
			assertThat(statement.executeUpdate()).isOne();
		}
		assertThat(users.plain.queryForObject("""
				SELECT count(*) FROM values WHERE a1 = a2 AND d1 = d2 AND j1 = j2 AND a1 = '{1,2}'
				AND d1 = '2026-02-03'""", Integer.class)).isOne();
	}

	@Test
	void aValueThatStandsNowhereIsAccepted() throws Throwable {
		PreparedStatement nobody = (PreparedStatement) Proxy.newProxyInstance(
				ParameterIntegrationTests.class.getClassLoader(), new Class<?>[] { PreparedStatement.class },
				(proxy, called, args) -> {
					throw new AssertionError(called);
				});
		PreparedStatement statement = mapped(nobody, ParameterMap.of(2, List.of(2)));
		statement.setString(1, "x");
		assertThatExceptionOfType(SQLException.class).isThrownBy(statement::execute)
			.withMessage("No value specified for parameter 2.");
	}

}
