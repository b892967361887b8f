package io.github.expandcontract.schema;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.OwnSchema;

/**
 * An index as the server understands what was declared.
 *
 * @param rest its definition from the word USING, as the catalog spells it
 * @param keys what it is sorted by or looked up by, as expressions
 * @param condition which rows are in it, {@code null} for all
 * @param nullsDistinct whether rows with NULL in a key are all different
 */
record IndexShape(String rest, List<String> keys, @Nullable String condition, boolean nullsDistinct) {

	/**
	 * Asks the server.
	 * @param definition what stands behind the table's name
	 * @throws UnsupportedChangeException if there can be no such index on the table
	 */
	static IndexShape of(Ddl ddl, TableChange change, boolean unique, String definition) {
		return Trial.of(ddl, change,
				"Correct the declaration. A unique index on a partitioned table has to contain the partition key.",
				(jdbc, clone) -> {
					jdbc.execute(
							"CREATE " + (unique ? "UNIQUE " : "") + "INDEX trial_index ON " + clone + " " + definition);
					return read(jdbc, OwnSchema.NAME + ".trial_index");
				});
	}

	private static IndexShape read(JdbcOperations jdbc, String index) {
		String text = Trial.text(jdbc, "SELECT pg_catalog.pg_get_indexdef(?::regclass)", index);
		String rest = text.substring(text.indexOf(" USING ") + 1);
		List<String> keys = jdbc.queryForList("""
				SELECT pg_catalog.pg_get_indexdef(i.indexrelid, n, false)
				FROM pg_catalog.pg_index i, pg_catalog.generate_series(1, i.indnkeyatts) n
				WHERE i.indexrelid = ?::regclass ORDER BY n
				""", String.class, index);
		String condition = jdbc.queryForObject("""
				SELECT pg_catalog.pg_get_expr(indpred, indrelid) FROM pg_catalog.pg_index WHERE indexrelid = ?::regclass
				""", String.class, index);
		return new IndexShape(rest, keys, condition, !rest.contains(") NULLS NOT DISTINCT"));
	}

	/**
	 * The groups of rows that have the same key.
	 */
	BadRows duplicates(JdbcOperations jdbc, TableChange change) {
		String key = new Catalog(jdbc).table(change.table()).orElseThrow().rowKey("t");
		StringBuilder where = new StringBuilder((this.condition != null) ? "(" + this.condition + ")" : "true");
		if (this.nullsDistinct) {
			this.keys.forEach((expression) -> where.append(" AND (").append(expression).append(") IS NOT NULL"));
		}
		String grouped = String.join(", ", this.keys);
		String values = this.keys.stream()
			.map((expression) -> "coalesce((" + expression + ")::text, 'NULL')")
			.collect(Collectors.joining(" || ', ' || "));
		return new BadRows("groups of rows with the same " + grouped,
				"Change or delete all but one row of each group; it is looked again by itself.",
				"SELECT '(' || " + values + " || ') in ' || pg_catalog.count(*) || ' rows: ' || "
						+ "pg_catalog.array_to_string((pg_catalog.array_agg(" + key + " ORDER BY " + key
						+ "))[1:5], ', ') FROM " + change.table().quoted() + " t WHERE " + where + " GROUP BY "
						+ grouped + " HAVING pg_catalog.count(*) > 1");
	}

}
