package io.github.expandcontract.postgres;

import java.util.List;
import java.util.Optional;

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
	 * Finds a column.
	 * @param column its name as the catalog spells it
	 * @return the column, empty if there is none
	 */
	public Optional<Column> column(String column) {
		return this.columns.stream().filter((candidate) -> candidate.name().equals(column)).findFirst();
	}

}
