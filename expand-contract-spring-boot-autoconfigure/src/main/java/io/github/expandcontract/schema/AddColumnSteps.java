package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.LockUnavailableException;
import io.github.expandcontract.postgres.SqlStates;
import io.github.expandcontract.postgres.Table;

/**
 * The steps on the schema that bring a required column.
 * <ol>
 * <li>A value that is the same for all rows comes with the column, which is NOT NULL from
 * the beginning. The server keeps such a value once, in the catalog, and writes no row.
 * <li>Else the column may be NULL until CONTRACT. Rows of writers who do not name it get
 * the default, or, where there is none, what a trigger makes of their other columns.
 * <li>Before CONTRACT a check forbids NULL, is validated, and gives way to NOT NULL.
 * <li>CONTRACT takes away the trigger and our comment; the default stays.
 * </ol>
 * Every step reads the catalog first and does what is still missing, so that it may be
 * repeated, interrupted anywhere, and asked for by two instances at once.
 */
public final class AddColumnSteps {

	private final Ddl ddl;

	private final SyncMode sync;

	/**
	 * Creates the steps.
	 * @param ddl where statements run
	 * @param sync whether a trigger may fill the column
	 */
	public AddColumnSteps(Ddl ddl, SyncMode sync) {
		this.ddl = ddl;
		this.sync = sync;
	}

	/**
	 * Checks that a column can be added to the table as it is. Touches nothing.
	 * @param change the change
	 * @throws UnsupportedChangeException if not, with the reason and the way out
	 */
	public void check(AddColumn change) {
		new AddColumnCheck(this.ddl, this.sync).check(change);
	}

	/**
	 * Whether the column is there, under way or for good.
	 * @param change the change
	 * @return whether it is
	 */
	public boolean isAdded(AddColumn change) {
		return AddedColumnState.of(this.ddl.jdbc(), change) != AddedColumnState.ABSENT;
	}

	/**
	 * Whether the column is there for good and never NULL.
	 * @param change the change
	 * @return whether nothing is left to do
	 */
	public boolean isOver(AddColumn change) {
		return AddedColumnState.of(this.ddl.jdbc(), change) == AddedColumnState.OVER;
	}

	/**
	 * Whether rows get a value whose writer does not name the column.
	 * @param change the change
	 * @return whether the column has a default from the beginning, or a trigger fills it
	 */
	public boolean servesOthers(AddColumn change) {
		return change.columnDefault() != null || this.sync.hasTrigger();
	}

	/**
	 * What makes the column known as the one that the change has added.
	 * @param change the change
	 * @return the statement, which takes away any other comment
	 */
	public Step markStep(AddColumn change) {
		return mark(change, null);
	}

	private static Step mark(AddColumn change, @Nullable String own) {
		return Attributes.comment(change.table(), change.column(), AddedMark.of(change, own));
	}

	/**
	 * Adds the column and what gives a value to rows whose writer does not name it,
	 * unless that is there or the change is through already.
	 * @param change the change
	 * @throws UnsupportedChangeException if the change cannot be made
	 * @throws LockUnavailableException if the lock on the table did not come
	 */
	public void expand(AddColumn change) {
		check(change);
		if (expandSteps(this.ddl.jdbc(), change).isEmpty()) {
			return;
		}
		ColumnSteps.createOwnSchema(this.ddl);
		this.ddl.inTransaction("expand " + change.id(), (jdbc) -> {
			ColumnSteps.lock(jdbc, change);
			ColumnSteps.run(jdbc, expandSteps(jdbc, change));
			return change;
		});
	}

	/**
	 * Lets the column be NULL again, if a CONTRACT that was not reached has forbidden it
	 * already.
	 * @param change the change
	 * @throws LockUnavailableException if the lock on the table did not come
	 */
	public void relax(AddColumn change) {
		if (!relaxSteps(this.ddl.jdbc(), change).isEmpty()) {
			this.ddl.inTransaction("let " + change.column() + " be null", (jdbc) -> {
				ColumnSteps.lock(jdbc, change);
				ColumnSteps.run(jdbc, relaxSteps(jdbc, change));
				return change;
			});
		}
	}

	/**
	 * Forbids NULL, each step in a transaction of its own, and then leaves nothing of
	 * ours at the column, in one transaction and one attempt.
	 * @param change the change
	 * @param lockTimeout how long to wait for each lock on the table
	 * @param alongside what else belongs to that transaction; runs first, before the
	 * table is locked
	 * @throws LockUnavailableException if a lock did not come
	 * @throws UnsupportedChangeException if a row holds NULL
	 */
	public void contract(AddColumn change, Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		require(change, lockTimeout);
		this.ddl.once("contract " + change.id(), lockTimeout, (jdbc) -> {
			alongside.accept(jdbc);
			ColumnSteps.lock(jdbc, change);
			ColumnSteps.run(jdbc, contractSteps(jdbc, change));
			return change;
		});
	}

