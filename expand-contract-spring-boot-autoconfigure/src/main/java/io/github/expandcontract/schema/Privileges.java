package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.Change;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.TableName;

/**
 * What the database user of our statements must be allowed. What is missing is named as
 * the statements that give it. A plan needs less than what it shows: it only looks.
 */
final class Privileges {

	private static final String LOOKING = """
			SELECT pg_catalog.format('GRANT TEMPORARY ON DATABASE %I TO %I', pg_catalog.current_database(), current_user)
			WHERE NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY')
			UNION ALL
			SELECT pg_catalog.format('GRANT USAGE ON SCHEMA %I TO %I', n.nspname, current_user)
			FROM pg_catalog.pg_namespace n WHERE n.nspname = ?
			AND NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
			UNION ALL
			SELECT DISTINCT pg_catalog.format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I', n.nspname, current_user)
			FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE n.nspname = ? AND c.relkind = 'r' AND NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')
			UNION ALL
			SELECT pg_catalog.format('GRANT SELECT ON %s TO %I', ?::text, current_user)
			FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(?)
			AND NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')
			""";

	private static final String CHANGING = """
			WITH wanted AS (
			  SELECT 1 AS rank, pg_catalog.format('ALTER TABLE %s OWNER TO %I', ?::text, current_user) AS fix
			  FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(?)
			  AND NOT pg_catalog.pg_has_role(current_user, c.relowner, 'USAGE')
			  UNION ALL
			  SELECT 2, pg_catalog.format('GRANT CREATE, USAGE ON SCHEMA %s TO %I', ?::text, current_user)
			  FROM pg_catalog.pg_namespace n WHERE n.nspname = ?
			  AND NOT (pg_catalog.has_schema_privilege(n.oid, 'CREATE')
			    AND pg_catalog.has_schema_privilege(n.oid, 'USAGE'))
			  UNION ALL
			  SELECT 3, CASE WHEN n.oid IS NULL
			    THEN pg_catalog.format('GRANT CREATE ON DATABASE %I TO %I', pg_catalog.current_database(), current_user)
			    ELSE pg_catalog.format('GRANT CREATE, USAGE ON SCHEMA %I TO %I', n.nspname, current_user) END
			  FROM (VALUES (?::name)) AS own (name) LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = own.name
			  WHERE CASE WHEN n.oid IS NULL
			    THEN NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
			    ELSE NOT (pg_catalog.has_schema_privilege(n.oid, 'CREATE')
			      AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')) END
			  UNION ALL
			  SELECT DISTINCT 4, pg_catalog.format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I',
			    n.nspname, current_user)
			  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			  WHERE n.nspname = ? AND c.relkind = 'r'
			  AND NOT (pg_catalog.has_table_privilege(c.oid, 'SELECT') AND pg_catalog.has_table_privilege(c.oid, 'INSERT')
			    AND pg_catalog.has_table_privilege(c.oid, 'UPDATE') AND pg_catalog.has_table_privilege(c.oid, 'DELETE'))
			  UNION ALL
			  SELECT 5, pg_catalog.format('ALTER ROLE %I BYPASSRLS', current_user)
			  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_roles r ON r.rolname = current_user
			  WHERE c.oid = pg_catalog.to_regclass(?) AND c.relrowsecurity AND NOT (r.rolsuper OR r.rolbypassrls)
			  AND c.relforcerowsecurity)
			SELECT fix FROM wanted ORDER BY rank
			""";

	private final JdbcOperations jdbc;

	Privileges(JdbcOperations jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Checks that the change and what it would meet can be looked at.
	 * @throws MissingPrivilegeException if not
	 */
	void requireLooking(Change change) {
		String table = change.table().quoted();
		List<String> looking = this.jdbc.queryForList(LOOKING, String.class, OwnSchema.NAME, OwnSchema.NAME, table,
				table);
		if (!looking.isEmpty()) {
			List<String> all = new ArrayList<>(changing(change));
			all.addAll(looking);
			require(change, "so that not even a plan can be made", all);
		}
	}

	/**
	 * Checks that the change can be made.
	 * @throws MissingPrivilegeException if not
	 */
	void requireChanging(Change change) {
		require(change, "without which the change cannot be made", changing(change));
	}

	private List<String> changing(Change change) {
		TableName name = change.table();
		String table = name.quoted();
		return this.jdbc.queryForList(CHANGING, String.class, table, table, Identifiers.quote(name.schema()),
				name.schema(), OwnSchema.NAME, OwnSchema.NAME, table);
	}

	private static void require(Change change, String consequence, List<String> missing) {
		if (!missing.isEmpty()) {
			throw new MissingPrivilegeException(change, "the database user lacks privileges, " + consequence + ".",
					"Run as a superuser or the owner: " + String.join("; ", missing) + ";");
		}
	}

}
