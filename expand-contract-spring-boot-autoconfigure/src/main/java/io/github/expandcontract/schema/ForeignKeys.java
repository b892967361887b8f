package io.github.expandcontract.schema;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.TableName;

/**
 * The foreign keys of a table, in both directions: whoever drops one locks the table at
 * its other end too.
 */
final class ForeignKeys {

	private ForeignKeys() {
	}

	/**
	 * The tables at the other end.
	 * @param column the column that takes part in the foreign key, {@code null} for any
	 */
	static List<TableName> others(JdbcOperations jdbc, TableName table, @Nullable String column) {
		return jdbc.query("""
				WITH own AS (SELECT pg_catalog.to_regclass(?)::oid AS oid),
				ends AS (
				  SELECT k.conrelid AS here, k.conkey AS columns, k.confrelid AS there
				  FROM pg_catalog.pg_constraint k WHERE k.contype = 'f'
				  UNION ALL
				  SELECT k.confrelid, k.confkey, k.conrelid FROM pg_catalog.pg_constraint k WHERE k.contype = 'f')
				SELECT DISTINCT n.nspname, c.relname FROM own JOIN ends ON ends.here = own.oid AND ends.there <> own.oid
				JOIN pg_catalog.pg_class c ON c.oid = ends.there
				JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
				WHERE ?::name IS NULL OR EXISTS (SELECT FROM pg_catalog.pg_attribute a
				  WHERE a.attrelid = own.oid AND a.attname = ? AND a.attnum = ANY (ends.columns))
				ORDER BY 1, 2
				""", (row, number) -> new TableName(row.getString(1), row.getString(2)), table.quoted(), column,
				column);
	}

	/**
	 * The tables that a column refers to.
	 */
	static List<TableName> referenced(JdbcOperations jdbc, TableName table, String column) {
		return jdbc.query("""
				SELECT DISTINCT n.nspname, c.relname FROM pg_catalog.pg_constraint k
				JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
				JOIN pg_catalog.pg_class c ON c.oid = k.confrelid
				JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
				WHERE k.contype = 'f' AND k.conrelid = pg_catalog.to_regclass(?) AND a.attname = ?
				ORDER BY 1, 2
				""", (row, number) -> new TableName(row.getString(1), row.getString(2)), table.quoted(), column);
	}

}
