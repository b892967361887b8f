package io.github.expandcontract.schema;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.OwnSchema;

/**
 * What hangs on the columns of a change. Where the original stays, what the catalog ties
 * to old by its number is carried along: views, policies, triggers, foreign keys,
 * generated columns; and what was put on new by others blocks, because new is the copy
 * that goes. Where the copy stays it is the other way round, but for what is given to it
 * by the {@link Carrier}. What names old in a text breaks in any case: function bodies.
 */
final class Dependents {

	private final JdbcOperations jdbc;

	private final boolean copyStays;

	Dependents(JdbcOperations jdbc, boolean copyStays) {
		this.jdbc = jdbc;
		this.copyStays = copyStays;
	}

	/**
	 * Reads them.
	 * @param carried what is carried along although it hangs on the column that is
	 * dropped
	 */
	List<Dependent> of(ColumnChange change, Set<ObjectId> carried) {
		return of(change, change.oldColumn(), change.newColumn(), carried);
	}

	/**
	 * Reads those of one old column and of one new one.
	 */
	List<Dependent> of(RowChange change, String oldColumn, String newColumn, Set<ObjectId> carried) {
		SyncTrigger trigger = new SyncTrigger(change);
		String table = change.table().quoted();
		List<Dependent> found = this.jdbc.query(
				"""
						WITH changing AS (
						  SELECT a.attrelid, a.attnum, a.attname = ? AS is_copy
						  FROM pg_catalog.pg_attribute a
						  WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attname IN (?, ?) AND NOT a.attisdropped
						  AND (a.attname = ? OR EXISTS (SELECT FROM pg_catalog.pg_attribute o WHERE o.attrelid = a.attrelid
						    AND o.attname = ? AND NOT o.attisdropped)))
						SELECT CASE WHEN d.classid = 'pg_catalog.pg_rewrite'::regclass THEN 'view'
						    WHEN i.indexrelid IS NOT NULL THEN 'index'
						    ELSE pg_catalog.lower((pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid)).type) END,
						  CASE WHEN r.oid IS NOT NULL THEN r.ev_class::regclass::text
						    ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END,
						  coalesce(CASE WHEN r.oid IS NOT NULL AND r.rulename = '_RETURN' THEN pg_catalog.pg_get_viewdef(r.ev_class) END,
						    pg_catalog.pg_get_ruledef(r.oid), pg_catalog.pg_get_indexdef(i.indexrelid),
						    pg_catalog.pg_get_constraintdef(c.oid), pg_catalog.pg_get_triggerdef(t.oid),
						    pg_catalog.pg_get_statisticsobjdef(x.oid), pg_catalog.pg_get_functiondef(f.oid),
						    pg_catalog.pg_get_expr(e.adbin, e.adrelid), pg_catalog.concat_ws(' ',
						      'USING (' || pg_catalog.pg_get_expr(y.polqual, y.polrelid) || ')',
						      'WITH CHECK (' || pg_catalog.pg_get_expr(y.polwithcheck, y.polrelid) || ')')),
						  CASE WHEN changing.is_copy THEN ? AND NOT coalesce(NOT i.indisunique, false)
						    ELSE NOT ?
						      AND NOT coalesce(e.adrelid = changing.attrelid AND e.adnum = changing.attnum, false)
						      AND coalesce(c.contype, ' ') <> 'n' AND coalesce(c.conname, '') <> ? END,
						  s.relname, d.objid::bigint
						FROM changing
						JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass
						  AND d.refobjid = changing.attrelid AND d.refobjsubid = changing.attnum
						JOIN pg_catalog.pg_class s ON s.oid = d.classid
						LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
						LEFT JOIN pg_catalog.pg_index i ON d.classid = 'pg_catalog.pg_class'::regclass AND i.indexrelid = d.objid
						LEFT JOIN pg_catalog.pg_constraint c
						  ON d.classid = 'pg_catalog.pg_constraint'::regclass AND c.oid = d.objid
						LEFT JOIN pg_catalog.pg_trigger t ON d.classid = 'pg_catalog.pg_trigger'::regclass AND t.oid = d.objid
						LEFT JOIN pg_catalog.pg_attrdef e ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND e.oid = d.objid
						LEFT JOIN pg_catalog.pg_statistic_ext x ON d.classid = 'pg_catalog.pg_statistic_ext'::regclass AND x.oid = d.objid
						LEFT JOIN pg_catalog.pg_policy y ON d.classid = 'pg_catalog.pg_policy'::regclass AND y.oid = d.objid
						LEFT JOIN pg_catalog.pg_proc f ON d.classid = 'pg_catalog.pg_proc'::regclass AND f.oid = d.objid
						WHERE coalesce(t.tgname, '') <> ALL (?::name[])
						UNION
						SELECT 'function', p.oid::regprocedure::text, p.prosrc, true, 'pg_proc', p.oid::bigint
						FROM pg_catalog.pg_proc p
						JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
						JOIN pg_catalog.pg_language l ON l.oid = p.prolang
						WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', ?) AND l.lanname NOT IN ('internal', 'c')
						AND EXISTS (SELECT FROM changing)
						AND p.prosrc ~* ('(^|[^[:alnum:]_])' || pg_catalog.regexp_replace(?, '([^[:alnum:]_])', '\\\\\\1', 'g')
						  || '($|[^[:alnum:]_])')
						AND (p.prosrc ~* ('(^|[^[:alnum:]_])' || pg_catalog.regexp_replace(?, '([^[:alnum:]_])', '\\\\\\1', 'g')
						  || '($|[^[:alnum:]_])')
						  OR EXISTS (SELECT FROM pg_catalog.pg_trigger t
						    WHERE t.tgfoid = p.oid AND t.tgrelid = pg_catalog.to_regclass(?)))
						UNION
						SELECT 'index', i.indexrelid::regclass::text, pg_catalog.pg_get_indexdef(i.indexrelid), true, 'pg_class',
						  i.indexrelid::bigint
						FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)) leaf
						JOIN pg_catalog.pg_attribute a ON a.attrelid = leaf.relid AND a.attname = ? AND NOT a.attisdropped
						JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass
						  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
						JOIN pg_catalog.pg_index i ON i.indexrelid = d.objid
						WHERE leaf.level > 0 AND ?
						UNION
						SELECT 'publication', p.pubname, 'the server carries the column along; subscribers match it by name', false,
						  'pg_publication', p.oid::bigint
						FROM pg_catalog.pg_publication p
						JOIN pg_catalog.pg_publication_tables pt ON pt.pubname = p.pubname
						WHERE pt.schemaname = ? AND pt.tablename = ?
						ORDER BY 4 DESC, 1, 2, 3
						""",
				(row, number) -> new Dependent(row.getString(1), row.getString(2), row.getString(3),
						row.getBoolean(4)
								&& !carried.contains(new ObjectId(String.valueOf(row.getString(5)), row.getLong(6)))),
				newColumn, table, oldColumn, newColumn, oldColumn, oldColumn, !this.copyStays, !this.copyStays,
				NotNull.check(change, oldColumn), trigger.names().toArray(String[]::new), OwnSchema.NAME, oldColumn,
				change.table().name(), table, table, oldColumn, this.copyStays, change.table().schema(),
				change.table().name());
		return found.stream().sorted(Comparator.comparing(Dependent::blocking).reversed()).toList();
	}

}
