package io.github.expandcontract.backfill;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.TableName;

/**
 * Finds the tables that hold the rows of a table: itself, or its partitions of all
 * levels.
 */
final class Leaves {

	private Leaves() {
	}

	static List<Leaf> of(TableName table, JdbcOperations jdbc) {
		List<Leaf> leaves = jdbc.query(
				"""
						WITH RECURSIVE tree AS (
							SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
							WHERE n.nspname = ? AND c.relname = ?
							UNION
							SELECT i.inhrelid FROM pg_inherits i JOIN tree ON tree.oid = i.inhparent
						)
						SELECT n.nspname, c.relname, c.relkind, c.reltuples::bigint AS tuples,
							pg_relation_size(c.oid) / current_setting('block_size')::bigint AS blocks,
							COALESCE((SELECT array_agg(a.attname::text ORDER BY array_position(k.indkey::int2[], a.attnum))
								FROM pg_index k JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.indkey)
								WHERE k.indrelid = c.oid AND k.indisprimary
									AND array_position(k.indkey::int2[], a.attnum) < k.indnkeyatts), '{}') AS key_columns,
							(SELECT a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
								FROM pg_index k JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.indkey[0]
								WHERE k.indrelid = c.oid AND k.indisprimary AND k.indisvalid AND k.indnkeyatts = 1) AS integer_key
						FROM tree JOIN pg_class c ON c.oid = tree.oid JOIN pg_namespace n ON n.oid = c.relnamespace
						WHERE c.relkind <> 'p'
						ORDER BY c.oid
						""",
				(result, row) -> leaf(result), table.schema(), table.name());
		if (leaves.isEmpty() && !exists(table, jdbc)) {
			throw new BackfillException("The table \"" + table + "\" does not exist, so nothing can be filled in it.",
					"Create the table, or correct the name in the change.");
		}
		return leaves;
	}

	private static boolean exists(TableName table, JdbcOperations jdbc) {
		Boolean there = jdbc.queryForObject("SELECT to_regclass(?) IS NOT NULL", Boolean.class, table.quoted());
		return Boolean.TRUE.equals(there);
	}

	private static Leaf leaf(ResultSet result) throws SQLException {
		TableName name = new TableName(result.getString("nspname"), result.getString("relname"));
		if (!"r".equals(result.getString("relkind"))) {
			throw new BackfillException("\"" + name + "\" is not an ordinary table, so its rows cannot be filled.",
					"Take foreign tables and views out of the change.");
		}
		Array keyColumns = result.getArray("key_columns");
		List<String> primaryKey = List.of((String[]) keyColumns.getArray());
		boolean integerKey = result.getBoolean("integer_key") && primaryKey.size() == 1;
		return new Leaf(name, integerKey ? primaryKey.get(0) : null, primaryKey, result.getLong("blocks"),
				result.getLong("tuples"));
	}

}
