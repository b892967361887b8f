package io.github.expandcontract.change;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A column that must not be NULL any more, as it was written down.
 *
 * @param explicitId the id that was written down, {@code null} to derive it
 * @param schema the schema as the catalog spells it, {@code null} to look the table up by
 * the search path
 * @param table the table as the catalog spells it
 * @param column the column
 * @param declaredAt where the change was declared
 */
public record RequireNotNullDeclaration(@Nullable String explicitId, @Nullable String schema, String table,
		String column, String declaredAt) implements ChangeDeclaration {

	/**
	 * Creates a declaration.
	 * @throws InvalidDeclarationException if a name or the id cannot be used
	 */
	public RequireNotNullDeclaration {
		AddedNames.require(explicitId, table, column, List.of(column), declaredAt);
	}

	@Override
	public String id() {
		return ChangeIds.of(this.explicitId, this.table, this.column);
	}

	/**
	 * The same change by another id.
	 * @param id lower case letters, digits and single hyphens
	 * @return the declaration with that id
	 * @throws InvalidDeclarationException if the id cannot be used
	 */
	public RequireNotNullDeclaration withId(String id) {
		return new RequireNotNullDeclaration(id, this.schema, this.table, this.column, this.declaredAt);
	}

	@Override
	public RequireNotNull on(TableName table) {
		return new RequireNotNull(id(), table, this.column, this.declaredAt);
	}

}
