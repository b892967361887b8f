package io.github.expandcontract.sql;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.postgres.TableName;

/**
 * What rewriting has to know of the catalog, as one immutable value.
 *
 * @param version grows whenever any other part differs
 * @param searchPath the schemas in which an unqualified name is looked up, first one
 * first
 * @param tables the tables that have a change, by name
 * @param namesakes relations that are named like such a table but are not one, in any
 * schema
 * @param otherOwners for relations other than those tables: which of their columns are
 * called like an old or a new column
 * @param nonVolatileFunctions names of functions of which every overload is immutable or
 * stable; one that is not in it must be taken for volatile
 */
public record SchemaView(long version, List<String> searchPath, Map<TableName, Table> tables, Set<TableName> namesakes,
		Map<TableName, Set<String>> otherOwners, Set<String> nonVolatileFunctions) {

	public SchemaView {
		searchPath = List.copyOf(searchPath);
		tables = Map.copyOf(tables);
		namesakes = Set.copyOf(namesakes);
		otherOwners = Map.copyOf(otherOwners);
		nonVolatileFunctions = Set.copyOf(nonVolatileFunctions);
	}

	/**
	 * Resolves an unqualified name by the search path to a table that has a change.
	 * @param name the name as the catalog spells it
	 * @return the table, empty if the name means something else
	 */
	public Optional<Table> resolve(String name) {
		for (String schema : this.searchPath) {
			TableName candidate = new TableName(schema, name);
			Table table = this.tables.get(candidate);
			if (table != null) {
				return Optional.of(table);
			}
			if (this.namesakes.contains(candidate)) {
				return Optional.empty();
			}
		}
		return Optional.empty();
	}

}
