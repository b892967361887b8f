package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.DropTable;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.ShortName;
import io.github.expandcontract.postgres.SqlStates;
import io.github.expandcontract.postgres.TableName;

/**
 * The steps on the schema by which a table goes away.
 * <ol>
 * <li>It is set aside: renamed, and moved to our own schema, where nobody finds it. One
 * short transaction, and the same back.</li>
 * <li>At the end it is dropped.</li>
 * </ol>
 * A row tells where it came from, because the declaration may leave that to the search
 * path.
 */
public final class DropTableSteps {

	private static final String MEMORY = OwnSchema.NAME + ".table_aside";

	private final Ddl ddl;

	private final DropTable change;

	/**
	 * Creates the steps.
	 * @param ddl where statements run
	 * @param change the change
	 */
	public DropTableSteps(Ddl ddl, DropTable change) {
		this.ddl = ddl;
		this.change = change;
	}

	/**
	 * Creates the table where it does not exist.
	 * @param within a transaction that keeps other instances from doing the same
	 */
	public static void install(JdbcOperations within) {
		within.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.table_aside (
				  change_id     text PRIMARY KEY,
				  schema_name   text NOT NULL,
				  table_name    text NOT NULL,
				  since         timestamptz NOT NULL DEFAULT clock_timestamp()
				)""");
	}

	/**
	 * Where the table is.
	 */
	public enum Place {

		/**
		 * Where it always was.
		 */
		PRESENT,

		/**
		 * In our own schema.
		 */
		ASIDE,

		/**
		 * Nowhere.
		 */
		GONE

	}

	/**
	 * Looks where the table is.
	 * @return the place by the catalog
	 */
	public Place place() {
		return place(this.ddl.jdbc());
	}

	private Place place(JdbcOperations jdbc) {
		Catalog catalog = new Catalog(jdbc);
		if (catalog.table(aside()).isPresent()) {
			return Place.ASIDE;
		}
		return catalog.resolve(this.change.table().schema(), this.change.table().name()).isPresent() ? Place.PRESENT
				: Place.GONE;
	}

	private TableName aside() {
		return new TableName(OwnSchema.NAME, ShortName.of("aside_", this.change.table().name(), this.change.id()));
	}

	/**
	 * Where the table is now, wherever that is.
	 * @return its name
	 */
	public TableName present() {
		return (place() == Place.ASIDE) ? aside() : this.change.table();
	}

	/**
	 * Checks that the table can be dropped. Touches nothing.
	 * @throws UnsupportedChangeException if not, with the reason and the way out
	 */
	public void check() {
		if (place() == Place.GONE) {
			return;
		}
		TableName present = present();
		if (new Catalog(this.ddl.jdbc()).table(present).isEmpty()) {
			throw new UnknownTableException(this.change, present + " is not a table.",
					"An ordinary or a partitioned table can be dropped; drop a view by a migration of your own.");
		}
		if (place() == Place.PRESENT) {
			new Privileges(this.ddl.jdbc()).requireChanging(this.change);
		}
		this.ddl.jdbc().queryForList("""
				SELECT CASE WHEN NOT pg_catalog.pg_has_role(current_user, c.relowner, 'USAGE') THEN 'owner'
				    WHEN c.relispartition THEN 'partition'
				    WHEN c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits i
				      WHERE i.inhparent = c.oid OR i.inhrelid = c.oid) THEN 'inheritance'
				    WHEN c.relkind = 'p' THEN 'partitioned' ELSE '' END
				FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(?)
				""", String.class, present.quoted()).forEach((problem) -> {
			switch (problem) {
				case "owner" ->
					throw new MissingPrivilegeException(this.change, "the database user does not own the table.",
							List.of("ALTER TABLE " + present.quoted() + " OWNER TO " + this.ddl.jdbc()
								.queryForObject("SELECT pg_catalog.quote_ident(current_user)", String.class)));
				case "partition" ->
					throw new UnsupportedChangeException(this.change, "it is a partition of another table.",
							"Detach it first: ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY.");
				case "inheritance" -> throw new UnsupportedChangeException(this.change,
						"it takes part in table inheritance, so that others read its rows by another name.",
						"End the inheritance first: ALTER TABLE ... NO INHERIT ....");
				case "partitioned" -> throw new UnsupportedChangeException(this.change,
						"it is partitioned, and setting it aside would leave its partitions where they are.",
						"Detach its partitions and declare the drop of each.");
				default -> {
				}
			}
		});
	}

	/**
	 * Takes the table out of everybody's sight, in one transaction and one attempt.
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first
	 * @throws LockUnavailableException if the lock did not come
	 */
	public void setAside(Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		once("set aside " + this.change.table(), lockTimeout, alongside, (jdbc) -> {
			if (place(jdbc) == Place.PRESENT) {
				ColumnSteps.run(jdbc, asideSteps());
			}
		});
	}

	/**
	 * Brings the table back to where it was, in one transaction and one attempt.
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first
	 * @throws LockUnavailableException if the lock did not come
	 * @throws UnsupportedChangeException if there is another table of its name by now
	 */
	public void bringBack(Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		once("bring back " + this.change.table(), lockTimeout, alongside, (jdbc) -> {
			if (place(jdbc) == Place.ASIDE) {
				TableName origin = origin(jdbc);
				if (new Catalog(jdbc).resolve(origin.schema(), origin.name()).isPresent()) {
					throw new UnsupportedChangeException(this.change,
							"there is another " + origin + " by now, so the table cannot have its name back.",
							"Rename the other one.");
				}
				ColumnSteps.run(jdbc, backSteps(origin));
			}
		});
	}

	/**
	 * Drops the table, in one transaction and one attempt.
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first
	 * @throws LockUnavailableException if the lock did not come
	 * @throws DependentObjectException if an object depends on the table
	 */
	public void contract(Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		once("contract " + this.change.id(), lockTimeout, alongside, (jdbc) -> {
			if (place(jdbc) == Place.ASIDE) {
				ColumnSteps.run(jdbc, dropSteps());
			}
		});
	}

	private void once(String step, Duration lockTimeout, Consumer<JdbcOperations> alongside,
			Consumer<JdbcOperations> work) {
		try {
			this.ddl.once(step, lockTimeout, (jdbc) -> {
				alongside.accept(jdbc);
				work.accept(jdbc);
				return true;
			});
		}
		catch (DataAccessException ex) {
			if (SqlStates.is(ex, SqlStates.DEPENDENT_OBJECTS_STILL_EXIST)) {
				throw new DependentObjectException(this.change, ex.getMostSpecificCause().getMessage() + ".", ex);
			}
			throw ex;
		}
	}

	private TableName origin(JdbcOperations jdbc) {
		// Before the first start there is none of our tables, and a plan is made then too
		if (jdbc.queryForObject("SELECT pg_catalog.to_regclass(?)::text", String.class, MEMORY) == null) {
			return this.change.table();
		}
		Optional<TableName> known = jdbc
			.query("SELECT schema_name, table_name FROM " + MEMORY + " WHERE change_id = ?",
					(row, number) -> new TableName(row.getString(1), row.getString(2)), this.change.id())
			.stream()
			.findFirst();
		return known.orElse(this.change.table());
	}

	private List<Step> asideSteps() {
		TableName table = this.change.table();
		TableName renamed = new TableName(table.schema(), aside().name());
		return List.of(
				Step.inTransaction("note where the table comes from", LockLevel.NONE,
						"INSERT INTO " + MEMORY + " (change_id, schema_name, table_name) VALUES ("
								+ Sql.literal(this.change.id()) + ", " + Sql.literal(table.schema()) + ", "
								+ Sql.literal(table.name()) + ") ON CONFLICT (change_id) DO UPDATE "
								+ "SET schema_name = EXCLUDED.schema_name, table_name = EXCLUDED.table_name"),
				Step.inTransaction("rename the table, so that nobody finds it", LockLevel.ACCESS_EXCLUSIVE,
						"ALTER TABLE " + table.quoted() + " RENAME TO " + Identifiers.quote(renamed.name())),
				Step.inTransaction("move it to our own schema", LockLevel.ACCESS_EXCLUSIVE,
						"ALTER TABLE " + renamed.quoted() + " SET SCHEMA " + OwnSchema.NAME));
	}

	private List<Step> backSteps(TableName origin) {
		TableName moved = new TableName(origin.schema(), aside().name());
		return List.of(
				Step.inTransaction("move the table back to its schema", LockLevel.ACCESS_EXCLUSIVE,
						"ALTER TABLE " + aside().quoted() + " SET SCHEMA " + Identifiers.quote(origin.schema())),
				Step.inTransaction("give it its name again", LockLevel.ACCESS_EXCLUSIVE,
						"ALTER TABLE " + moved.quoted() + " RENAME TO " + Identifiers.quote(origin.name())),
				forget());
	}

	private List<Step> dropSteps() {
		return List.of(Step
			.inTransaction("drop the table; what it holds is gone, and there is no way back from here",
					LockLevel.ACCESS_EXCLUSIVE, "DROP TABLE " + aside().quoted() + " RESTRICT")
			.locking(LockLevel.ACCESS_EXCLUSIVE, ForeignKeys.others(this.ddl.jdbc(), present(), null)), forget());
	}

	private Step forget() {
		return Step.inTransaction("forget where the table came from", LockLevel.NONE,
				"DELETE FROM " + MEMORY + " WHERE change_id = " + Sql.literal(this.change.id()));
	}

	/**
	 * What hangs on the table.
	 * @return what blocks the drop, and what goes along
	 */
	public List<Dependent> dependents() {
		return new DropDependents(this.ddl.jdbc()).of(present(), this.change.table(), null);
	}

	/**
	 * What runs on the schema between two phases, by what the catalog says now.
	 * @param from the phase before
	 * @param to the phase after
	 * @return the statements in their order
	 */
	public List<Step> plan(Phase from, Phase to) {
		List<Step> steps = new ArrayList<>();
		if (from.isBefore(Phase.STOP_DUAL_WRITE) && !to.isBefore(Phase.STOP_DUAL_WRITE)) {
			steps.addAll(asideSteps());
		}
		if (from == Phase.STOP_DUAL_WRITE && to.isBefore(from)) {
			steps.addAll(backSteps(origin(this.ddl.jdbc())));
		}
		if (to == Phase.CONTRACT && from != to) {
			steps.addAll(dropSteps());
		}
		return steps;
	}

}
