package io.github.expandcontract.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.sql.SchemaView;

/**
 * What unqualified names mean in one session: the schemas in which they are looked up,
 * and its temporary relations, which come before all others.
 *
 * @param searchPath the schemas, first one first
 * @param temporary the temporary relations, each with those of its columns that are
 * called like a changing one
 */
record SessionNames(List<String> searchPath, Map<String, Set<String>> temporary) {

	private static final String TEMPORARY = "pg_temp";

	private static final String QUERY = """
			SELECT pg_catalog.current_schemas(true), NULL, NULL
			UNION ALL
			SELECT NULL, c.relname, a.attname FROM pg_catalog.pg_class c
			LEFT JOIN pg_catalog.pg_attribute a
			  ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname = ANY (?::text[])
			WHERE c.relnamespace = pg_catalog.pg_my_temp_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
			""";

	private static final String SPACE = "(?:\\s++|/\\*.*?\\*/|--[^\\n]*+\\n){1,9}";

	// Too often is harmless: then a session is asked that could have been trusted.
	private static final Pattern MOVE = Pattern.compile("""
			search_path|set_config|pg_temp|\\bdiscard\\b|\\breset\\b|\\bsession~authorization\\b\
			|\\b(temp|temporary)~(table|view|recursive)\\b|\\binto~((local|global)~)?(temp|temporary)\\b\
			|\\bset~((session|local)~)?(schema|role)\\b""".replace("~", SPACE),
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/**
	 * Whether names may mean something else after a text has run. A function or procedure
	 * may do the same out of sight.
	 */
	static boolean mayBeMovedBy(String sql) {
		return MOVE.matcher(sql).find();
	}

	/**
	 * Asks the server.
	 * @param connection the session
	 * @param columns the names of all changing columns
	 */
	static SessionNames read(Connection connection, List<String> columns) throws SQLException {
		List<String> path = new ArrayList<>();
		Map<String, Set<String>> temporary = new HashMap<>();
		try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
			statement.setArray(1, connection.createArrayOf("text", columns.toArray()));
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					Array schemas = rows.getArray(1);
					if (schemas != null) {
						for (String schema : (String[]) schemas.getArray()) {
							path.add(schema.startsWith("pg_temp_") ? TEMPORARY : schema);
						}
						continue;
					}
					Set<String> owned = temporary.computeIfAbsent(rows.getString(2), (name) -> new HashSet<>());
					if (rows.getString(3) != null) {
						owned.add(rows.getString(3));
					}
				}
			}
		}
		return new SessionNames(List.copyOf(path), Map.copyOf(temporary));
	}

	/**
	 * A view of the catalog as this session sees it.
	 */
	SchemaView in(SchemaView schema) {
		Set<TableName> namesakes = new HashSet<>(schema.namesakes());
		Map<TableName, Set<String>> owners = new HashMap<>(schema.otherOwners());
		this.temporary.forEach((name, owned) -> {
			namesakes.add(new TableName(TEMPORARY, name));
			owners.put(new TableName(TEMPORARY, name), owned);
		});
		return new SchemaView(schema.version(), this.searchPath, schema.tables(), namesakes, owners,
				schema.nonVolatileFunctions());
	}

}
