package io.github.expandcontract.schema;

import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.Change;
import io.github.expandcontract.postgres.TableName;

/**
 * Columns that the server computes from another one. PostgreSQL 14 drops them along with
 * that one, and takes {@code RESTRICT} for no objection; from 15 on it refuses.
 */
final class GeneratedColumns {

	private GeneratedColumns() {
	}

	/**
	 * Refuses to drop a column of which others are computed, in the words of the servers
	 * that do so themselves. To be called under the table's lock.
	 * @throws DependentObjectException if there is one
	 */
	static void requireNone(JdbcOperations jdbc, Change change, TableName table, String column) {
		List<String> computed = jdbc.queryForList("""
				SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
				FROM pg_catalog.pg_attribute a
				JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass
				  AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
				  AND d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = a.attrelid AND d.objsubid > 0
				WHERE a.attrelid IN (SELECT pg_catalog.to_regclass(?)
				  UNION SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)))
				AND a.attname = ? AND NOT a.attisdropped
				ORDER BY 1
				""", String.class, table.quoted(), table.quoted(), column);
		if (!computed.isEmpty()) {
			throw new DependentObjectException(change, "the column " + column + " of the table " + table
					+ " cannot be dropped because other objects depend on it: " + String.join(", ", computed) + ".");
		}
	}

}
