package io.github.expandcontract.schema;

import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Table;

/**
 * Whether another column can take the place of one: not where the table itself stands on
 * it. Reads only.
 */
final class OriginalCheck {

	private final JdbcOperations jdbc;

	private final Table table;

	private final Column original;

	private final String name;

	OriginalCheck(JdbcOperations jdbc, Table table, Column original) {
		this.jdbc = jdbc;
		this.table = table;
		this.original = original;
		this.name = "\"" + original.name() + "\"";
	}

	/**
	 * Checks a column that gets a copy.
	 */
	void check(ColumnChange change) {
		String inPlace = "Rename it in place, without a copy: expand-contract.changes." + change.id()
				+ ".strategy=in-place.";
		check(change,
				change.fold((rename) -> new WayOut(inPlace, inPlace, inPlace),
						(type) -> new WayOut(
								"Add a generated column of the other type in a migration, and drop this one later.",
								widen(type.type()), "Keep its type, and map the property to it.")));
	}

	/**
	 * Checks a column that is split or merged.
	 */
	void check(ReshapeColumns change) {
		String keep = "Keep the column, and declare the change for others.";
		check(change, new WayOut(keep, keep, keep));
	}

	private void check(Change change, WayOut way) {
		if (this.original.generated()) {
			throw new UnsupportedChangeException(change, this.name + " is a generated column, which nothing can write.",
					way.generated());
		}
		if (this.table.primaryKey().contains(this.original.name())) {
			throw new UnsupportedChangeException(change, this.name
					+ " stands in the primary key, and no phase can put another column there yet" + hangingOnIt() + ".",
					way.key());
		}
		if (this.original.identity()) {
			throw new UnsupportedChangeException(change,
					this.name + " is an identity column, and no phase can hand that over yet" + hangingOnIt() + ".",
					way.key());
		}
		if (standsInPartitionKey()) {
			throw new UnsupportedChangeException(change,
					this.name + " stands in the partition key, which PostgreSQL cannot change.", way.partitionKey());
		}
	}

	/**
	 * What a key that runs out of values asks for, in its order: a foreign key may point
	 * from a wider type to a narrower one.
	 */
	private String widen(String type) {
		String table = this.table.name().quoted();
		return "Keep its type, and map the property to it. Where it runs out of values, first widen the columns that "
				+ "point at it, each by a change of its own, and then the key in a maintenance window, because it writes "
				+ "the table anew while everybody waits: ALTER TABLE " + table + " ALTER COLUMN " + this.name + " TYPE "
				+ type + "; and ALTER SEQUENCE ... AS " + type + " for what its values come from.";
	}

	private String hangingOnIt() {
		List<String> foreignKeys = this.jdbc.queryForList("""
				SELECT pg_catalog.quote_ident(conname) || ' of ' || conrelid::pg_catalog.regclass
				FROM pg_catalog.pg_constraint
				WHERE contype = 'f' AND conparentid = 0 AND confrelid = ?::oid AND ?::int2 = ANY (confkey) ORDER BY 1
				""", String.class, this.table.oid(), this.original.position());
		List<String> sequences = this.jdbc.queryForList("""
				SELECT objid::pg_catalog.regclass::text FROM pg_catalog.pg_depend
				WHERE classid = 'pg_catalog.pg_class'::regclass AND refclassid = 'pg_catalog.pg_class'::regclass
				  AND refobjid = ?::oid AND refobjsubid = ? AND deptype IN ('a', 'i')
				  AND objid IN (SELECT oid FROM pg_catalog.pg_class WHERE relkind = 'S')
				ORDER BY 1
				""", String.class, this.table.oid(), this.original.position());
		return (foreignKeys.isEmpty() ? "" : "; at it point the foreign keys " + String.join(", ", foreignKeys))
				+ (sequences.isEmpty() ? "" : "; its values come from " + String.join(", ", sequences));
	}

	private boolean standsInPartitionKey() {
		return Boolean.TRUE.equals(this.jdbc.queryForObject("""
				SELECT EXISTS (SELECT FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid = ?::oid
				  AND (?::int2 = ANY (p.partattrs::int2[]) OR EXISTS (SELECT FROM pg_catalog.pg_depend d
				    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = p.partrelid AND d.objsubid = ?
				    AND d.refobjid = p.partrelid AND d.refobjsubid = 0 AND d.deptype = 'i')))
				""", Boolean.class, this.table.oid(), this.original.position(), this.original.position()));
	}

	/**
	 * What to do instead.
	 *
	 * @param generated with a generated column
	 * @param key with a key
	 * @param partitionKey with a partition key
	 */
	private record WayOut(String generated, String key, String partitionKey) {

	}

}
