package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.DropColumn;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.SqlStates;
import io.github.expandcontract.postgres.Table;

/**
 * The steps on the schema by which a column goes away.
 * <ol>
 * <li>At first it is allowed to be NULL where it has no default, so that whoever does not
 * name it any more can insert.</li>
 * <li>At the end it is dropped.</li>
 * </ol>
 */
public final class DropColumnSteps {

	private final Ddl ddl;

	private final DropColumn change;

	/**
	 * Creates the steps.
	 * @param ddl where statements run
	 * @param change the change
	 */
	public DropColumnSteps(Ddl ddl, DropColumn change) {
		this.ddl = ddl;
		this.change = change;
	}

	/**
	 * Checks that the column can be dropped. Touches nothing.
	 * @throws UnsupportedChangeException if not, with the reason and the way out
	 */
	public void check() {
		Table table = new Catalog(this.ddl.jdbc()).table(this.change.table())
			.orElseThrow(() -> new UnknownTableException(this.change, this.change.table() + " is not a table.",
					"A column can be dropped of an ordinary or a partitioned table."));
		if (table.column(this.change.column()).isEmpty()) {
			return;
		}
		new Privileges(this.ddl.jdbc()).requireChanging(this.change);
		if (table.primaryKey().contains(this.change.column())) {
			throw refused("the column belongs to the primary key.",
					"Give the table another primary key first, or leave the column.");
		}
		this.ddl.jdbc()
			.queryForList(
					"""
							SELECT CASE WHEN a.attinhcount > 0 THEN 'inherited'
							    WHEN a.attnotnull AND t.typtype = 'd' AND t.typnotnull AND NOT a.atthasdef THEN 'domain'
							    WHEN EXISTS (SELECT FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid = c.oid
							      AND (a.attnum = ANY (p.partattrs::int2[]) OR EXISTS (SELECT FROM pg_catalog.pg_depend d
							        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
							        AND d.objsubid = a.attnum AND d.refclassid = 'pg_catalog.pg_class'::regclass
							        AND d.refobjid = c.oid AND d.refobjsubid = 0 AND d.deptype = 'i'))) THEN 'partition key' ELSE '' END
							FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
							JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
							WHERE c.oid = pg_catalog.to_regclass(?) AND a.attname = ? AND NOT a.attisdropped
							""",
					String.class, this.change.table().quoted(), this.change.column())
			.forEach((problem) -> {
				switch (problem) {
					case "inherited" ->
						throw refused("the column is inherited.", "Declare the drop on the parent table.");
					case "domain" ->
						throw refused("the column's domain forbids NULL and the column has no default, so that "
								+ "nobody could insert without naming it.", "Give the column a default first.");
					case "partition key" -> throw refused("the table is partitioned by the column.",
							"Leave the column, or move the rows to another table.");
					default -> {
					}
				}
			});
	}

	private UnsupportedChangeException refused(String reason, String action) {
		return new UnsupportedChangeException(this.change, reason, action);
	}

	/**
	 * Whether the column is not there any more.
	 * @return whether the change is through
	 */
	public boolean isOver() {
		return column(this.ddl.jdbc()).isEmpty();
	}

	private Optional<Column> column(JdbcOperations jdbc) {
		return new Catalog(jdbc).table(this.change.table()).flatMap((table) -> table.column(this.change.column()));
	}

	/**
	 * Lets those insert who do not name the column.
	 * @throws LockUnavailableException if the lock on the table did not come
	 */
	public void expand() {
		if (!relaxSteps(this.ddl.jdbc()).isEmpty()) {
			this.ddl.inTransaction("expand " + this.change.id(), (jdbc) -> {
				ColumnSteps.run(jdbc, relaxSteps(jdbc));
				return true;
			});
		}
	}

	private List<Step> relaxSteps(JdbcOperations jdbc) {
		Boolean refuses = jdbc.query("""
				SELECT a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' FROM pg_catalog.pg_attribute a
				WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attname = ? AND NOT a.attisdropped
				""", (row, number) -> row.getBoolean(1), this.change.table().quoted(), this.change.column())
			.stream()
			.findFirst()
			.orElse(false);
		return refuses
				? List.of(Step.inTransaction("let those insert who do not name the column any more",
						LockLevel.ACCESS_EXCLUSIVE,
						alter() + "ALTER COLUMN " + Identifiers.quote(this.change.column()) + " DROP NOT NULL"))
				: List.of();
	}

	private String alter() {
		return "ALTER TABLE " + this.change.table().quoted() + " ";
	}

	private List<Step> dropSteps() {
		return List.of(Step
			.inTransaction("drop the column; what it holds is gone, and there is no way back from here",
					LockLevel.ACCESS_EXCLUSIVE,
					alter() + "DROP COLUMN " + Identifiers.quote(this.change.column()) + " RESTRICT")
			.locking(LockLevel.ACCESS_EXCLUSIVE,
					ForeignKeys.others(this.ddl.jdbc(), this.change.table(), this.change.column())));
	}

	/**
	 * Drops the column, in one transaction and one attempt.
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first
	 * @throws LockUnavailableException if the lock did not come
	 * @throws DependentObjectException if an object depends on the column
	 */
	public void contract(Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		try {
			this.ddl.once("contract " + this.change.id(), lockTimeout, (jdbc) -> {
				alongside.accept(jdbc);
				ColumnSteps.lock(jdbc, this.change.table());
				if (column(jdbc).isPresent()) {
					GeneratedColumns.requireNone(jdbc, this.change, this.change.table(), this.change.column());
					ColumnSteps.run(jdbc, dropSteps());
				}
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

	/**
	 * What hangs on the column.
	 * @return what blocks the drop, and what goes along
	 */
	public List<Dependent> dependents() {
		return new DropDependents(this.ddl.jdbc()).of(this.change.table(), this.change.table(), this.change.column());
	}

	/**
	 * What runs on the schema between two phases, by what the catalog says now.
	 * @param from the phase before, or the same as {@code to} for what is still missing
	 * in a phase that the change stands in
	 * @param to the phase after
	 * @return the statements in their order
	 */
	public List<Step> plan(Phase from, Phase to) {
		List<Step> steps = new ArrayList<>();
		if (from == to && to != Phase.CONTRACT) {
			relaxSteps(this.ddl.jdbc()).forEach((step) -> steps.add(step.alone()));
		}
		else if (to == Phase.CONTRACT && from != to && !isOver()) {
			steps.add(ColumnSteps.lockStep(this.change.table()));
			steps.addAll(dropSteps());
		}
		return steps;
	}

}
