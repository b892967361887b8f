package io.github.expandcontract.change;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * The drop of a column as it was written down.
 *
 * @param explicitId the id that was written down, {@code null} to derive it
 * @param schema the schema as the catalog spells it, {@code null} to look the table up by
 * the search path
 * @param table the table as the catalog spells it
 * @param column the column
 * @param declaredAt where the change was declared
 */
public record DropColumnDeclaration(@Nullable String explicitId, @Nullable String schema, String table, String column,
		String declaredAt) implements ChangeDeclaration {

	/**
	 * Creates a declaration.
	 * @throws InvalidDeclarationException if a name is empty or the id cannot be used
	 */
	public DropColumnDeclaration {
		if (table.isBlank() || column.isBlank()) {
			throw InvalidDeclarationException.emptyName(declaredAt);
		}
		ChangeIds.requireUsable(ChangeIds.of(explicitId, table, column), declaredAt);
	}

	@Override
	public String id() {
		return ChangeIds.of(this.explicitId, this.table, this.column);
	}

	/**
	 * The same drop by another id.
	 * @param id lower case letters, digits and single hyphens
	 * @return the declaration with that id
	 * @throws InvalidDeclarationException if the id cannot be used
	 */
	public DropColumnDeclaration withId(String id) {
		return new DropColumnDeclaration(id, this.schema, this.table, this.column, this.declaredAt);
	}

	@Override
	public DropColumn on(TableName table) {
		return new DropColumn(id(), table, this.column, this.declaredAt);
	}

}
