package io.github.expandcontract.change;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A change as it was written down, before its table was looked up in the catalog. A bean
 * of this type declares a change that has no place for an annotation.
 */
public sealed interface ChangeDeclaration
		permits RenameColumnDeclaration, ChangeTypeDeclaration, DropColumnDeclaration, DropTableDeclaration {

	/**
	 * Declares that a column gets another name.
	 * @param table the table as SQL would name it, so without quotes it is folded to
	 * lower case: {@code users}, {@code crm.users}, {@code "Users"}
	 * @param oldColumn the column's present name, as the catalog spells it
	 * @param newColumn the column's name after the change, as the catalog spells it
	 * @return the declaration, whose id is table and new column joined by a hyphen
	 * @throws InvalidDeclarationException if one of the names cannot be used
	 */
	static RenameColumnDeclaration renameColumn(String table, String oldColumn, String newColumn) {
		WrittenName written = WrittenName.parse(table);
		return new RenameColumnDeclaration(null, written.schema(), written.name(), oldColumn, newColumn,
				"renameColumn(\"" + table + "\", \"" + oldColumn + "\", \"" + newColumn + "\")");
	}

	/**
	 * Declares that a column of another type and another name takes the place of a
	 * column. Both expressions must be immutable, as PostgreSQL calls it.
	 * @param table the table as SQL would name it, so without quotes it is folded to
	 * lower case
	 * @param oldColumn the column that goes away, as the catalog spells it
	 * @param newColumn the column that the code names, as the catalog spells it
	 * @param type the new column's type as SQL names it, such as {@code numeric(10,2)}
	 * @param up the new column's value, an SQL expression that names the old column
	 * @param down the old column's value, an SQL expression of the old column's type that
	 * names the new column
	 * @return the declaration, whose id is table and new column joined by a hyphen
	 * @throws InvalidDeclarationException if a name, the type or an expression cannot be
	 * used
	 */
	static ChangeTypeDeclaration changeType(String table, String oldColumn, String newColumn, String type, String up,
			String down) {
		WrittenName written = WrittenName.parse(table);
		return new ChangeTypeDeclaration(null, written.schema(), written.name(), oldColumn, newColumn, type, up, down,
				false, "changeType(\"" + table + "\", \"" + oldColumn + "\", \"" + newColumn + "\")");
	}

	/**
	 * Declares that a column goes away and nothing comes instead.
	 * @param table the table as SQL would name it, so without quotes it is folded to
	 * lower case
	 * @param column the column, as the catalog spells it
	 * @return the declaration, whose id is table and column joined by a hyphen
	 * @throws InvalidDeclarationException if one of the names cannot be used
	 */
	static DropColumnDeclaration dropColumn(String table, String column) {
		WrittenName written = WrittenName.parse(table);
		return new DropColumnDeclaration(null, written.schema(), written.name(), column,
				"dropColumn(\"" + table + "\", \"" + column + "\")");
	}

	/**
	 * Declares that a table goes away.
	 * @param table the table as SQL would name it, so without quotes it is folded to
	 * lower case
	 * @return the declaration, whose id is the table's name and {@code drop}
	 * @throws InvalidDeclarationException if the name cannot be used
	 */
	static DropTableDeclaration dropTable(String table) {
		WrittenName written = WrittenName.parse(table);
		return new DropTableDeclaration(null, written.schema(), written.name(), "dropTable(\"" + table + "\")");
	}

	/**
	 * The id by which {@code expand-contract.changes} names the change.
	 * @return the id
	 */
	String id();

	/**
	 * Schema of the table.
	 * @return the schema as the catalog spells it, {@code null} to look the table up by
	 * the search path
	 */
	@Nullable String schema();

	/**
	 * Name of the table.
	 * @return the name as the catalog spells it
	 */
	String table();

	/**
	 * Where the change was declared, for messages.
	 * @return such as {@code User.handle}
	 */
	String declaredAt();

	/**
	 * The table of a change that makes it go away, where it is not found.
	 * @return the table, {@code null} where it has to be there
	 */
	default @Nullable TableName whereGone() {
		return null;
	}

	/**
	 * The change, on the table that was found.
	 * @param table the table
	 * @return the change
	 */
	Change on(TableName table);

}
