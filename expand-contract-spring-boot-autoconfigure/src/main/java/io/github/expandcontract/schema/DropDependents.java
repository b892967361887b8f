package io.github.expandcontract.schema;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.TableName;

/**
 * What hangs on a column or a table that goes away with nothing in its place. What the
 * server ties to it and to nothing else goes along: indexes, checks, its own foreign
 * keys, its default. What stands for itself blocks, because {@code RESTRICT} would
 * refuse; so do generated columns, the index by which replication finds rows, and
 * functions that name it in their text, of which the server knows nothing.
 */
final class DropDependents {

	private final JdbcOperations jdbc;

	DropDependents(JdbcOperations jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Lists what hangs on it.
	 * @param present where the table is now
	 * @param named the table as others name it
	 * @param column the column, {@code null} for the table as a whole
	 */
	List<Dependent> of(TableName present, TableName named, @Nullable String column) {
		return this.jdbc.query(
				"""
						WITH tables AS (SELECT pg_catalog.to_regclass(?)::oid AS oid
						  UNION SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?))),
						gone AS (SELECT t.oid, a.attnum FROM tables t
						  JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
						  WHERE ?::text IS NULL OR a.attname = ?::text
						  UNION ALL SELECT oid, 0 FROM tables WHERE ?::text IS NULL AND oid IS NOT NULL)
						SELECT CASE WHEN r.oid IS NOT NULL THEN 'view'
						    WHEN i.indexrelid IS NOT NULL THEN 'index'
						    WHEN e.oid IS NOT NULL OR d.classid = 'pg_catalog.pg_class'::regclass AND d.objsubid > 0
						      THEN 'generated column'
						    ELSE pg_catalog.lower((pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid)).type) END,
						  CASE WHEN r.oid IS NOT NULL THEN r.ev_class::regclass::text
						    WHEN e.oid IS NOT NULL
						      THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, e.adrelid, e.adnum)
						    ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END,
						  pg_catalog.bool_or(CASE WHEN r.oid IS NOT NULL THEN true
						    WHEN c.oid IS NOT NULL THEN c.conrelid NOT IN (SELECT oid FROM tables)
						    WHEN e.oid IS NOT NULL OR d.classid = 'pg_catalog.pg_class'::regclass AND d.objsubid > 0 THEN true
						    WHEN i.indexrelid IS NOT NULL THEN ?::text IS NOT NULL AND i.indisreplident
						    WHEN t.oid IS NOT NULL OR p.oid IS NOT NULL THEN ?::text IS NOT NULL AND d.deptype = 'n'
						    ELSE d.deptype = 'n' END)
						FROM gone
						JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass
						  AND d.refobjid = gone.oid AND d.refobjsubid = gone.attnum
						LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
						LEFT JOIN pg_catalog.pg_index i ON d.classid = 'pg_catalog.pg_class'::regclass AND i.indexrelid = d.objid
						LEFT JOIN pg_catalog.pg_constraint c ON d.classid = 'pg_catalog.pg_constraint'::regclass AND c.oid = d.objid
						LEFT JOIN pg_catalog.pg_trigger t ON d.classid = 'pg_catalog.pg_trigger'::regclass AND t.oid = d.objid
						LEFT JOIN pg_catalog.pg_policy p ON d.classid = 'pg_catalog.pg_policy'::regclass AND p.oid = d.objid
						LEFT JOIN pg_catalog.pg_attrdef e ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND e.oid = d.objid
						WHERE NOT coalesce(t.tgisinternal, false)
						AND NOT coalesce(r.ev_class IN (SELECT oid FROM tables), false)
						AND NOT coalesce(e.adrelid IN (SELECT oid FROM tables) AND (e.adnum = gone.attnum OR ?::text IS NULL), false)
						AND NOT (d.classid = 'pg_catalog.pg_type'::regclass AND d.deptype = 'i')
						AND NOT (d.classid = 'pg_catalog.pg_class'::regclass AND (d.deptype = 'i'
						  OR d.objid IN (SELECT oid FROM tables) AND (d.objsubid = 0 OR ?::text IS NULL)))
						AND coalesce(c.contype, ' ') <> 'n'
						GROUP BY 1, 2
						UNION
						SELECT 'function', p.oid::regprocedure::text, true
						FROM pg_catalog.pg_proc p
						JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
						JOIN pg_catalog.pg_language l ON l.oid = p.prolang
						WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', ?) AND l.lanname NOT IN ('internal', 'c')
						AND pg_catalog.to_regclass(?) IS NOT NULL
						AND (?::text IS NULL OR p.prosrc ~* ('(^|[^[:alnum:]_])'
						  || pg_catalog.regexp_replace(?::text, '([^[:alnum:]_])', '\\\\\\1', 'g') || '($|[^[:alnum:]_])'))
						AND (p.prosrc ~* ('(^|[^[:alnum:]_])'
						  || pg_catalog.regexp_replace(?, '([^[:alnum:]_])', '\\\\\\1', 'g') || '($|[^[:alnum:]_])')
						  OR ?::text IS NOT NULL AND EXISTS (SELECT FROM pg_catalog.pg_trigger t
						    WHERE t.tgfoid = p.oid AND t.tgrelid IN (SELECT oid FROM tables)))
						UNION
						SELECT 'publication', pt.pubname, false FROM pg_catalog.pg_publication_tables pt
						WHERE ?::text IS NULL AND pt.schemaname = ? AND pt.tablename = ?
						ORDER BY 3 DESC, 1, 2
						""",
				(row, number) -> new Dependent(row.getString(1), row.getString(2), "", row.getBoolean(3)),
				present.quoted(), present.quoted(), column, column, column, column, column, column, column,
				OwnSchema.NAME, present.quoted(), column, column, named.name(), column, column, present.schema(),
				present.name());
	}

}
