package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.AddForeignKey;
import io.github.expandcontract.change.AddIndex;
import io.github.expandcontract.change.AddUnique;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ChangeVisitor;
import io.github.expandcontract.change.DropColumn;
import io.github.expandcontract.change.DropTable;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.change.RenameInPlace;
import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.change.TableChange;
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
			WITH RECURSIVE family AS (
			  SELECT pg_catalog.to_regclass(?)::oid AS oid
			  UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN family ON family.oid = i.inhparent),
			wanted AS (
			  SELECT 1 AS rank, pg_catalog.format('ALTER TABLE "%s"."%s" OWNER TO %I', replace(n.nspname, '"', '""'),
			    replace(c.relname, '"', '""'), current_user) AS fix
			  FROM family JOIN pg_catalog.pg_class c ON c.oid = family.oid
			  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			  WHERE NOT pg_catalog.pg_has_role(current_user, c.relowner, 'USAGE')
			  UNION ALL
			  SELECT 2, pg_catalog.format('GRANT %s ON SCHEMA %s TO %I', pg_catalog.string_agg(p, ', '), ?::text,
			    current_user)
			  FROM pg_catalog.pg_namespace n CROSS JOIN pg_catalog.unnest(?::text[]) p
			  WHERE n.nspname = ? AND NOT pg_catalog.has_schema_privilege(n.oid, p)
			  HAVING pg_catalog.count(*) > 0
			  UNION ALL
			  SELECT 3, pg_catalog.format('GRANT CREATE ON DATABASE %I TO %I', pg_catalog.current_database(), current_user)
			  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = ?)
			  AND NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
			  UNION ALL
			  SELECT 3, pg_catalog.format('GRANT %s ON SCHEMA %I TO %I', pg_catalog.string_agg(p, ', '), n.nspname,
			    current_user)
			  FROM pg_catalog.pg_namespace n CROSS JOIN pg_catalog.unnest(ARRAY['CREATE', 'USAGE']) p
			  WHERE n.nspname = ? AND NOT pg_catalog.has_schema_privilege(n.oid, p)
			  GROUP BY n.nspname
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
			  AND c.relforcerowsecurity
			  UNION ALL
			  SELECT 6, pg_catalog.format('GRANT %s ON %s TO %I', pg_catalog.string_agg(p, ', '), t, current_user)
			  FROM pg_catalog.unnest(?::text[]) t CROSS JOIN pg_catalog.unnest(ARRAY['REFERENCES', 'SELECT']) p
			  WHERE NOT pg_catalog.has_table_privilege(t, p)
			  GROUP BY t)
			SELECT fix FROM wanted ORDER BY rank, fix
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

	/**
	 * Checks that tables may be referred to, without which it cannot be said what becomes
	 * of a foreign key. Names all that is missing where that is.
	 * @throws MissingPrivilegeException if not
	 */
	void requireReferring(Change change) {
		if (changing(change).stream().anyMatch((statement) -> statement.startsWith("GRANT REFERENCES"))) {
			requireChanging(change);
		}
	}

	private List<String> changing(Change change) {
		TableName name = change.table();
		String table = name.quoted();
		String[] inSchema = change.accept(new Creating()) ? new String[] { "CREATE", "USAGE" }
				: new String[] { "USAGE" };
		String[] referenced = change.accept(new Referring(this.jdbc))
			.stream()
			.map(TableName::quoted)
			.toArray(String[]::new);
		return this.jdbc.queryForList(CHANGING, String.class, table, Identifiers.quote(name.schema()), inSchema,
				name.schema(), OwnSchema.NAME, OwnSchema.NAME, OwnSchema.NAME, table, referenced);
	}

	private static void require(Change change, String consequence, List<String> missing) {
		if (!missing.isEmpty()) {
			throw new MissingPrivilegeException(change, "the database user lacks privileges, " + consequence + ".",
					missing);
		}
	}

	/**
	 * Whether a change makes an index, or gives the table another name, for which
	 * something has to be created in the table's schema.
	 */
	private static final class Creating implements ChangeVisitor<Boolean> {

		@Override
		public Boolean rename(RenameColumn change) {
			return true;
		}

		@Override
		public Boolean renameInPlace(RenameInPlace change) {
			return false;
		}

		@Override
		public Boolean changeType(ChangeType change) {
			return true;
		}

		@Override
		public Boolean addColumn(AddColumn change) {
			return false;
		}

		@Override
		public Boolean tableChange(TableChange change) {
			return change instanceof AddIndex || change instanceof AddUnique;
		}

		@Override
		public Boolean dropColumn(DropColumn change) {
			return false;
		}

		@Override
		public Boolean dropTable(DropTable change) {
			return true;
		}

		@Override
		public Boolean reshape(ReshapeColumns change) {
			return false;
		}

	}

	/**
	 * The tables that a change refers to by a foreign key which it makes.
	 */
	private record Referring(JdbcOperations jdbc) implements ChangeVisitor<List<TableName>> {

		@Override
		public List<TableName> rename(RenameColumn change) {
			return List.of();
		}

		@Override
		public List<TableName> renameInPlace(RenameInPlace change) {
			return List.of();
		}

		@Override
		public List<TableName> changeType(ChangeType change) {
			return ForeignKeys.referenced(this.jdbc, change.table(), change.oldColumn());
		}

		@Override
		public List<TableName> addColumn(AddColumn change) {
			return List.of();
		}

		@Override
		public List<TableName> tableChange(TableChange change) {
			return (change instanceof AddForeignKey key) ? List.of(key.referenced()) : List.of();
		}

		@Override
		public List<TableName> dropColumn(DropColumn change) {
			return List.of();
		}

		@Override
		public List<TableName> dropTable(DropTable change) {
			return List.of();
		}

		@Override
		public List<TableName> reshape(ReshapeColumns change) {
			return List.of();
		}

	}

}
