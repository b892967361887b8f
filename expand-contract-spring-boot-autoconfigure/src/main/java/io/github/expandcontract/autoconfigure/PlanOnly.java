package io.github.expandcontract.autoconfigure;

import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.expandcontract.change.Change;
import io.github.expandcontract.coordination.Planner;

/**
 * Plans all changes and ends the application, before anything uses the tables: what comes
 * next is written against the final schema and would run by no rules.
 */
class PlanOnly {

	private static final Log logger = LogFactory.getLog(PlanOnly.class);

	private final Planner planner;

	private final Runnable exit;

	/**
	 * Creates a run.
	 * @param planner what plans
	 * @param exit ends the application in order
	 */
	PlanOnly(Planner planner, Runnable exit) {
		this.planner = planner;
		this.exit = exit;
	}

	void run(List<Change> changes) {
		int planned = this.planner.preview(changes).size();
		logger.info(planned + " changes are planned and nothing was touched. The application ends, because "
				+ "'expand-contract.plan-only' is true.");
		this.exit.run();
	}

}
