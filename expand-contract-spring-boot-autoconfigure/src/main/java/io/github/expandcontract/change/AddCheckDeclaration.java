package io.github.expandcontract.change;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A new check as it was written down.
 *
 * @param explicitId the id that was written down, {@code null} to derive it
 * @param schema the schema as the catalog spells it, {@code null} to look the table up by
 * the search path
 * @param table the table as the catalog spells it
 * @param name the constraint
 * @param condition the condition, an SQL expression over columns of the row
 * @param declaredAt where the change was declared
 */
public record AddCheckDeclaration(@Nullable String explicitId, @Nullable String schema, String table, String name,
		String condition, String declaredAt) implements ChangeDeclaration {

	/**
	 * Creates a declaration.
	 * @throws InvalidDeclarationException if a name, the id or the condition cannot be
	 * used
	 */
	public AddCheckDeclaration {
		AddedNames.require(explicitId, table, name, List.of(name), declaredAt);
		WrittenSql.requireCondition(condition, declaredAt);
	}

	@Override
	public String id() {
		return ChangeIds.of(this.explicitId, this.table, this.name);
	}

	/**
	 * The same check by another id.
	 * @param id lower case letters, digits and single hyphens
	 * @return the declaration with that id
	 * @throws InvalidDeclarationException if the id cannot be used
	 */
	public AddCheckDeclaration withId(String id) {
		return new AddCheckDeclaration(id, this.schema, this.table, this.name, this.condition, this.declaredAt);
	}

	@Override
	public AddCheck on(TableName table) {
		return new AddCheck(id(), table, this.name, this.condition, this.declaredAt);
	}

}
