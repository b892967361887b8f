package io.github.expandcontract.schema;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.Table;

/**
 * Looks for rows that new's constraints would refuse, whether there is a new column
 * already or it is still to be computed from old. The table is read once for each, by one
 * statement that locks nothing.
 */
final class Offenders {

	private static final int EXAMPLES = 10;

	private final JdbcOperations jdbc;

	private final String rows;

	Offenders(JdbcOperations jdbc, ColumnChange change) {
		this.jdbc = jdbc;
		Table table = new Catalog(jdbc).table(change.table()).orElseThrow();
		String identity = table.primaryKey().isEmpty() ? "'ctid=' || t.ctid"
				: table.primaryKey()
					.stream()
					.map((column) -> Sql.literal(column + "=") + " || t." + Identifiers.quote(column))
					.collect(Collectors.joining(" || ', ' || "));
		String computed = table.column(change.newColumn()).isPresent() ? ""
				: ", " + change.up("t." + Identifiers.quote(change.oldColumn())) + " AS "
						+ Identifiers.quote(change.newColumn());
		this.rows = "(SELECT t.*, " + identity + " AS expand_contract_row" + computed + " FROM "
				+ change.table().quoted() + " t) AS expand_contract_rows";
	}

	/**
	 * Rows that are the same to a unique index.
	 * @return for some of the values which rows hold them
	 */
	List<String> duplicates(IndexDescription index) {
		String keys = String.join(", ", index.keys());
		String values = index.keys().stream().map((key) -> "(" + key + ")::text").collect(Collectors.joining(", "));
		String condition = (index.condition() != null) ? "(" + index.condition() + ")" : "true";
		if (index.nullsDistinct()) {
			condition += index.keys()
				.stream()
				.map((key) -> " AND (" + key + ") IS NOT NULL")
				.collect(Collectors.joining());
		}
		return this.jdbc.queryForList("SELECT 'the value (' || pg_catalog.concat_ws(', ', " + values
				+ ") || ') in ' || count(*) || ' rows, among them ' || min(expand_contract_row) || ' and '"
				+ " || max(expand_contract_row) FROM " + this.rows + " WHERE " + condition + " GROUP BY " + keys
				+ " HAVING count(*) > 1 ORDER BY 1 LIMIT " + EXAMPLES, String.class);
	}

	/**
	 * Rows for which a condition is true.
	 * @return some of them
	 */
	List<String> where(String condition) {
		return this.jdbc
			.queryForList("SELECT expand_contract_row FROM " + this.rows + " WHERE " + condition + " LIMIT " + EXAMPLES,
					String.class)
			.stream()
			.map(Objects::requireNonNull)
			.toList();
	}

}
