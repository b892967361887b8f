package io.github.expandcontract.postgres;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

/**
 * Reads PostgreSQL's catalog. Names go in and come out as the catalog spells them,
 * without folding.
 */
public final class Catalog {

	private final JdbcOperations jdbc;

	/**
	 * Creates a reader.
	 * @param jdbc where the catalog is read; within a transaction, as that transaction
	 * sees it
	 */
	public Catalog(JdbcOperations jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Finds a table, view or foreign table by name.
	 * @param schema the schema, or {@code null} to look along the search path
	 * @param name the name
	 * @return the name with its schema, empty if there is none
	 */
	public Optional<TableName> resolve(@Nullable String schema, String name) {
		return this.jdbc.query("""
				SELECT n.nspname, c.relname
				FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
				WHERE c.relname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
				AND CASE WHEN ?::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = ?::text END
				""", (row, number) -> new TableName(row.getString(1), row.getString(2)), name, schema, schema)
			.stream()
			.findFirst();
	}

	/**
	 * Describes a table.
	 * @param name its name
	 * @return the table, empty if there is none or it is neither an ordinary nor a
	 * partitioned table
	 */
	public Optional<Table> table(TableName name) {
		return this.jdbc.query("""
				SELECT c.oid, c.relkind = 'p'
				FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
				WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')
				""", (row, number) -> new Relation(row.getLong(1), row.getBoolean(2)), name.schema(), name.name())
			.stream()
			.findFirst()
			// Only now, because a pool may have one connection
			.map((found) -> new Table(found.oid(), name, found.partitioned(), columns(found.oid()),
					primaryKey(found.oid())));
	}

	private record Relation(long oid, boolean partitioned) {
	}

	/**
	 * The schemas that names without a schema are looked up in.
	 * @return the existing schemas of the search path, without the implicit ones
	 */
	public List<String> searchPath() {
		return this.jdbc.queryForList("SELECT pg_catalog.unnest(pg_catalog.current_schemas(false))::text",
				String.class);
	}

	/**
	 * Whether two texts name one type, with the same modifiers. The server is asked how
	 * it understands them, because a type has several names.
	 * @param first a type as SQL names it
	 * @param second another
	 * @return whether they are the same
	 */
	public boolean sameType(String first, String second) {
		return printed(first).equals(printed(second));
	}

	/*
	 * A plan shows the type of a constant in full, and costs nothing.
	 */
	private String printed(String type) {
		return this.jdbc.queryForList("EXPLAIN (VERBOSE, COSTS OFF) SELECT CAST(NULL AS " + type + ")", String.class)
			.stream()
			.filter((line) -> line.strip().startsWith("Output:"))
			.findFirst()
			.orElseThrow();
	}

	private List<Column> columns(long table) {
		return this.jdbc.query("""
				SELECT a.attname, a.attnum, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
				  CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
				  coalesce((SELECT pg_catalog.bool_or(p.provolatile = 'v')
				    FROM pg_catalog.regexp_matches(d.adbin::text, ':(?:funcid|opfuncid) (\\d+)', 'g') found
				    JOIN pg_catalog.pg_proc p ON p.oid = found[1]::oid), false),
				  a.attgenerated <> '', a.attidentity <> '',
				  CASE WHEN a.attcollation <> 0 AND a.attcollation <> t.typcollation
				    THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END
				FROM pg_catalog.pg_attribute a
				JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
				LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
				LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
				LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
				WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
				ORDER BY a.attnum
				""",
				(row, number) -> new Column(row.getString(1), row.getInt(2), row.getString(3), row.getBoolean(4),
						row.getString(5), row.getBoolean(6), row.getBoolean(7), row.getBoolean(8), row.getString(9)),
				table);
	}

	private List<String> primaryKey(long table) {
		return this.jdbc.queryForList("""
				SELECT a.attname
				FROM pg_catalog.pg_index i
				CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS key (attnum, ord)
				JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = key.attnum
				WHERE i.indrelid = ?::oid AND i.indisprimary AND key.ord <= i.indnkeyatts
				ORDER BY key.ord
				""", String.class, table);
	}

}
