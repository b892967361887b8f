package io.github.expandcontract.postgres;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table as the catalog describes it.
 *
 * @param oid its object id
 * @param name its name
 * @param partitioned whether it is a partitioned table
 * @param columns its live columns by position
 * @param primaryKey the columns of its primary key in the key's order, empty if it has
 * none
 */
public record Table(long oid, TableName name, boolean partitioned, List<Column> columns, List<String> primaryKey) {

	/**
	 * What tells a person which row it is.
	 * @param alias the alias by which a statement names the table
	 * @return an SQL expression of text: the primary key, or where the row lies if the
	 * table has none
	 */
	public String rowKey(String alias) {
		if (this.primaryKey.isEmpty()) {
			return alias + ".ctid::text";
		}
		String key = this.primaryKey.stream()
			.map((column) -> alias + "." + Identifiers.quote(column))
			.collect(Collectors.joining(", "));
		return (this.primaryKey.size() == 1) ? key + "::text" : "ROW(" + key + ")::text";
	}

	/**
	 * Finds a column.
	 * @param column its name as the catalog spells it
	 * @return the column, empty if there is none
	 */
	public Optional<Column> column(String column) {
		return this.columns.stream().filter((candidate) -> candidate.name().equals(column)).findFirst();
	}

}
