package io.github.expandcontract.change;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A change as it was written down, before its table was looked up in the catalog. A bean
 * of this type declares a change that has no place for an annotation.
 */
public sealed interface ChangeDeclaration
		permits RenameColumnDeclaration, ChangeTypeDeclaration, ReshapeColumnsDeclaration, AddColumnDeclaration {

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
	 * Declares that a column of another type takes the place of a column, under another
	 * name or under the same. Both expressions must be immutable, as PostgreSQL calls it.
	 * @param table the table as SQL would name it, so without quotes it is folded to
	 * lower case
	 * @param oldColumn the column that goes away, as the catalog spells it
	 * @param newColumn the column that the code names, as the catalog spells it; the old
	 * one's name where the name is kept
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
	 * Declares that a column is added that may never be NULL.
	 * @param table the table as SQL would name it, so without quotes it is folded to
	 * lower case
	 * @param column the column, as the catalog spells it
	 * @param type its type as SQL names it, such as {@code numeric(10,2)}
	 * @param fill its value in the rows that are there before, and in those whose writer
	 * does not name the column: an SQL expression, be it a constant or an immutable one
	 * over other columns of the row
	 * @return the declaration, whose id is table and column joined by a hyphen
	 * @throws InvalidDeclarationException if a name, the type or the expression cannot be
	 * used
	 */
	static AddColumnDeclaration addColumn(String table, String column, String type, String fill) {
		WrittenName written = WrittenName.parse(table);
		return new AddColumnDeclaration(null, written.schema(), written.name(), column, type, fill, null,
				"addColumn(\"" + table + "\", \"" + column + "\")");
	}

	/**
	 * Begins to declare that a column is split into several, that several are merged into
	 * one, or any number into any other. All expressions must be immutable, as PostgreSQL
	 * calls it.
	 * @param table the table as SQL would name it, so without quotes it is folded to
	 * lower case
	 * @return a builder that takes the columns
	 */
	static ReshapeColumnsDeclaration.Builder reshape(String table) {
		return new ReshapeColumnsDeclaration.Builder(table);
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
	 * The change, on the table that was found.
	 * @param table the table
	 * @return the change
	 */
	Change on(TableName table);

	/**
	 * The change, on the table that was found, of which its columns are known.
	 * @param table the table
	 * @param columns the names of its columns, as the catalog spells them
	 * @return the change
	 * @throws InvalidDeclarationException if an expression cannot be used with them
	 */
	default Change on(TableName table, Collection<String> columns) {
		return on(table);
	}

}
