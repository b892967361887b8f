package io.github.expandcontract.schema;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.Ddl;

/**
 * What the planner knows of the new column. Without it, or with what an early ANALYZE saw
 * of a column that was hardly filled, joins and conditions on new get other plans than
 * those on old had: measured on a million rows, a join by an index became one that reads
 * the whole table.
 */
final class Statistics {

	/**
	 * When the server is asked to look at the table.
	 */
	static final String CONDITION = "where the planner knows less of the new column than of the old";

	private static final String STALE = """
			SELECT EXISTS (SELECT FROM pg_catalog.pg_stats o
			  LEFT JOIN pg_catalog.pg_stats n ON n.schemaname = o.schemaname AND n.tablename = o.tablename
			    AND n.inherited = o.inherited AND n.attname = ?
			  WHERE o.schemaname = ? AND o.tablename = ? AND o.attname = ?
			  AND (n.attname IS NULL OR abs(n.null_frac - o.null_frac) > 0.05))
			""";

	private final Ddl ddl;

	Statistics(Ddl ddl) {
		this.ddl = ddl;
	}

	/**
	 * Whether the planner knows old, and of new nothing or something else.
	 */
	boolean stale(ColumnChange change) {
		JdbcOperations jdbc = this.ddl.jdbc();
		return Boolean.TRUE.equals(jdbc.queryForObject(STALE, Boolean.class, change.newColumn(),
				change.table().schema(), change.table().name(), change.oldColumn()));
	}

	/**
	 * Whether the planner knows an old column, and of a new one nothing.
	 */
	boolean missing(RowChange change) {
		JdbcOperations jdbc = this.ddl.jdbc();
		return Boolean.TRUE.equals(jdbc.queryForObject("""
				SELECT EXISTS (SELECT FROM pg_catalog.pg_stats o WHERE o.schemaname = ? AND o.tablename = ?
				  AND o.attname = ANY (?::name[])
				  AND EXISTS (SELECT FROM pg_catalog.unnest(?::name[]) AS wanted (name) WHERE NOT EXISTS (
				    SELECT FROM pg_catalog.pg_stats n WHERE n.schemaname = o.schemaname AND n.tablename = o.tablename
				    AND n.inherited = o.inherited AND n.attname = wanted.name)))
				""", Boolean.class, change.table().schema(), change.table().name(),
				change.oldColumns().toArray(String[]::new), change.newColumns().toArray(String[]::new)));
	}

	/**
	 * Has the server look at the whole table, because with a list of columns it leaves
	 * out the indexes on expressions.
	 */
	void refresh(Change change) {
		Step step = step(change);
		this.ddl.concurrently(step.purpose(), step.sql());
	}

	static Step step(Change change) {
		return Step.alone("let the planner know the new column", LockLevel.SHARE_UPDATE_EXCLUSIVE,
				"ANALYZE " + change.table().quoted());
	}

}
