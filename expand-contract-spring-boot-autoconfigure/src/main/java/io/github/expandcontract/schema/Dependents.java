package io.github.expandcontract.schema;

import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.OwnSchema;

/**
 * What hangs on the columns of a change. Where the original stays, what the catalog ties
 * to old by its number is carried along: views, policies, triggers, foreign keys,
 * generated columns; and what was put on new by others blocks, because new is the copy
 * that goes. Where the copy stays it is the other way round. What names old in a text
 * breaks in any case: function bodies.
 */
final class Dependents {

	private final JdbcOperations jdbc;

	private final boolean copyStays;

	Dependents(JdbcOperations jdbc, boolean copyStays) {
		this.jdbc = jdbc;
		this.copyStays = copyStays;
	}

	List<Dependent> of(ColumnChange change) {
		SyncTrigger trigger = new SyncTrigger(change);
		String table = change.table().quoted();
		return this.jdbc.query(
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
						  coalesce(CASE WHEN r.oid IS NOT NULL THEN pg_catalog.pg_get_viewdef(r.ev_class) END,
						    pg_catalog.pg_get_indexdef(i.indexrelid), pg_catalog.pg_get_constraintdef(c.oid),
						    pg_catalog.pg_get_triggerdef(t.oid), ''),
						  CASE WHEN changing.is_copy THEN ? AND NOT coalesce(NOT i.indisunique, false)
						    ELSE NOT ? AND NOT coalesce(NOT i.indisunique, false)
						      AND NOT coalesce(e.adrelid = changing.attrelid AND e.adnum = changing.attnum, false)
						      AND coalesce(c.contype, ' ') <> 'n' AND coalesce(c.conname, '') <> ? END
						FROM changing
						JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass
						  AND d.refobjid = changing.attrelid AND d.refobjsubid = changing.attnum
						LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
						LEFT JOIN pg_catalog.pg_index i ON d.classid = 'pg_catalog.pg_class'::regclass AND i.indexrelid = d.objid
						LEFT JOIN pg_catalog.pg_constraint c
						  ON d.classid = 'pg_catalog.pg_constraint'::regclass AND c.oid = d.objid
						LEFT JOIN pg_catalog.pg_trigger t ON d.classid = 'pg_catalog.pg_trigger'::regclass AND t.oid = d.objid
						LEFT JOIN pg_catalog.pg_attrdef e ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND e.oid = d.objid
						WHERE coalesce(t.tgname, '') NOT IN (?, ?)
						UNION
						SELECT 'function', p.oid::regprocedure::text, p.prosrc, true
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
						SELECT 'publication', p.pubname, 'the server carries the column along; subscribers match it by name', false
						FROM pg_catalog.pg_publication p
						JOIN pg_catalog.pg_publication_tables pt ON pt.pubname = p.pubname
						WHERE pt.schemaname = ? AND pt.tablename = ?
						ORDER BY 4 DESC, 1, 2
						""",
				(row, number) -> new Dependent(row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4)),
				change.newColumn(), table, change.oldColumn(), change.newColumn(), change.oldColumn(),
				change.oldColumn(), !this.copyStays, !this.copyStays, NotNull.check(change, change.oldColumn()),
				trigger.insertTrigger(), trigger.updateTrigger(), OwnSchema.NAME, change.oldColumn(),
				change.table().name(), table, change.table().schema(), change.table().name());
	}

}
