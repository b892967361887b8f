package io.github.expandcontract.change;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A new foreign key as it was written down.
 *
 * @param explicitId the id that was written down, {@code null} to derive it
 * @param schema the schema as the catalog spells it, {@code null} to look the table up by
 * the search path
 * @param table the referencing table as the catalog spells it
 * @param name the constraint
 * @param columns the referencing columns
 * @param target what they refer to
 * @param isMatchFull whether a row that refers to something has all its columns filled
 * @param deleteAction what becomes of a row when the one that it refers to is deleted
 * @param updateAction what becomes of it when that one gets another key
 * @param timing when the constraint is checked
 * @param setsOrphansNull whether rows that refer to nothing are made to say so
 * @param declaredAt where the change was declared
 */
public record AddForeignKeyDeclaration(@Nullable String explicitId, @Nullable String schema, String table, String name,
		List<String> columns, Target target, boolean isMatchFull, ReferentialAction deleteAction,
		ReferentialAction updateAction, ConstraintTiming timing, boolean setsOrphansNull,
		String declaredAt) implements ChangeDeclaration {

	/**
	 * Creates a declaration.
	 * @throws InvalidDeclarationException if a name or the id cannot be used, or the two
	 * lists of columns do not have the same length
	 */
	public AddForeignKeyDeclaration {
		columns = List.copyOf(columns);
		AddedNames.require(explicitId, table, name, columns, declaredAt);
		AddedNames.require(explicitId, table, name, target.columns(), declaredAt);
		if (columns.size() != target.columns().size()) {
			throw InvalidDeclarationException.unevenColumns(declaredAt, columns, target.columns());
		}
	}

	@Override
	public String id() {
		return ChangeIds.of(this.explicitId, this.table, this.name);
	}

	/**
	 * The same foreign key by another id.
	 * @param id lower case letters, digits and single hyphens
	 * @return the declaration with that id
	 * @throws InvalidDeclarationException if the id cannot be used
	 */
	public AddForeignKeyDeclaration withId(String id) {
		return new AddForeignKeyDeclaration(id, this.schema, this.table, this.name, this.columns, this.target,
				this.isMatchFull, this.deleteAction, this.updateAction, this.timing, this.setsOrphansNull,
				this.declaredAt);
	}

	/**
	 * The same foreign key, with another action when a row that is referred to is
	 * deleted.
	 * @param action the action, {@link ReferentialAction#NO_ACTION} where none is named
	 * @return the declaration with that action
	 */
	public AddForeignKeyDeclaration onDelete(ReferentialAction action) {
		return new AddForeignKeyDeclaration(this.explicitId, this.schema, this.table, this.name, this.columns,
				this.target, this.isMatchFull, action, this.updateAction, this.timing, this.setsOrphansNull,
				this.declaredAt);
	}

	/**
	 * The same foreign key, with another action when a row that is referred to gets
	 * another key.
	 * @param action the action, {@link ReferentialAction#NO_ACTION} where none is named
	 * @return the declaration with that action
	 */
	public AddForeignKeyDeclaration onUpdate(ReferentialAction action) {
		return new AddForeignKeyDeclaration(this.explicitId, this.schema, this.table, this.name, this.columns,
				this.target, this.isMatchFull, this.deleteAction, action, this.timing, this.setsOrphansNull,
				this.declaredAt);
	}

	/**
	 * The same foreign key, under which a row has either all of its columns filled or
	 * none.
	 * @return the declaration with {@code MATCH FULL}
	 */
	public AddForeignKeyDeclaration matchFull() {
		return new AddForeignKeyDeclaration(this.explicitId, this.schema, this.table, this.name, this.columns,
				this.target, true, this.deleteAction, this.updateAction, this.timing, this.setsOrphansNull,
				this.declaredAt);
	}

	/**
	 * The same foreign key, checked when {@code timing} says so.
	 * @param timing when it is checked
	 * @return the declaration of such a constraint
	 */
	public AddForeignKeyDeclaration checked(ConstraintTiming timing) {
		return new AddForeignKeyDeclaration(this.explicitId, this.schema, this.table, this.name, this.columns,
				this.target, this.isMatchFull, this.deleteAction, this.updateAction, timing, this.setsOrphansNull,
				this.declaredAt);
	}

	/**
	 * The same foreign key, before which rows that refer to nothing are made to say so,
	 * in small batches. What they held is not kept anywhere. Without this they stop the
	 * change until somebody has mended them.
	 * @return the declaration with that choice
	 */
	public AddForeignKeyDeclaration settingOrphansNull() {
		return new AddForeignKeyDeclaration(this.explicitId, this.schema, this.table, this.name, this.columns,
				this.target, this.isMatchFull, this.deleteAction, this.updateAction, this.timing, true,
				this.declaredAt);
	}

	@Override
	public AddForeignKeyDeclaration locate(TableLookup tables) {
		TableName found = tables.resolve(this.target.schema(), this.target.table())
			.orElseThrow(() -> TableNotFoundException.referenced(this, this.target,
					Suggestions.nearest(this.target.table(), tables.tables(), TableName::name)));
		return new AddForeignKeyDeclaration(this.explicitId, this.schema, this.table, this.name, this.columns,
				new Target(found.schema(), found.name(), this.target.columns()), this.isMatchFull, this.deleteAction,
				this.updateAction, this.timing, this.setsOrphansNull, this.declaredAt);
	}

	/**
	 * {@inheritDoc} A target without a schema that has not been {@link #locate located}
	 * is taken to be in the same one.
	 */
	@Override
	public AddForeignKey on(TableName table) {
		String targetSchema = this.target.schema();
		return new AddForeignKey(id(), table, this.name, this.columns,
				new TableName((targetSchema != null) ? targetSchema : table.schema(), this.target.table()),
				this.target.columns(), this.isMatchFull, this.deleteAction, this.updateAction, this.timing,
				this.setsOrphansNull, this.declaredAt);
	}

	/**
	 * What a foreign key refers to.
	 *
	 * @param schema the schema as the catalog spells it, {@code null} to look the table
	 * up by the search path
	 * @param table the table as the catalog spells it
	 * @param columns its columns
	 */
	public record Target(@Nullable String schema, String table, List<String> columns) {

		public Target {
			columns = List.copyOf(columns);
		}

	}

}
