package io.github.expandcontract.schema;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.TableName;

/**
 * An index that uses old, of the table or of a partition. Not one that uses new as well:
 * somebody has made it for the time in which both are there, and has to drop it.
 *
 * @param oid its object id
 * @param table its table
 * @param name its name
 * @param partitioned whether its table is partitioned
 * @param rest its definition from the word USING
 * @param parent name and table of the index that it is attached to, if any
 * @param unique whether it is unique
 * @param constraint the constraint that it stands for, if any
 * @param place what else is kept of it
 */
record OriginalIndex(long oid, TableName table, String name, boolean partitioned, String rest, @Nullable Parent parent,
		boolean unique, @Nullable Constraint constraint, Place place) {

	private static final String ALL = """
			SELECT n.nspname, t.relname, c.relname, t.relkind = 'p' AS partitioned,
			  pg_catalog.pg_get_indexdef(i.indexrelid) AS definition,
			  'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX '
			    || pg_catalog.quote_ident(c.relname) || ' ON '
			    || CASE WHEN t.relkind = 'p' THEN 'ONLY ' ELSE '' END
			    || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.relname) || ' ' AS head,
			  p.relname AS parent, pn.nspname AS parent_schema, pt.relname AS parent_table,
			  i.indexrelid::bigint AS oid, i.indisunique, k.conname, k.condeferrable, k.condeferred,
			  pg_catalog.obj_description(k.oid, 'pg_constraint') AS constraint_comment,
			  s.spcname, i.indisclustered, i.indisreplident
			FROM pg_catalog.pg_index i
			JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
			JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
			JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
			JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attname = ? AND NOT a.attisdropped
			LEFT JOIN pg_catalog.pg_attribute other ON other.attrelid = t.oid AND other.attname = ?
			  AND NOT other.attisdropped
			LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid
			  AND k.contype IN ('p', 'u')
			LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
			LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.indexrelid
			LEFT JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
			LEFT JOIN pg_catalog.pg_index pi ON pi.indexrelid = p.oid
			LEFT JOIN pg_catalog.pg_class pt ON pt.oid = pi.indrelid
			LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = pt.relnamespace
			LEFT JOIN LATERAL pg_catalog.pg_partition_ancestors(t.oid) WITH ORDINALITY AS up (relid, level)
			  ON up.relid = pg_catalog.to_regclass(?)
			WHERE (t.oid = pg_catalog.to_regclass(?) OR up.relid IS NOT NULL)
			AND i.indisvalid AND NOT i.indisexclusion
			AND (a.attnum = ANY (i.indkey::int2[]) OR EXISTS (SELECT FROM pg_catalog.pg_depend d
			  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
			  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.oid
			  AND d.refobjsubid = a.attnum))
			AND (other.attnum IS NULL OR other.attnum <> ALL (i.indkey::int2[])
			  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
			    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
			    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.oid
			    AND d.refobjsubid = other.attnum))
			ORDER BY coalesce(up.level, 0), n.nspname, t.relname, c.relname
			""";

	static List<OriginalIndex> all(JdbcOperations jdbc, ColumnChange change) {
		return all(jdbc, change, change.oldColumn());
	}

	static List<OriginalIndex> all(JdbcOperations jdbc, ColumnChange change, String column) {
		return jdbc.query(ALL, (row, number) -> {
			String definition = Objects.requireNonNull(row.getString("definition"));
			String head = Objects.requireNonNull(row.getString("head"));
			if (!definition.startsWith(head)) {
				throw new IllegalStateException("Unknown form of an index definition: " + definition);
			}
			String parent = row.getString("parent");
			String constraint = row.getString("conname");
			return new OriginalIndex(row.getLong("oid"), new TableName(row.getString("nspname"), row.getString(2)),
					row.getString(3), row.getBoolean("partitioned"), definition.substring(head.length()),
					(parent != null)
							? new Parent(new TableName(row.getString("parent_schema"), row.getString("parent_table")),
									parent)
							: null,
					row.getBoolean("indisunique"),
					(constraint != null) ? new Constraint(constraint, row.getBoolean("condeferrable"),
							row.getBoolean("condeferred"), row.getString("constraint_comment")) : null,
					new Place(row.getString("spcname"), row.getBoolean("indisclustered"),
							row.getBoolean("indisreplident")));
		}, column, column.equals(change.oldColumn()) ? change.newColumn() : change.oldColumn(), change.table().quoted(),
				change.table().quoted());
	}

	String quoted() {
		return new TableName(this.table.schema(), this.name).quoted();
	}

	ObjectId id() {
		return new ObjectId(ObjectId.CLASS, this.oid);
	}

	String parentName() {
		return (this.parent != null) ? this.parent.quoted() : "";
	}

	/**
	 * The index of a partitioned table that has this one.
	 *
	 * @param table its table
	 * @param name its name
	 */
	record Parent(TableName table, String name) {

		String quoted() {
			return new TableName(this.table.schema(), this.name).quoted();
		}

	}

	/**
	 * A constraint that an index stands for.
	 *
	 * @param name its name
	 * @param deferrable whether it may be checked later than at once
	 * @param deferred whether it is unless somebody says otherwise
	 * @param comment its comment, if any
	 */
	record Constraint(String name, boolean deferrable, boolean deferred, @Nullable String comment) {

		String timing() {
			return this.deferrable ? " DEFERRABLE INITIALLY " + (this.deferred ? "DEFERRED" : "IMMEDIATE") : "";
		}

	}

	/**
	 * What the definition does not say.
	 *
	 * @param tablespace its tablespace if it is not the database's own
	 * @param clustered whether CLUSTER sorts the table by it
	 * @param identity whether replication tells rows apart by it
	 */
	record Place(@Nullable String tablespace, boolean clustered, boolean identity) {

	}

}
