package io.github.expandcontract.change;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A new unique constraint as it was written down.
 *
 * @param explicitId the id that was written down, {@code null} to derive it
 * @param schema the schema as the catalog spells it, {@code null} to look the table up by
 * the search path
 * @param table the table as the catalog spells it
 * @param name the constraint
 * @param columns the columns
 * @param isNullsNotDistinct whether NULL is a value like others
 * @param timing when the constraint is checked
 * @param declaredAt where the change was declared
 */
public record AddUniqueDeclaration(@Nullable String explicitId, @Nullable String schema, String table, String name,
		List<String> columns, boolean isNullsNotDistinct, ConstraintTiming timing,
		String declaredAt) implements ChangeDeclaration {

	/**
	 * Creates a declaration.
	 * @throws InvalidDeclarationException if a name or the id cannot be used
	 */
	public AddUniqueDeclaration {
		columns = List.copyOf(columns);
		AddedNames.require(explicitId, table, name, columns, declaredAt);
	}

	@Override
	public String id() {
		return ChangeIds.of(this.explicitId, this.table, this.name);
	}

	/**
	 * The same constraint by another id.
	 * @param id lower case letters, digits and single hyphens
	 * @return the declaration with that id
	 * @throws InvalidDeclarationException if the id cannot be used
	 */
	public AddUniqueDeclaration withId(String id) {
		return new AddUniqueDeclaration(id, this.schema, this.table, this.name, this.columns, this.isNullsNotDistinct,
				this.timing, this.declaredAt);
	}

	/**
	 * The same constraint, under which two rows with NULL are the same too. Needs
	 * PostgreSQL 15.
	 * @return the declaration of such a constraint
	 */
	public AddUniqueDeclaration nullsNotDistinct() {
		return new AddUniqueDeclaration(this.explicitId, this.schema, this.table, this.name, this.columns, true,
				this.timing, this.declaredAt);
	}

	/**
	 * The same constraint, checked when {@code timing} says so. A deferrable one can be
	 * no conflict target of an upsert.
	 * @param timing when it is checked
	 * @return the declaration of such a constraint
	 */
	public AddUniqueDeclaration checked(ConstraintTiming timing) {
		return new AddUniqueDeclaration(this.explicitId, this.schema, this.table, this.name, this.columns,
				this.isNullsNotDistinct, timing, this.declaredAt);
	}

	@Override
	public AddUnique on(TableName table) {
		return new AddUnique(id(), table, this.name, this.columns, this.isNullsNotDistinct, this.timing,
				this.declaredAt);
	}

}
