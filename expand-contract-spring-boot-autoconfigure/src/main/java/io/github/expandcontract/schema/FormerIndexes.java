package io.github.expandcontract.schema;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.TableName;

/**
 * The indexes of a column that CONTRACT dropped, kept in a table of ours, so that the
 * column has them again when it is filled again.
 */
final class FormerIndexes {

	private static final String MEMORY = OwnSchema.NAME + ".former_index";

	private FormerIndexes() {
	}

	static Step install() {
		return Step.inTransaction("create the table that keeps which indexes old had", LockLevel.NONE,
				"CREATE TABLE IF NOT EXISTS " + MEMORY + " (change_id text NOT NULL, position int NOT NULL, "
						+ "table_schema text NOT NULL, table_name text NOT NULL, name text NOT NULL, "
						+ "partitioned boolean NOT NULL, definition text NOT NULL, parent text NOT NULL, "
						+ "copy_name text NOT NULL, comment text, PRIMARY KEY (change_id, position))");
	}

	static Step forget(ColumnChange change) {
		return Step.inTransaction("forget which indexes old had before", LockLevel.NONE,
				"DELETE FROM " + MEMORY + " WHERE change_id = " + Sql.literal(change.id()));
	}

	static Step remember(ColumnChange change, int position, FormerIndex index) {
		return Step.inTransaction("keep what index " + index.name() + " was like", LockLevel.NONE,
				"INSERT INTO " + MEMORY + " VALUES (" + Sql.literal(change.id()) + ", " + position + ", "
						+ Sql.literal(index.table().schema()) + ", " + Sql.literal(index.table().name()) + ", "
						+ Sql.literal(index.name()) + ", " + index.partitioned() + ", "
						+ Sql.literal(index.definition()) + ", " + Sql.literal(index.parent()) + ", "
						+ Sql.literal(index.copyName()) + ", "
						+ ((index.comment() != null) ? Sql.literal(index.comment()) : "NULL") + ")");
	}

	/**
	 * The indexes that new has and old is to have again, so that old's can have their
	 * names. One that somebody has dropped from new since is not missed.
	 */
	static List<Step> renames(JdbcOperations jdbc, ColumnChange change) {
		return carried(jdbc, change).stream()
			.map((index) -> rename(index.table(), index.name(), index.copyName()))
			.toList();
	}

	static List<FormerIndex> carried(JdbcOperations jdbc, ColumnChange change) {
		return all(jdbc, change).stream().filter((index) -> exists(jdbc, index.table(), index.name())).toList();
	}

	static Step rename(TableName table, String name, String copyName) {
		return Step.inTransaction("leave the name " + name + " to old's index", LockLevel.NONE, "ALTER INDEX "
				+ new TableName(table.schema(), name).quoted() + " RENAME TO " + Identifiers.quote(copyName));
	}

	/**
	 * The indexes that new still has under the names of copies.
	 */
	static List<FormerIndex> wanted(JdbcOperations jdbc, ColumnChange change) {
		return all(jdbc, change).stream().filter((index) -> exists(jdbc, index.table(), index.copyName())).toList();
	}

	private static boolean exists(JdbcOperations jdbc, TableName table, String index) {
		return Boolean.TRUE.equals(jdbc.queryForObject("""
				SELECT EXISTS (SELECT FROM pg_catalog.pg_index
				  WHERE indexrelid = pg_catalog.to_regclass(?) AND indrelid = pg_catalog.to_regclass(?))
				""", Boolean.class, new TableName(table.schema(), index).quoted(), table.quoted()));
	}

	private static List<FormerIndex> all(JdbcOperations jdbc, ColumnChange change) {
		Boolean there = jdbc.queryForObject("SELECT pg_catalog.to_regclass(?) IS NOT NULL", Boolean.class, MEMORY);
		if (!Boolean.TRUE.equals(there)) {
			return List.of();
		}
		return jdbc.query("SELECT * FROM " + MEMORY + " WHERE change_id = ? ORDER BY position",
				(row, number) -> new FormerIndex(
						new TableName(row.getString("table_schema"), row.getString("table_name")),
						row.getString("name"), row.getBoolean("partitioned"), row.getString("definition"),
						row.getString("parent"), row.getString("copy_name"), row.getString("comment")),
				change.id());
	}

	/**
	 * An index that old had.
	 *
	 * @param table its table, a partition perhaps
	 * @param name its name
	 * @param partitioned whether its table is partitioned
	 * @param definition its definition from the word USING
	 * @param parent the quoted name of the index that it is attached to, or empty
	 * @param copyName the name of its copy on new while there are both
	 * @param comment its comment, if any
	 */
	record FormerIndex(TableName table, String name, boolean partitioned, String definition, String parent,
			String copyName, @Nullable String comment) {

	}

}