	private void require(AddColumn change, Duration lockTimeout) {
		try {
			for (Step step : requireSteps(this.ddl.jdbc(), change)) {
				this.ddl.once(step.purpose(), lockTimeout, (jdbc) -> ColumnSteps.run(jdbc, step));
			}
		}
		catch (DataAccessException ex) {
			if (!SqlStates.is(ex, SqlStates.CHECK_VIOLATION)) {
				throw ex;
			}
			// Else it would go on refusing the rows of those who may still leave it NULL
			relax(change);
			throw new UnsupportedChangeException(change,
					"\"" + change.column() + "\" is to be NOT NULL, but holds NULL in some row.",
					"Find out who writes NULL, give those rows a value, and the change goes on.", ex);
		}
	}

	/**
	 * Goes back from CONTRACT, in one transaction and one attempt: the column may be NULL
	 * again where it was not filled at once, and whoever does not name it is served as
	 * before.
	 * @param change the change
	 * @param lockTimeout how long to wait for the lock on the table
	 * @param alongside what else belongs to that transaction; runs first, before the
	 * table is locked
	 * @throws LockUnavailableException if the lock did not come
	 * @throws UnsupportedChangeException if the way back is closed
	 */
	public void reopen(AddColumn change, Duration lockTimeout, Consumer<JdbcOperations> alongside) {
		requireUsable(change);
		ColumnSteps.createOwnSchema(this.ddl);
		this.ddl.once("reopen " + change.id(), lockTimeout, (jdbc) -> {
			alongside.accept(jdbc);
			ColumnSteps.lock(jdbc, change);
			ColumnSteps.run(jdbc, reopenSteps(jdbc, change));
			return change;
		});
	}

	/*
	 * What fill names may be gone since CONTRACT, and the trigger would fail with every
	 * INSERT.
	 */
	private void requireUsable(AddColumn change) {
		Table table = new ColumnCheck(this.ddl.jdbc(), this.sync).table(change);
		new FillCheck(change).check(this.ddl, table, null);
	}

	/**
	 * What runs on the schema on the way from one phase to the one beside it. What the
	 * catalog does not show yet is foreseen from what it shows now.
	 * @param change the change
	 * @param from the phase before, or the same as {@code to} for what is still missing
	 * in a phase that the change stands in
	 * @param to the phase after
	 * @return the statements in their order, empty where the schema stays as it is
	 */
	public List<Step> plan(AddColumn change, Phase from, Phase to) {
		JdbcOperations jdbc = this.ddl.jdbc();
		List<Step> steps = new ArrayList<>();
		if (from == to) {
			locked(change, (to == Phase.CONTRACT) ? List.of() : expandSteps(jdbc, change), steps);
		}
		else if (from == Phase.CONTRACT) {
			locked(change, (AddedColumnState.of(jdbc, change) == AddedColumnState.OVER) ? reopenSteps(jdbc, change)
					: foreseenReturn(jdbc, change), steps);
		}
		else if (to == Phase.CONTRACT) {
			requireSteps(jdbc, change).forEach((step) -> steps.add(step.alone()));
			locked(change, contractSteps(jdbc, change), steps);
		}
		else if (to.isBefore(from)) {
			locked(change, relaxSteps(jdbc, change), steps);
		}
		return steps;
	}

	private static void locked(AddColumn change, List<Step> work, List<Step> steps) {
		if (!work.isEmpty()) {
			steps.add(ColumnSteps.lockStep(change));
			steps.addAll(work);
		}
	}

	private List<Step> expandSteps(JdbcOperations jdbc, AddColumn change) {
		return switch (AddedColumnState.of(jdbc, change)) {
			case ABSENT -> addSteps(jdbc, change);
			case OURS -> servingSteps(jdbc, change, column(jdbc, change).defaultExpression());
			case OVER -> List.of();
			case FOREIGN -> throw AddColumnCheck.foreign(change);
		};
	}

	private List<Step> addSteps(JdbcOperations jdbc, AddColumn change) {
		String column = Identifiers.quote(change.column()) + " ";
		List<Step> steps = new ArrayList<>();
		steps.add(change.filledAtOnce()
				? alter("add the column, with its value in every row", change,
						"ADD COLUMN " + column + filledAtOnce(change))
				: alter("add the column", change, "ADD COLUMN " + column + change.type()));
		steps.add(mark(change, null));
		boolean fillIsDefault = change.filledAtOnce() && change.defaultExpression() == null;
		steps.addAll(servingSteps(jdbc, change, fillIsDefault ? change.columnDefault() : null));
		return steps;
	}

