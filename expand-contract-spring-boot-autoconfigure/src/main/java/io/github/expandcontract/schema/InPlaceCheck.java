package io.github.expandcontract.schema;

import java.util.Optional;
import java.util.stream.Collectors;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.change.RenameInPlace;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.Table;

/**
 * What must be so before a column may be renamed in place. Reads only. More is allowed
 * than where there is a copy, because nothing has to be written twice: the primary key,
 * identity and generated columns, partition keys, and what others inherit.
 */
final class InPlaceCheck {

	private final JdbcOperations jdbc;

	InPlaceCheck(JdbcOperations jdbc) {
		this.jdbc = jdbc;
	}

	void check(RenameInPlace change) {
		RenameColumn names = change.byCopy();
		ColumnCheck.checkNames(names);
		ColumnCheck columns = new ColumnCheck(this.jdbc, SyncMode.BOTH);
		Table table = columns.table(change);
		Situation situation = ColumnSteps.inspect(this.jdbc, names);
		if (situation == Situation.NEITHER) {
			throw ColumnCheck.unknownColumn(names, table, names.oldColumn());
		}
		if (situation == Situation.BOTH) {
			throw both(change);
		}
		if (situation == Situation.OLD_ONLY) {
			checkTable(change, table);
			ColumnCheck.checkPrivileges(this.jdbc, change);
		}
	}

	UnsupportedChangeException both(RenameInPlace change) {
		RenameColumn names = change.byCopy();
		if (!Marker.marks(ColumnCheck.comment(this.jdbc, change.table(), change.newColumn()), names)) {
			return new ForeignColumnException(change,
					"the column \"" + change.newColumn() + "\" exists already beside \"" + change.oldColumn() + "\".",
					"Choose another name, or drop the column if nobody needs it.");
		}
		String removal = new SyncTrigger(names).drop().stream().map(Step::sql).collect(Collectors.joining("; ")) + "; "
				+ "ALTER TABLE " + change.table().quoted() + " DROP COLUMN " + Identifiers.quote(change.newColumn())
				+ " RESTRICT;";
		return new UnsupportedChangeException(change,
				"the copy \"" + change.newColumn() + "\" that the strategy 'copy' made is still there.",
				"Go on with the strategy 'copy'. Or, when the change is in phase expand and no instance is running that "
						+ "declares it, remove the copy in one transaction: " + removal);
	}

	/*
	 * What the server would refuse at CONTRACT, in its own words a year too late.
	 */
	private void checkTable(RenameInPlace change, Table table) {
		this.jdbc
			.query("""
					WITH RECURSIVE family AS (
					  SELECT ?::oid AS oid
					  UNION
					  SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN family ON family.oid = i.inhparent),
					member AS (
					  SELECT c.*, a.attinhcount,
					    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_inherits i
					      JOIN family parent ON parent.oid = i.inhparent WHERE i.inhrelid = c.oid) AS parents,
					    EXISTS (SELECT FROM pg_catalog.pg_attribute b WHERE b.attrelid = c.oid AND b.attname = ?
					      AND NOT b.attisdropped) AS has_new
					  FROM family JOIN pg_catalog.pg_class c ON c.oid = family.oid
					  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = ? AND NOT a.attisdropped)
					SELECT CASE
					  WHEN relpersistence = 't' THEN 'the table is temporary.'
					  WHEN reloftype <> 0 THEN 'the table ' || oid::regclass || ' is made of a composite type, which fixes its columns.'
					  WHEN oid = ?::oid AND relispartition THEN 'the table is a partition; its columns are those of the partitioned table.'
					  WHEN oid = ?::oid AND attinhcount > 0 THEN 'the column is inherited from another table, where it has to be renamed.'
					  WHEN attinhcount > parents THEN 'the table ' || oid::regclass
					    || ' inherits the column from yet another table, which would keep the old name.'
					  WHEN has_new THEN 'the table ' || oid::regclass || ', which inherits the column, has one of the new name.' END
					FROM member ORDER BY 1
					""",
					(row, number) -> Optional.ofNullable(row.getString(1)), table.oid(), change.newColumn(),
					change.oldColumn(), table.oid(), table.oid())
			.stream()
			.flatMap(Optional::stream)
			.findFirst()
			.ifPresent((reason) -> {
				throw new UnsupportedChangeException(change, reason,
						"Declare the change on the table that stands for itself and owns the column.");
			});
	}

}
