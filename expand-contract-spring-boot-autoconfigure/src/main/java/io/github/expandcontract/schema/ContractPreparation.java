package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.SqlStates;

/**
 * What is done before the transaction of CONTRACT, each step on its own and keeping
 * nobody waiting, so that the transaction touches little more than the catalog. A row
 * that stands against one of them is named, and what it stands against is taken back.
 */
final class ContractPreparation {

	private final Ddl ddl;

	private final Carrier carrier;

	ContractPreparation(Ddl ddl, Carrier carrier) {
		this.ddl = ddl;
		this.carrier = carrier;
	}

	List<Step> steps(JdbcOperations jdbc, ColumnChange change, Ending ending) {
		List<Step> steps = new ArrayList<>(ending.prepareSteps(jdbc, change));
		if (ending.copyStays() && ColumnSteps.inspect(jdbc, change) == Situation.BOTH) {
			steps.addAll(this.carrier.prepareSteps(jdbc, change));
		}
		return steps;
	}

	/**
	 * The same, also from a table that is not expanded yet.
	 */
	List<Step> foreseen(JdbcOperations jdbc, ColumnChange change, Ending ending, Situation situation) {
		List<Step> steps = new ArrayList<>((situation == Situation.BOTH) ? ending.prepareSteps(jdbc, change)
				: ending.foreseenPreparation(jdbc, change));
		if (ending.copyStays()) {
			steps.addAll(this.carrier.prepareSteps(jdbc, change));
		}
		return steps;
	}

	/**
	 * Runs each step that is missing.
	 * @param runner runs a step that may stand in a transaction
	 */
	void run(ColumnChange change, Ending ending, Consumer<Step> runner) {
		try {
			for (Step step : steps(this.ddl.jdbc(), change, ending)) {
				if (step.transactional()) {
					runner.accept(step);
				}
				else {
					this.ddl.concurrently(step.purpose(), step.sql());
				}
			}
		}
		catch (DataAccessException ex) {
			if (SqlStates.is(ex, SqlStates.CHECK_VIOLATION, SqlStates.FOREIGN_KEY_VIOLATION)) {
				this.carrier.violated(change, ex);
			}
			if (SqlStates.is(ex, SqlStates.CHECK_VIOLATION)
					&& NotNull.isChecked(this.ddl.jdbc(), change, change.newColumn())) {
				throw holdsNull(change, ex);
			}
			throw ex;
		}
	}

	private UnsupportedChangeException holdsNull(ColumnChange change, DataAccessException failure) {
		// Else it would go on refusing rows that were welcome before
		Step drop = NotNull.dropCheck(change, change.newColumn());
		this.ddl.inTransaction(drop.purpose(), (jdbc) -> {
			jdbc.execute(drop.sql());
			return drop;
		});
		return new UnsupportedChangeException(change,
				"\"" + change.newColumn() + "\" is to be NOT NULL as \"" + change.oldColumn()
						+ "\" is, but holds NULL in some row.",
				"Mend those rows, or let \"" + change.oldColumn() + "\" be NULL.", failure);
	}

}
