package io.github.expandcontract.schema;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.TableName;

/**
 * A check, a foreign key or an exclusion constraint of the changing table that uses old.
 *
 * @param oid its object id
 * @param index the object id of its index, 0 if it has none
 * @param name its name
 * @param type {@code contype}
 * @param definition as the server gives it, without NOT VALID
 * @param validated whether all rows are known to obey it
 * @param enforced whether it is enforced at all
 * @param comment its comment, if any
 * @param problem why it cannot be carried, if that is known of its kind
 */
record OriginalConstraint(long oid, long index, String name, String type, String definition, boolean validated,
		boolean enforced, @Nullable String comment, @Nullable String problem) {

	/**
	 * An exclusion is built under a lock that keeps everyone out, so it is only carried
	 * where there is little to read.
	 */
	static final long EXCLUSION_LIMIT = 64L << 20;

	static List<OriginalConstraint> all(JdbcOperations jdbc, ColumnChange change) {
		return jdbc.query(
				"""
						SELECT c.oid::bigint, c.conindid::bigint, c.conname, c.contype,
						  pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(c.oid), ' NOT VALID$', ''), c.convalidated,
						  pg_catalog.pg_get_constraintdef(c.oid) NOT LIKE '% NOT ENFORCED',
						  pg_catalog.obj_description(c.oid, 'pg_constraint'),
						  CASE WHEN t.relkind = 'p' AND c.contype <> 'c'
						    THEN 'the table is partitioned, and there the server cannot add it without keeping writers out'
						  WHEN c.contype = 'x' AND pg_catalog.pg_relation_size(t.oid) > ?
						    THEN 'the table has more than 64 MB, and the server builds an exclusion only while it keeps everyone out'
						  WHEN c.contype = 'f' AND NOT pg_catalog.has_table_privilege(c.confrelid, 'REFERENCES')
						    THEN 'the database user lacks the privilege REFERENCES on ' || c.confrelid::regclass END
						FROM pg_catalog.pg_constraint c
						JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
						JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attname = ? AND NOT a.attisdropped
						WHERE c.conrelid = pg_catalog.to_regclass(?) AND c.contype IN ('c', 'f', 'x') AND c.conparentid = 0
						AND c.conname <> ?
						AND EXISTS (SELECT FROM pg_catalog.pg_depend d
						  WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.oid AND d.refobjsubid = a.attnum
						  AND (d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid = c.oid
						    OR d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.conindid AND c.contype = 'x'))
						ORDER BY c.conname
						""",
				(row, number) -> new OriginalConstraint(row.getLong(1), row.getLong(2), row.getString(3),
						row.getString(4), row.getString(5), row.getBoolean(6), row.getBoolean(7), row.getString(8),
						row.getString(9)),
				EXCLUSION_LIMIT, change.oldColumn(), change.table().quoted(),
				NotNull.check(change, change.oldColumn()));
	}

	boolean isCheck() {
		return this.type.equals("c");
	}

	boolean isForeignKey() {
		return this.type.equals("f");
	}

	boolean isExclusion() {
		return this.type.equals("x");
	}

	/**
	 * The table that it refers to, where that is another one.
	 */
	List<TableName> others(JdbcOperations jdbc) {
		return jdbc.query(
				"""
						SELECT n.nspname, t.relname FROM pg_catalog.pg_constraint c
						JOIN pg_catalog.pg_class t ON t.oid = c.confrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
						WHERE c.oid = ? AND c.confrelid <> c.conrelid
						""",
				(row, number) -> new TableName(row.getString(1), row.getString(2)), this.oid);
	}

	/**
	 * What hangs on old by it.
	 */
	List<ObjectId> ids() {
		ObjectId self = new ObjectId(ObjectId.CONSTRAINT, this.oid);
		return isExclusion() ? List.of(self, new ObjectId(ObjectId.CLASS, this.index)) : List.of(self);
	}

}
