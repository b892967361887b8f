package io.github.expandcontract.schema;

import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;

/**
 * What would be gone with a column that is dropped, because nothing gives it to the
 * column that stays.
 */
final class Losses {

	private Losses() {
	}

	static List<String> of(JdbcOperations jdbc, ColumnChange change) {
		SyncTrigger trigger = new SyncTrigger(change);
		String table = change.table().quoted();
		return jdbc
			.query("""
					WITH dropped AS (
					  SELECT a.attrelid, a.attnum, a.attacl, c.relowner FROM pg_catalog.pg_attribute a
					  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
					  WHERE a.attrelid IN (SELECT pg_catalog.to_regclass(?)
					    UNION SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)))
					  AND a.attname = ? AND NOT a.attisdropped)
					SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
					FROM dropped
					JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass
					  AND d.refobjid = dropped.attrelid AND d.refobjsubid = dropped.attnum
					LEFT JOIN pg_catalog.pg_index i ON d.classid = 'pg_catalog.pg_class'::regclass AND i.indexrelid = d.objid
					LEFT JOIN pg_catalog.pg_constraint c
					  ON d.classid = 'pg_catalog.pg_constraint'::regclass AND c.oid = d.objid
					LEFT JOIN pg_catalog.pg_trigger t ON d.classid = 'pg_catalog.pg_trigger'::regclass AND t.oid = d.objid
					LEFT JOIN pg_catalog.pg_attrdef e ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND e.oid = d.objid
					WHERE coalesce(t.tgname, '') NOT IN (?, ?)
					AND NOT coalesce(e.adrelid = dropped.attrelid AND e.adnum = dropped.attnum, false)
					AND NOT coalesce(NOT i.indisunique AND NOT i.indisexclusion, false)
					AND coalesce(c.contype, ' ') <> 'n' AND coalesce(c.conname, '') <> ?
					UNION ALL
					SELECT 'the place or the clustering of index ' || pg_catalog.quote_ident(c.relname)
					FROM dropped JOIN pg_catalog.pg_index i ON i.indrelid = dropped.attrelid
					JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
					WHERE (i.indisclustered OR c.reltablespace <> 0) AND (dropped.attnum = ANY (i.indkey::int2[])
					  OR EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
					    AND d.objid = i.indexrelid AND d.refclassid = 'pg_catalog.pg_class'::regclass
					    AND d.refobjid = dropped.attrelid AND d.refobjsubid = dropped.attnum))
					UNION ALL
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
					(row, number) -> Optional.ofNullable(row.getString(1)), table, table, change.oldColumn(),
					trigger.insertTrigger(), trigger.updateTrigger(), NotNull.check(change, change.oldColumn()),
					change.oldColumn(), table, change.oldColumn(), table)
			.stream()
			.flatMap(Optional::stream)
			.toList();
	}

}
