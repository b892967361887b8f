package io.github.expandcontract.change;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A new index as it was written down.
 *
 * @param explicitId the id that was written down, {@code null} to derive it
 * @param schema the schema as the catalog spells it, {@code null} to look the table up by
 * the search path
 * @param table the table as the catalog spells it
 * @param name the index
 * @param isUnique whether no two rows may have the same key
 * @param definition what stands behind the table's name in {@code CREATE INDEX}
 * @param declaredAt where the change was declared
 */
public record AddIndexDeclaration(@Nullable String explicitId, @Nullable String schema, String table, String name,
		boolean isUnique, String definition, String declaredAt) implements ChangeDeclaration {

	/**
	 * Creates a declaration.
	 * @throws InvalidDeclarationException if a name, the id or the definition cannot be
	 * used
	 */
	public AddIndexDeclaration {
		AddedNames.require(explicitId, table, name, List.of(name), declaredAt);
		WrittenSql.requireIndexDefinition(definition, declaredAt);
	}

	@Override
	public String id() {
		return ChangeIds.of(this.explicitId, this.table, this.name);
	}

	/**
	 * The same index by another id.
	 * @param id lower case letters, digits and single hyphens
	 * @return the declaration with that id
	 * @throws InvalidDeclarationException if the id cannot be used
	 */
	public AddIndexDeclaration withId(String id) {
		return new AddIndexDeclaration(id, this.schema, this.table, this.name, this.isUnique, this.definition,
				this.declaredAt);
	}

	/**
	 * The same index, with no two rows of the same key. For plain columns
	 * {@link ChangeDeclaration#addUnique} makes a constraint.
	 * @return the declaration of a unique index
	 */
	public AddIndexDeclaration unique() {
		return new AddIndexDeclaration(this.explicitId, this.schema, this.table, this.name, true, this.definition,
				this.declaredAt);
	}

	@Override
	public AddIndex on(TableName table) {
		return new AddIndex(id(), table, this.name, this.isUnique, this.definition, this.declaredAt);
	}

}
