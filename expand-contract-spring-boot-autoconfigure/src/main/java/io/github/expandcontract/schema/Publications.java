package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;

/**
 * Publications that list old among the columns that they publish of the table. The list
 * holds the column, so that it has to go from there before it can be dropped, in the same
 * transaction. A subscriber matches columns by their names and needs the new one by then.
 */
final class Publications {

	private Publications() {
	}

	/**
	 * Reads those whose list can be changed by the present user, and whose filter does
	 * not compute with old.
	 */
	static List<Publication> of(JdbcOperations jdbc, ColumnChange change) {
		Boolean lists = jdbc.queryForObject("SELECT pg_catalog.current_setting('server_version_num')::int >= 150000",
				Boolean.class);
		if (!Boolean.TRUE.equals(lists)) {
			return List.of();
		}
		return jdbc.query(
				"""
						SELECT r.oid::bigint, pg_catalog.quote_ident(p.pubname),
						  (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(CASE l.attname WHEN o.attname THEN ? ELSE l.attname END),
						    ', ' ORDER BY l.attnum)
						    FROM pg_catalog.pg_attribute l WHERE l.attrelid = r.prrelid AND l.attnum = ANY (r.prattrs::int2[])),
						  pg_catalog.pg_get_expr(r.prqual, r.prrelid)
						FROM pg_catalog.pg_publication_rel r
						JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
						JOIN pg_catalog.pg_attribute o ON o.attrelid = r.prrelid AND o.attname = ? AND NOT o.attisdropped
						WHERE r.prrelid = pg_catalog.to_regclass(?) AND o.attnum = ANY (r.prattrs::int2[])
						AND NOT coalesce(r.prqual::text ~ (':varattno ' || o.attnum || '\\D'), false)
						AND pg_catalog.pg_has_role(current_user, p.pubowner, 'USAGE')
						ORDER BY 2
						""",
				(row, number) -> new Publication(row.getLong(1), row.getString(2), row.getString(3), row.getString(4)),
				change.newColumn(), change.oldColumn(), change.table().quoted());
	}

	/**
	 * A publication.
	 *
	 * @param oid the object id of its entry for the table
	 * @param name its name, quoted
	 * @param columns the columns, quoted, new in the place of old
	 * @param filter which rows it publishes, if not all
	 */
	record Publication(long oid, String name, String columns, @Nullable String filter) {

		ObjectId id() {
			return new ObjectId(ObjectId.PUBLICATION_TABLE, this.oid);
		}

		List<Step> steps(ColumnChange change) {
			List<Step> steps = new ArrayList<>();
			String table = change.table().quoted();
			steps.add(Step.inTransaction("take old out of publication " + this.name, LockLevel.SHARE_UPDATE_EXCLUSIVE,
					"ALTER PUBLICATION " + this.name + " DROP TABLE " + table));
			steps.add(Step.inTransaction("publish new in its place", LockLevel.SHARE_UPDATE_EXCLUSIVE,
					"ALTER PUBLICATION " + this.name + " ADD TABLE " + table + " (" + this.columns + ")"
							+ ((this.filter != null) ? " WHERE (" + this.filter + ")" : "")));
			return steps;
		}

	}

}
