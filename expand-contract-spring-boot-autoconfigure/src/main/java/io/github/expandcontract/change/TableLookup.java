package io.github.expandcontract.change;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * Finds the tables that changes are declared on.
 */
public interface TableLookup {

	/**
	 * Finds a table.
	 * @param schema the schema as the catalog spells it, {@code null} for the search path
	 * @param name the table as the catalog spells it
	 * @return the table, empty if there is none
	 */
	Optional<TableName> resolve(@Nullable String schema, String name);

	/**
	 * The columns of a table.
	 * @param table a table that {@link #resolve} has found
	 * @return their names by position
	 */
	List<String> columns(TableName table);

	/**
	 * All tables a user may have meant, for suggestions.
	 * @return the tables of every schema but the system's
	 */
	List<TableName> tables();

}
