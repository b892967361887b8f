package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.RowChange;

/**
 * What would be gone with a column that is dropped, because nothing gives it to the
 * column that stays.
 */
final class Losses {

	private Losses() {
	}

	static List<String> of(JdbcOperations jdbc, ColumnChange change, Set<ObjectId> carried) {
		return of(jdbc, change, change.oldColumn(), carried);
	}

	static List<String> of(JdbcOperations jdbc, RowChange change, String column, Set<ObjectId> carried) {
		List<String> losses = new ArrayList<>();
		for (Found found : hanging(jdbc, change, column)) {
			if (!carried.contains(found.id())) {
				losses.add(found.description());
			}
		}
		losses.addAll(others(jdbc, change, column));
		return losses;
	}

	private static List<Found> hanging(JdbcOperations jdbc, RowChange change, String column) {
		SyncTrigger trigger = new SyncTrigger(change);
		String table = change.table().quoted();
		return jdbc.query(
				"""
						WITH dropped AS (
						  SELECT a.attrelid, a.attnum FROM pg_catalog.pg_attribute a
						  WHERE a.attrelid IN (SELECT pg_catalog.to_regclass(?)
						    UNION SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)))
						  AND a.attname = ? AND NOT a.attisdropped)
						SELECT DISTINCT s.relname, d.objid::bigint, pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
						FROM dropped
						JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass
						  AND d.refobjid = dropped.attrelid AND d.refobjsubid = dropped.attnum
						JOIN pg_catalog.pg_class s ON s.oid = d.classid
						LEFT JOIN pg_catalog.pg_constraint c
						  ON d.classid = 'pg_catalog.pg_constraint'::regclass AND c.oid = d.objid
						LEFT JOIN pg_catalog.pg_trigger t ON d.classid = 'pg_catalog.pg_trigger'::regclass AND t.oid = d.objid
						LEFT JOIN pg_catalog.pg_attrdef e ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND e.oid = d.objid
						WHERE coalesce(t.tgname, '') <> ALL (?::name[])
						AND NOT coalesce(e.adrelid = dropped.attrelid AND e.adnum = dropped.attnum, false)
						AND coalesce(c.contype, ' ') <> 'n' AND coalesce(c.conname, '') <> ?
						AND NOT coalesce(c.contype = 'c' AND c.coninhcount > 0 AND NOT c.conislocal, false)
						ORDER BY 3
						""",
				(row, number) -> new Found(new ObjectId(row.getString(1), row.getLong(2)),
						String.valueOf(row.getString(3))),
				table, table, column, trigger.names().toArray(String[]::new), NotNull.check(change, column));
	}

	private static List<String> others(JdbcOperations jdbc, RowChange change, String column) {
		String table = change.table().quoted();
		return jdbc.queryForList(
				"""
						WITH dropped AS (
						  SELECT a.attrelid, a.attnum, a.attacl, c.relowner FROM pg_catalog.pg_attribute a
						  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
						  WHERE a.attrelid IN (SELECT pg_catalog.to_regclass(?)
						    UNION SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)))
						  AND a.attname = ? AND NOT a.attisdropped)
						SELECT 'a grant by ' || pg_catalog.quote_ident(r.rolname) || ', who does not own the table'
						FROM dropped CROSS JOIN LATERAL pg_catalog.aclexplode(dropped.attacl) g
						JOIN pg_catalog.pg_roles r ON r.oid = g.grantor
						WHERE g.grantor <> dropped.relowner
						UNION ALL
						SELECT 'the default or the grants of "' || ? || '" in partition ' || dropped.attrelid::regclass
						FROM dropped JOIN pg_catalog.pg_attribute a ON a.attrelid = dropped.attrelid AND a.attnum = dropped.attnum
						LEFT JOIN pg_catalog.pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
						LEFT JOIN pg_catalog.pg_attribute p ON p.attrelid = pg_catalog.to_regclass(?) AND p.attname = ?
						LEFT JOIN pg_catalog.pg_attrdef pe ON pe.adrelid = p.attrelid AND pe.adnum = p.attnum
						WHERE dropped.attrelid <> pg_catalog.to_regclass(?) AND (a.attacl IS NOT NULL
						  OR pg_catalog.pg_get_expr(e.adbin, e.adrelid) IS DISTINCT FROM pg_catalog.pg_get_expr(pe.adbin, pe.adrelid))
						ORDER BY 1
						""",
				String.class, table, table, column, column, table, column, table);
	}

	/**
	 * Something that hangs on old.
	 *
	 * @param id what it is
	 * @param description how the server calls it
	 */
	private record Found(ObjectId id, String description) {

	}

}
