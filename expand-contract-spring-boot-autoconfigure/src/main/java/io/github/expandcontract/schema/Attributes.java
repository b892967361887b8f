package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;

/**
 * What a column has of its own in the catalog, beside its type, default and NOT NULL, and
 * how another one is given the same: comment, grants, statistics target, options, storage
 * and compression. The last two are left out for a type that cannot have them.
 */
final class Attributes {

	private Attributes() {
	}

	static List<Step> carry(JdbcOperations jdbc, TableName table, String from, String to) {
		List<Step> steps = new ArrayList<>();
		steps.add(comment(table, to, ColumnCheck.comment(jdbc, table, from)));
		String target = Identifiers.quote(to);
		steps.addAll(jdbc.query(
				"""
						WITH source AS (
						  SELECT a.*, t.typstorage FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
						  WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attname = ? AND NOT a.attisdropped),
						alter_column AS (
						  SELECT pg_catalog.format('ALTER TABLE %s ALTER COLUMN %s ', ?::text, ?::text) AS head)
						SELECT 'GRANT ' || g.privilege_type || ' (' || ? || ') ON ' || ? || ' TO '
						  || CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(r.rolname) END
						  || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
						FROM source CROSS JOIN LATERAL pg_catalog.aclexplode(source.attacl) g
						LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee
						UNION ALL
						SELECT head || 'SET STATISTICS ' || attstattarget FROM source, alter_column
						WHERE coalesce(attstattarget, -1) <> -1
						UNION ALL
						SELECT head || 'SET (' || pg_catalog.array_to_string(attoptions, ', ') || ')' FROM source, alter_column
						WHERE attoptions IS NOT NULL
						UNION ALL
						SELECT head || 'SET STORAGE ' || CASE attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
						  WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END
						FROM source, alter_column WHERE attstorage <> typstorage AND ?
						UNION ALL
						SELECT head || 'SET COMPRESSION ' || CASE attcompression WHEN 'l' THEN 'lz4' ELSE 'pglz' END
						FROM source, alter_column WHERE attcompression <> '' AND ?
						ORDER BY 1
						""",
				(row, number) -> Step.inTransaction("give \"" + to + "\" what \"" + from + "\" has",
						LockLevel.ACCESS_EXCLUSIVE, row.getString(1)),
				table.quoted(), from, table.quoted(), target, target, table.quoted(), toastable(jdbc, table, from, to),
				toastable(jdbc, table, from, to)));
		return steps;
	}

	static Step comment(TableName table, String column, @Nullable String comment) {
		return Step.inTransaction("comment on \"" + column + "\"", LockLevel.SHARE_UPDATE_EXCLUSIVE,
				"COMMENT ON COLUMN " + table.quoted() + "." + Identifiers.quote(column) + " IS "
						+ ((comment != null) ? Sql.literal(comment) : "NULL"));
	}

	/**
	 * The grants on one column alone, for another one.
	 */
	static List<Step> grants(JdbcOperations jdbc, TableName table, String from, String to) {
		return carry(jdbc, table, from, to).stream().filter((step) -> step.sql().startsWith("GRANT ")).toList();
	}

	/**
	 * Whether both columns are there and may be stored out of line.
	 */
	private static boolean toastable(JdbcOperations jdbc, TableName table, String from, String to) {
		return Boolean.TRUE.equals(jdbc.queryForObject("""
				SELECT count(*) = 2 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
				WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attname IN (?, ?) AND NOT a.attisdropped
				AND t.typstorage <> 'p'
				""", Boolean.class, table.quoted(), from, to));
	}

}