	/**
	 * Type, value and NOT NULL of a column that is filled at once.
	 */
	static String filledAtOnce(AddColumn change) {
		return change.type() + " DEFAULT (" + change.fill().text() + ") NOT NULL";
	}

	/**
	 * What gives a value to rows whose writer does not name the column.
	 * @param present the default that the column has
	 */
	private List<Step> servingSteps(JdbcOperations jdbc, AddColumn change, @Nullable String present) {
		List<Step> steps = new ArrayList<>();
		String expression = change.columnDefault();
		if (expression != null && present == null) {
			steps.add(alter("give a value to whoever does not name the column", change,
					alterColumn(change) + "SET DEFAULT (" + expression + ")"));
		}
		// One that is there without being asked for is left alone: others may rely on it
		SyncTrigger trigger = new SyncTrigger(change);
		if (expression == null && this.sync.hasTrigger() && !trigger.exists(jdbc)) {
			steps.addAll(trigger.create(ColumnSteps.searchPath(jdbc, change)));
		}
		return steps;
	}

	private static List<Step> relaxSteps(JdbcOperations jdbc, AddColumn change) {
		List<Step> steps = new ArrayList<>();
		if (!change.filledAtOnce() && AddedColumnState.of(jdbc, change) == AddedColumnState.OURS) {
			if (NotNull.isChecked(jdbc, change, change.column())) {
				steps.add(NotNull.dropCheck(change, change.column()));
			}
			if (column(jdbc, change).notNull()) {
				steps.add(dropNotNull(change));
			}
		}
		return steps;
	}

	private static List<Step> requireSteps(JdbcOperations jdbc, AddColumn change) {
		return switch (AddedColumnState.of(jdbc, change)) {
			case ABSENT -> NotNull.steps(change, change.column(), change.filledAtOnce(), false);
			case OURS, FOREIGN -> NotNull.steps(jdbc, change, change.column());
			case OVER -> List.of();
		};
	}

	private static List<Step> contractSteps(JdbcOperations jdbc, AddColumn change) {
		if (AddedColumnState.of(jdbc, change) == AddedColumnState.OVER) {
			return List.of();
		}
		List<Step> steps = new ArrayList<>();
		if (change.columnDefault() == null) {
			steps.addAll(new SyncTrigger(change).drop());
		}
		String comment = ColumnCheck.comment(jdbc, change.table(), change.column());
		steps.add(Attributes.comment(change.table(), change.column(), AddedMark.own(comment, change)));
		return steps;
	}

	private List<Step> reopenSteps(JdbcOperations jdbc, AddColumn change) {
		if (AddedColumnState.of(jdbc, change) != AddedColumnState.OVER) {
			return List.of();
		}
		Table table = new ColumnCheck(jdbc, this.sync).table(change);
		List<Step> steps = new ArrayList<>();
		if (!change.filledAtOnce()) {
			if (table.primaryKey().contains(change.column())) {
				throw new UnsupportedChangeException(change,
						"the way back is closed, because \"" + change.column() + "\" stands in the primary key now.",
						"Stay at CONTRACT.");
			}
			steps.add(dropNotNull(change));
		}
		steps.add(mark(change, ColumnCheck.comment(jdbc, change.table(), change.column())));
		steps.addAll(servingSteps(jdbc, change, column(jdbc, change).defaultExpression()));
		return steps;
	}

	/*
	 * The steps of reopenSteps, before the column is NOT NULL or there at all. A default
	 * stays where it is.
	 */
	private List<Step> foreseenReturn(JdbcOperations jdbc, AddColumn change) {
		List<Step> steps = new ArrayList<>();
		if (!change.filledAtOnce()) {
			steps.add(dropNotNull(change));
		}
		steps.add(mark(change, AddedMark.own(ColumnCheck.comment(jdbc, change.table(), change.column()), change)));
		if (change.columnDefault() == null && this.sync.hasTrigger()) {
			steps.addAll(new SyncTrigger(change).create(ColumnSteps.searchPath(jdbc, change)));
		}
		return steps;
	}

	private static Column column(JdbcOperations jdbc, AddColumn change) {
		return ColumnSteps.column(jdbc, change, change.column());
	}

	private static Step dropNotNull(AddColumn change) {
		return alter("let the column be null while others do not name it", change,
				alterColumn(change) + "DROP NOT NULL");
	}

	private static String alterColumn(AddColumn change) {
		return "ALTER COLUMN " + Identifiers.quote(change.column()) + " ";
	}

	private static Step alter(String purpose, AddColumn change, String action) {
		return Step.inTransaction(purpose, LockLevel.ACCESS_EXCLUSIVE,
				"ALTER TABLE " + change.table().quoted() + " " + action);
	}

}
