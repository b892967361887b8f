package io.github.expandcontract.lifecycle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.boot.json.JsonParser;
import org.springframework.boot.json.JsonParserFactory;

/**
 * Asks PostgreSQL how it would run a statement, and tells of each table how it is read.
 */
final class Plans {

	private static final JsonParser JSON = JsonParserFactory.getJsonParser();

	private final Connection connection;

	private final Map<String, String> finalNames;

	private final Map<String, String> indexes = new HashMap<>();

	/**
	 * Creates a reader of plans.
	 * @param connection where to ask
	 * @param finalNames the new name of each old column
	 */
	Plans(Connection connection, Map<String, String> finalNames) {
		this.connection = connection;
		this.finalNames = finalNames;
	}

	/**
	 * How a statement is run.
	 *
	 * @param accesses how often each table is read in which way: by which index, as a
	 * definition in final names without uniqueness and operator class, between which an
	 * equality is free to choose, or without one
	 * @param sorts how often rows are sorted
	 */
	record Plan(Map<String, Integer> accesses, int sorts) {

		/**
		 * Whether every table is read as it is in another plan, and nothing is sorted
		 * that is not sorted there.
		 */
		boolean isAsGoodAs(Plan other) {
			return this.accesses.equals(other.accesses()) && this.sorts <= other.sorts();
		}

		boolean usesIndex() {
			return this.accesses.keySet().stream().anyMatch((access) -> access.contains("by "));
		}

	}

	/**
	 * Forgets the indexes, because others are there now.
	 */
	void indexesChanged() throws SQLException {
		this.indexes.clear();
		try (Statement statement = this.connection.createStatement();
				ResultSet rows = statement
					.executeQuery("SELECT indexname, indexdef FROM pg_indexes" + " WHERE schemaname = 'public'")) {
			while (rows.next()) {
				String definition = rows.getString(2).replaceFirst(".* USING ", "").replace(" text_pattern_ops", "");
				for (Map.Entry<String, String> name : this.finalNames.entrySet()) {
					definition = definition.replaceAll("\\b" + name.getKey() + "\\b", name.getValue());
				}
				this.indexes.put(rows.getString(1), definition);
			}
		}
	}

	/**
	 * The plan of a statement with numbered parameters.
	 * @param sql the statement
	 * @param arguments its parameters as literals, empty if there are none
	 * @param mode the setting {@code plan_cache_mode}
	 */
	@SuppressWarnings("unchecked")
	Plan of(String sql, String arguments, String mode) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("SET plan_cache_mode = " + mode);
			statement.execute("PREPARE asked AS " + sql);
			try (ResultSet rows = statement.executeQuery(
					"EXPLAIN (FORMAT JSON) EXECUTE asked" + (arguments.isEmpty() ? "" : "(" + arguments + ")"))) {
				rows.next();
				Map<String, Integer> accesses = new TreeMap<>();
				int[] sorts = new int[1];
				Map<String, Object> root = (Map<String, Object>) JSON.parseList(rows.getString(1)).get(0);
				read((Map<String, Object>) root.get("Plan"), accesses, sorts);
				return new Plan(accesses, sorts[0]);
			}
			finally {
				statement.execute("DEALLOCATE asked");
			}
		}
	}

	@SuppressWarnings("unchecked")
	private void read(Map<String, Object> node, Map<String, Integer> accesses, int[] sorts) {
		String type = (String) node.get("Node Type");
		if (node.get("Index Name") instanceof String index) {
			// Whether the heap is visited besides is not how the rows are found.
			count(accesses, "by " + this.indexes.get(index));
		}
		else if (node.get("Relation Name") instanceof String relation && type.contains("Seq Scan")) {
			count(accesses, relation + " as a whole");
		}
		for (Object index : (List<Object>) node.getOrDefault("Conflict Arbiter Indexes", List.of())) {
			count(accesses, "conflict by " + this.indexes.get(index));
		}
		if (type.contains("Sort")) {
			sorts[0]++;
		}
		for (Object child : new ArrayList<>((List<Object>) node.getOrDefault("Plans", List.of()))) {
			read((Map<String, Object>) child, accesses, sorts);
		}
	}

	private static void count(Map<String, Integer> accesses, String access) {
		accesses.merge(access, 1, Integer::sum);
	}

}
