package io.github.expandcontract.change;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * The drop of a table as it was written down.
 *
 * @param explicitId the id that was written down, {@code null} to derive it
 * @param schema the schema as the catalog spells it, {@code null} to look the table up by
 * the search path
 * @param table the table as the catalog spells it
 * @param declaredAt where the change was declared
 */
public record DropTableDeclaration(@Nullable String explicitId, @Nullable String schema, String table,
		String declaredAt) implements ChangeDeclaration {

	/**
	 * Creates a declaration.
	 * @throws InvalidDeclarationException if the name is empty or the id cannot be used
	 */
	public DropTableDeclaration {
		if (table.isBlank()) {
			throw InvalidDeclarationException.emptyName(declaredAt);
		}
		ChangeIds.requireUsable(ChangeIds.of(explicitId, table, "drop"), declaredAt);
	}

	/**
	 * {@inheritDoc} Without one it is the table's name and {@code drop}.
	 */
	@Override
	public String id() {
		return ChangeIds.of(this.explicitId, this.table, "drop");
	}

	/**
	 * The same drop by another id.
	 * @param id lower case letters, digits and single hyphens
	 * @return the declaration with that id
	 * @throws InvalidDeclarationException if the id cannot be used
	 */
	public DropTableDeclaration withId(String id) {
		return new DropTableDeclaration(id, this.schema, this.table, this.declaredAt);
	}

	/**
	 * {@inheritDoc} While the table is set aside, and when it is gone, it is taken to be
	 * where it was declared.
	 */
	@Override
	public TableName whereGone() {
		return new TableName((this.schema != null) ? this.schema : "public", this.table);
	}

	@Override
	public DropTable on(TableName table) {
		return new DropTable(id(), table, this.declaredAt);
	}

}
