package io.github.expandcontract.schema;

import java.util.Optional;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.TableName;

/**
 * Unique and exclusion indexes that use a column, on the table or any of its partitions.
 */
final class Unique {

	private Unique() {
	}

	/**
	 * Finds one.
	 * @return the definition of the first one by name, empty if there is none
	 */
	static Optional<String> of(JdbcOperations jdbc, TableName table, String column) {
		return jdbc.queryForList("""
				SELECT pg_catalog.pg_get_indexdef(i.indexrelid)
				FROM pg_catalog.pg_index i
				JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attname = ? AND NOT a.attisdropped
				WHERE i.indrelid IN (SELECT pg_catalog.to_regclass(?)
				  UNION SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)))
				AND (i.indisunique OR i.indisexclusion)
				AND (a.attnum = ANY (i.indkey::int2[]) OR EXISTS (SELECT FROM pg_catalog.pg_depend d
				  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
				  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = i.indrelid
				  AND d.refobjsubid = a.attnum))
				ORDER BY 1
				""", String.class, column, table.quoted(), table.quoted()).stream().findFirst();
	}

}
