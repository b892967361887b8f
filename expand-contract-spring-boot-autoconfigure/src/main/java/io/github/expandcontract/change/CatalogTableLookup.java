package io.github.expandcontract.change;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.TableName;

/**
 * Finds ordinary and partitioned tables in the catalog. A view is not found, since it has
 * no columns to change.
 */
public final class CatalogTableLookup implements TableLookup {

	private final JdbcOperations jdbc;

	private final Catalog catalog;

	/**
	 * Creates a lookup.
	 * @param jdbc where the catalog is read, by whose search path tables are found
	 */
	public CatalogTableLookup(JdbcOperations jdbc) {
		this.jdbc = jdbc;
		this.catalog = new Catalog(jdbc);
	}

	@Override
	public Optional<TableName> resolve(@Nullable String schema, String name) {
		return this.catalog.resolve(schema, name).filter((found) -> this.catalog.table(found).isPresent());
	}

	@Override
	public List<String> columns(TableName table) {
		return this.catalog.table(table)
			.map((found) -> found.columns().stream().map(Column::name).toList())
			.orElse(List.of());
	}

	@Override
	public List<TableName> tables() {
		return this.jdbc.query("""
				SELECT n.nspname, c.relname
				FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
				WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
				ORDER BY 1, 2
				""", (row, number) -> new TableName(row.getString(1), row.getString(2)));
	}

}
