package io.github.expandcontract.change;

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A change as it was written down, before its table was looked up in the catalog. A bean
 * of this type declares a change that has no place for an annotation.
 */
public sealed interface ChangeDeclaration
		permits RenameColumnDeclaration, ChangeTypeDeclaration, ReshapeColumnsDeclaration, AddColumnDeclaration,
		AddForeignKeyDeclaration, AddIndexDeclaration, AddUniqueDeclaration, AddCheckDeclaration,
		RequireNotNullDeclaration, DropColumnDeclaration, DropTableDeclaration {

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
	 * Declares that a column may only hold what is there in a column of another table.
	 * @param table the referencing table as SQL would name it, so without quotes it is
	 * folded to lower case
	 * @param name the constraint's name, as the catalog will spell it
	 * @param column the referencing column, as the catalog spells it
	 * @param referencedTable the table that is referred to, as SQL would name it
	 * @param referencedColumn its column, which has to be unique
	 * @return the declaration, whose id is table and constraint joined by a hyphen
	 * @throws InvalidDeclarationException if one of the names cannot be used
	 */
	static AddForeignKeyDeclaration addForeignKey(String table, String name, String column, String referencedTable,
			String referencedColumn) {
		return addForeignKey(table, name, List.of(column), referencedTable, List.of(referencedColumn));
	}

	/**
	 * Declares that several columns together may only hold what is there in another
	 * table.
	 * @param table the referencing table as SQL would name it, so without quotes it is
	 * folded to lower case
	 * @param name the constraint's name, as the catalog will spell it
	 * @param columns the referencing columns, as the catalog spells them
	 * @param referencedTable the table that is referred to, as SQL would name it
	 * @param referencedColumns its columns, which have to be unique together
	 * @return the declaration, whose id is table and constraint joined by a hyphen
	 * @throws InvalidDeclarationException if one of the names cannot be used
	 */
	static AddForeignKeyDeclaration addForeignKey(String table, String name, List<String> columns,
			String referencedTable, List<String> referencedColumns) {
		WrittenName written = WrittenName.parse(table);
		WrittenName target = WrittenName.parse(referencedTable);
		return new AddForeignKeyDeclaration(null, written.schema(), written.name(), name, columns,
				new AddForeignKeyDeclaration.Target(target.schema(), target.name(), referencedColumns), false,
				ReferentialAction.NO_ACTION, ReferentialAction.NO_ACTION, ConstraintTiming.IMMEDIATE, false,
				"addForeignKey(\"" + table + "\", \"" + name + "\")");
	}

	/**
	 * Declares that a table gets an index.
	 * @param table the table as SQL would name it, so without quotes it is folded to
	 * lower case
	 * @param name the index's name, as the catalog will spell it
	 * @param definition what stands behind the table's name in {@code CREATE INDEX}, with
	 * all that PostgreSQL knows: {@code (customer_id)},
	 * {@code (lower(email) text_pattern_ops) WHERE active}, {@code USING gin (tags)}
	 * @return the declaration, whose id is table and index joined by a hyphen
	 * @throws InvalidDeclarationException if a name or the definition cannot be used
	 */
	static AddIndexDeclaration addIndex(String table, String name, String definition) {
		WrittenName written = WrittenName.parse(table);
		return new AddIndexDeclaration(null, written.schema(), written.name(), name, false, definition,
				"addIndex(\"" + table + "\", \"" + name + "\")");
	}

	/**
	 * Declares that no two rows of a table may have the same values in some columns.
	 * @param table the table as SQL would name it, so without quotes it is folded to
	 * lower case
	 * @param name the constraint's name, as the catalog will spell it
	 * @param columns the columns, as the catalog spells them
	 * @return the declaration, whose id is table and constraint joined by a hyphen
	 * @throws InvalidDeclarationException if one of the names cannot be used
	 */
	static AddUniqueDeclaration addUnique(String table, String name, String... columns) {
		WrittenName written = WrittenName.parse(table);
		return new AddUniqueDeclaration(null, written.schema(), written.name(), name, List.of(columns), false,
				ConstraintTiming.IMMEDIATE, "addUnique(\"" + table + "\", \"" + name + "\")");
	}

	/**
	 * Declares that the rows of a table have to satisfy a condition.
	 * @param table the table as SQL would name it, so without quotes it is folded to
	 * lower case
	 * @param name the constraint's name, as the catalog will spell it
	 * @param condition an SQL expression over columns of the row; a row for which it is
	 * NULL satisfies it
	 * @return the declaration, whose id is table and constraint joined by a hyphen
	 * @throws InvalidDeclarationException if a name or the condition cannot be used
	 */
	static AddCheckDeclaration addCheck(String table, String name, String condition) {
		WrittenName written = WrittenName.parse(table);
		return new AddCheckDeclaration(null, written.schema(), written.name(), name, condition,
				"addCheck(\"" + table + "\", \"" + name + "\")");
	}

	/**
	 * Declares that a column that is there must not be NULL any more.
	 * @param table the table as SQL would name it, so without quotes it is folded to
	 * lower case
	 * @param column the column, as the catalog spells it
	 * @return the declaration, whose id is table and column joined by a hyphen
	 * @throws InvalidDeclarationException if one of the names cannot be used
	 */
	static RequireNotNullDeclaration requireNotNull(String table, String column) {
		WrittenName written = WrittenName.parse(table);
		return new RequireNotNullDeclaration(null, written.schema(), written.name(), column,
				"requireNotNull(\"" + table + "\", \"" + column + "\")");
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
	 * The same declaration, with every table but the changing one looked up.
	 * @param tables finds the tables
	 * @return the declaration, this one where no other table is named
	 * @throws TableNotFoundException if one does not exist
	 */
	default ChangeDeclaration locate(TableLookup tables) {
		return this;
	}

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
