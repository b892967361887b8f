package io.github.expandcontract.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.Change;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.sql.SchemaView;

/**
 * Reads what rewriting has to know of the catalog.
 *
 * <ol>
 * <li>One query takes a fingerprint of the rows of the catalog that matter: their number,
 * their oids and the transactions that wrote them. While it stays the same nothing else
 * is read.</li>
 * <li>Else all is read, and a view with the next version is made if any of it
 * differs.</li>
 * </ol>
 * The search path has to be that of the application's own connections, which is not
 * always that of the user who owns the tables.
 */
public final class SchemaViewReader {

	private static final String FINGERPRINT = """
			WITH subject AS (SELECT to_regclass(name)::oid AS oid FROM unnest(?::text[]) AS name),
			owner AS (SELECT attrelid FROM pg_catalog.pg_attribute WHERE attname = ANY (?::text[]))
			SELECT concat_ws('/', array_to_string(current_schemas(true), ','),
				(SELECT concat_ws(',', count(*), sum(oid::bigint), sum(xmin::text::bigint))
					FROM pg_catalog.pg_class WHERE relname = ANY (?::text[]) OR oid IN (SELECT attrelid FROM owner)),
				(SELECT concat_ws(',', count(*), sum(attrelid::bigint), sum(xmin::text::bigint))
					FROM pg_catalog.pg_attribute
					WHERE attname = ANY (?::text[]) OR attrelid IN (SELECT oid FROM subject)),
				(SELECT concat_ws(',', count(*), sum(oid::bigint), sum(xmin::text::bigint))
					FROM pg_catalog.pg_attrdef WHERE adrelid IN (SELECT oid FROM subject)),
				(SELECT concat_ws(',', count(*), sum(indexrelid::bigint), sum(xmin::text::bigint))
					FROM pg_catalog.pg_index WHERE indisprimary AND indrelid IN (SELECT oid FROM subject)),
				(SELECT concat_ws(',', count(*), sum(oid::bigint), sum(xmin::text::bigint))
					FROM pg_catalog.pg_namespace),
				(SELECT concat_ws(',', count(*), sum(oid::bigint), sum(xmin::text::bigint))
					FROM pg_catalog.pg_proc))""";

	private static final String RELATIONS = """
			SELECT n.nspname, c.relname, NULL AS attname
			FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relname = ANY (?::text[])
			UNION ALL
			SELECT n.nspname, c.relname, a.attname
			FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
			AND a.attname = ANY (?::text[])""";

	// A name that is volatile in any schema is left out: a call may be qualified.
	private static final String FUNCTIONS = """
			SELECT proname FROM pg_catalog.pg_proc GROUP BY proname HAVING bool_and(provolatile <> 'v')""";

	private final JdbcOperations jdbc;

	private final Supplier<List<String>> searchPath;

	private final Catalog catalog;

	private final String[] subjects;

	private final String[] tables;

	private final String[] columns;

	private final Set<TableName> tableNames = new HashSet<>();

	private @Nullable String fingerprint;

	private @Nullable SchemaView last;

	/**
	 * Creates a reader.
	 * @param jdbc where to read the catalog
	 * @param searchPath gives the search path of the application's connections
	 * @param changes the declared changes
	 */
	public SchemaViewReader(JdbcOperations jdbc, Supplier<List<String>> searchPath, List<? extends Change> changes) {
		this.jdbc = jdbc;
		this.searchPath = searchPath;
		this.catalog = new Catalog(jdbc);
		Set<String> names = new TreeSet<>();
		for (Change change : changes) {
			this.tableNames.add(change.table());
			names.addAll(change.changingColumns());
		}
		this.subjects = this.tableNames.stream().map(TableName::quoted).toArray(String[]::new);
		this.tables = this.tableNames.stream().map(TableName::name).distinct().toArray(String[]::new);
		this.columns = names.toArray(String[]::new);
	}

	/**
	 * Reads the catalog as it is now.
	 * @return the view that was returned before if nothing differs, else one with the
	 * next version; versions begin at 1
	 */
	public synchronized SchemaView read() {
		String present = this.jdbc.queryForObject(FINGERPRINT, String.class, this.subjects, this.columns, this.tables,
				this.columns);
		SchemaView former = this.last;
		if (former != null && present != null && present.equals(this.fingerprint)) {
			return former;
		}
		SchemaView view = readAll((former != null) ? former.version() : 1);
		if (former != null) {
			view = view.equals(former) ? former : withVersion(view, former.version() + 1);
		}
		this.last = view;
		this.fingerprint = present;
		return view;
	}

	private SchemaView readAll(long version) {
		Map<TableName, Table> changing = new HashMap<>();
		this.tableNames.forEach((name) -> this.catalog.table(name).ifPresent((table) -> changing.put(name, table)));
		Set<TableName> namesakes = new HashSet<>();
		Map<TableName, Set<String>> otherOwners = new HashMap<>();
		this.jdbc.query(RELATIONS, (results) -> {
			TableName name = new TableName(results.getString(1), results.getString(2));
			String column = results.getString(3);
			if (!this.tableNames.contains(name)) {
				if (column != null) {
					otherOwners.computeIfAbsent(name, (key) -> new HashSet<>()).add(column);
				}
				else {
					namesakes.add(name);
				}
			}
		}, this.tables, this.columns);
		List<String> functions = this.jdbc.queryForList(FUNCTIONS, String.class);
		otherOwners.replaceAll((name, owned) -> Set.copyOf(owned));
		return new SchemaView(version, this.searchPath.get(), changing, namesakes, otherOwners, Set.copyOf(functions));
	}

	/**
	 * Reads the search path of a connection, with the schemas that are on it unsaid.
	 * @param jdbc a template on the application's data source or what it wraps
	 * @return the schemas in which an unqualified name is looked up, first one first
	 */
	public static List<String> searchPath(JdbcOperations jdbc) {
		List<String> schemas = jdbc.queryForObject("SELECT current_schemas(true)",
				(results, number) -> schemas(results));
		return (schemas != null) ? schemas : List.of();
	}

	private static List<String> schemas(ResultSet results) throws SQLException {
		return Arrays.asList((String[]) results.getArray(1).getArray());
	}

	private static SchemaView withVersion(SchemaView view, long version) {
		return new SchemaView(version, view.searchPath(), view.tables(), view.namesakes(), view.otherOwners(),
				view.nonVolatileFunctions());
	}

}
