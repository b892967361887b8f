package io.github.expandcontract.change;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A rename of a column as it was written down.
 *
 * @param explicitId the id that was written down, {@code null} to derive it
 * @param schema the schema as the catalog spells it, {@code null} to look the table up by
 * the search path
 * @param table the table as the catalog spells it
 * @param oldColumn the column's present name
 * @param newColumn the column's name after the change
 * @param declaredAt where the change was declared
 */
public record RenameColumnDeclaration(@Nullable String explicitId, @Nullable String schema, String table,
		String oldColumn, String newColumn, String declaredAt) implements ChangeDeclaration {

	/**
	 * Creates a declaration.
	 * @throws InvalidDeclarationException if a name is empty, the columns are the same or
	 * the id cannot be used
	 */
	public RenameColumnDeclaration {
		ColumnNames.requireTwo(explicitId, table, oldColumn, newColumn, declaredAt);
	}

	@Override
	public String id() {
		return ChangeIds.of(this.explicitId, this.table, this.newColumn);
	}

	/**
	 * The same rename by another id.
	 * @param id lower case letters, digits and single hyphens
	 * @return the declaration with that id
	 * @throws InvalidDeclarationException if the id cannot be used
	 */
	public RenameColumnDeclaration withId(String id) {
		return new RenameColumnDeclaration(id, this.schema, this.table, this.oldColumn, this.newColumn,
				this.declaredAt);
	}

	@Override
	public RenameColumn on(TableName table) {
		return new RenameColumn(id(), table, this.oldColumn, this.newColumn, this.declaredAt);
	}

}
