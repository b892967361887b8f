package io.github.expandcontract.change;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.ShortName;
import io.github.expandcontract.postgres.TableName;

/**
 * A change of a column's type as it was written down.
 *
 * @param explicitId the id that was written down, {@code null} to derive it
 * @param schema the schema as the catalog spells it, {@code null} to look the table up by
 * the search path
 * @param table the table as the catalog spells it
 * @param oldColumn the column that goes away
 * @param newColumn the column that stays, the same name where the name is kept
 * @param type the new column's type, as SQL names it
 * @param up the new column's value, an SQL expression over the old column
 * @param down the old column's value, an SQL expression over the new column
 * @param lossless whether the new column's value survives the way through the old column
 * @param declaredAt where the change was declared
 */
public record ChangeTypeDeclaration(@Nullable String explicitId, @Nullable String schema, String table,
		String oldColumn, String newColumn, String type, String up, String down, boolean lossless,
		String declaredAt) implements ChangeDeclaration {

	private static final String TEMPORARY = "expand_contract_";

	/**
	 * Creates a declaration.
	 * @throws InvalidDeclarationException if a name is empty, the id cannot be used, or
	 * the type or an expression cannot be put into a statement
	 */
	public ChangeTypeDeclaration {
		ColumnNames.require(explicitId, table, oldColumn, newColumn, declaredAt);
		TypeText.require(type, declaredAt);
		Conversion.parse(up, oldColumn, declaredAt, "up");
		Conversion.parse(down, newColumn, declaredAt, "down");
	}

	@Override
	public String id() {
		return ChangeIds.of(this.explicitId, this.table, this.newColumn);
	}

	/**
	 * The same change by another id.
	 * @param id lower case letters, digits and single hyphens
	 * @return the declaration with that id
	 * @throws InvalidDeclarationException if the id cannot be used
	 */
	public ChangeTypeDeclaration withId(String id) {
		return new ChangeTypeDeclaration(id, this.schema, this.table, this.oldColumn, this.newColumn, this.type,
				this.up, this.down, this.lossless, this.declaredAt);
	}

	/**
	 * The same change, of which it is promised that whatever the new column can hold is
	 * given back when {@code up} is applied after {@code down}.
	 * @return the declaration with that promise
	 */
	public ChangeTypeDeclaration withoutLoss() {
		return new ChangeTypeDeclaration(this.explicitId, this.schema, this.table, this.oldColumn, this.newColumn,
				this.type, this.up, this.down, true, this.declaredAt);
	}

	/**
	 * {@inheritDoc} Where the name is kept, the new column has a name of its own while
	 * both are there.
	 */
	@Override
	public ChangeType on(TableName table) {
		boolean keepsName = this.oldColumn.equals(this.newColumn);
		String column = keepsName ? ShortName.plain(TEMPORARY, this.oldColumn) : this.newColumn;
		return new ChangeType(id(), table, this.oldColumn, column, keepsName, this.type,
				Conversion.parse(this.up, this.oldColumn, this.declaredAt, "up"),
				Conversion.parse(this.down, this.newColumn, this.declaredAt, "down"), this.lossless, this.declaredAt);
	}

}
