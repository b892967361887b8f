package io.github.expandcontract.schema;

import java.util.List;
import java.util.Objects;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.postgres.TableName;

/**
 * What the catalog says of a table or of what stands in the way of a name.
 */
final class TableFacts {

	private TableFacts() {
	}

	static boolean isPartitioned(JdbcOperations jdbc, TableName table) {
		return Boolean.TRUE.equals(jdbc.queryForObject(
				"SELECT relkind = 'p' FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass(?)", Boolean.class,
				table.quoted()));
	}

	static int serverVersion(JdbcOperations jdbc) {
		return Objects.requireNonNull(jdbc
			.queryForObject("SELECT pg_catalog.current_setting('server_version_num')::int / 10000", Integer.class));
	}

	/**
	 * What has a name, with its definition where it is an index.
	 */
	static String describe(JdbcOperations jdbc, String quoted) {
		return Objects.requireNonNull(jdbc.queryForObject("""
				SELECT pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, c.oid, 0)
				  || coalesce(', ' || pg_catalog.pg_get_indexdef(i.indexrelid), '')
				  || CASE WHEN NOT i.indisvalid THEN ', not valid' ELSE '' END
				FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
				WHERE c.oid = pg_catalog.to_regclass(?)
				""", String.class, quoted));
	}

	/**
	 * Refuses a partitioned table of which a part lies on another server, where no index
	 * can be built.
	 */
	static void requireOwnPartitions(JdbcOperations jdbc, TableChange change) {
		List<String> foreign = jdbc.queryForList("""
				SELECT c.oid::regclass::text FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)) tree
				JOIN pg_catalog.pg_class c ON c.oid = tree.relid WHERE c.relkind = 'f' ORDER BY 1
				""", String.class, change.table().quoted());
		if (!foreign.isEmpty()) {
			throw new UnsupportedChangeException(change,
					"the table has partitions on other servers: " + String.join(", ", foreign) + ".",
					"Declare the index on each of the other partitions.");
		}
	}

}
