package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.postgres.TableName;

/**
 * The changing tables by name, and what is known of the relations around them.
 */
final class Changes {

	private final SchemaView schema;

	private final Map<TableName, ChangingTable> tables = new HashMap<>();

	private final Set<String> tableNames = new HashSet<>();

	private final Set<String> columnNames = new HashSet<>();

	Changes(SchemaView schema, List<ColumnRule> rules) {
		this.schema = schema;
		Map<TableName, List<ColumnRule>> byTable = new HashMap<>();
		for (ColumnRule rule : rules) {
			byTable.computeIfAbsent(rule.change().table(), (name) -> new ArrayList<>()).add(rule);
			this.columnNames.addAll(names(rule));
		}
		byTable.forEach((name, list) -> {
			Table table = schema.tables().get(name);
			if (table != null) {
				this.tables.put(name, new ChangingTable(table, List.copyOf(list)));
				this.tableNames.add(name.name());
			}
		});
	}

	/**
	 * The names that mean something else than a column of the table as it is.
	 */
	private static List<String> names(ColumnRule rule) {
		List<String> names = new ArrayList<>(rule.column().forbidden());
		names.add(rule.name());
		return names;
	}

	boolean isEmpty() {
		return this.tables.isEmpty();
	}

	Set<String> tableNames() {
		return this.tableNames;
	}

	/**
	 * Whether any changing table has a column that goes away or comes with that name.
	 */
	boolean isColumn(String name) {
		return this.columnNames.contains(name);
	}

	/**
	 * The names of the columns of all changing tables of the given names.
	 */
	Set<String> columnsOf(Set<String> tables) {
		Set<String> columns = new HashSet<>();
		this.tables.forEach((name, table) -> {
			if (tables.contains(name.name())) {
				table.rules().forEach((rule) -> columns.addAll(names(rule)));
			}
		});
		return columns;
	}

	boolean isNonVolatile(String function) {
		return Keywords.isStandardFunction(function) || this.schema.nonVolatileFunctions().contains(function);
	}

	/**
	 * Looks up a table by its name as written.
	 * @param schemaName the schema, if it was written
	 */
	@Nullable ChangingTable table(@Nullable String schemaName, String name) {
		if (!this.tableNames.contains(name)) {
			return null;
		}
		if (schemaName != null) {
			return this.tables.get(new TableName(schemaName, name));
		}
		return this.schema.resolve(name).map((table) -> this.tables.get(table.name())).orElse(null);
	}

	/**
	 * Which changing column names another relation owns.
	 */
	Set<String> owned(@Nullable String schemaName, String name) {
		if (schemaName != null) {
			return this.schema.otherOwners().getOrDefault(new TableName(schemaName, name), Set.of());
		}
		for (String candidate : this.schema.searchPath()) {
			Set<String> owned = this.schema.otherOwners().get(new TableName(candidate, name));
			if (owned != null) {
				return owned;
			}
		}
		return this.schema.otherOwners().getOrDefault(new TableName("pg_catalog", name), Set.of());
	}

}
