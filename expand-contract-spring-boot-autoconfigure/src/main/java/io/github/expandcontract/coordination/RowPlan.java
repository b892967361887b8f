package io.github.expandcontract.coordination;

import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.RowStatement;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.schema.LockLevel;
import io.github.expandcontract.schema.Step;

/**
 * Puts the statements that go over the rows of a change between those on the schema, in
 * the order in which they run.
 */
final class RowPlan {

	private static final String STAYS = "where the change is to stay in backfill";

	private final Backfill backfill;

	private final RowChange change;

	RowPlan(Backfill backfill, RowChange change) {
		this.backfill = backfill;
		this.change = change;
	}

	/**
	 * The expressions are tried before anything is made.
	 * @param schema what runs on the schema
	 */
	List<Step> examined(List<Step> schema) {
		List<Step> steps = new ArrayList<>(steps(this.backfill.examining(this.change)));
		steps.addAll(schema);
		return steps;
	}

	/**
	 * The new columns are filled in the phase that has been entered, and then verified.
	 * @param schema what runs on the schema
	 */
	List<Step> filled(List<Step> schema) {
		List<Step> steps = around(schema, this.backfill.filling(this.change));
		steps.addAll(verification());
		return steps;
	}

	/**
	 * The same if the change stays in the phase that has been entered, on the way back.
	 * @param schema what runs on the schema
	 */
	List<Step> filledWhereItStays(List<Step> schema) {
		int entered = entered(schema);
		List<Step> filled = filled(schema);
		List<Step> steps = new ArrayList<>(filled.subList(0, entered));
		filled.subList(entered, filled.size()).forEach((step) -> steps.add(whereItStays(step)));
		return steps;
	}

	/**
	 * The old columns are filled again in the phase that has been entered.
	 * @param schema what runs on the schema
	 */
	List<Step> refilled(List<Step> schema) {
		return around(schema, this.backfill.reversing(this.change));
	}

	/**
	 * Every row is verified before the phase is entered.
	 * @param schema what runs on the schema
	 */
	List<Step> verified(List<Step> schema) {
		List<Step> steps = new ArrayList<>(verification());
		steps.addAll(schema);
		return steps;
	}

	/**
	 * Every row is verified once more if the change stays in the phase that has been
	 * entered, because that is what the next move forwards would ask for.
	 * @param schema what runs on the schema
	 */
	List<Step> verifiedWhereItStays(List<Step> schema) {
		List<Step> steps = new ArrayList<>(schema);
		verification().forEach((step) -> steps.add(whereItStays(step)));
		return steps;
	}

	/**
	 * The same where CONTRACT has been left, so that nothing is known of the rows any
	 * more.
	 * @param schema what runs on the schema
	 */
	List<Step> filledAgainWhereItStays(List<Step> schema) {
		List<Step> steps = new ArrayList<>(schema);
		this.backfill.filling(this.change)
			.forEach((statement) -> steps
				.add(step(statement).once(STAYS + " and comes from contract, " + statement.repeated())));
		return verifiedWhereItStays(steps);
	}

	private List<Step> verification() {
		return steps(this.backfill.verifying(this.change));
	}

	private static List<Step> steps(List<RowStatement> statements) {
		return statements.stream().map(RowPlan::step).toList();
	}

	/*
	 * What runs in one transaction at the beginning is what enters the phase; the rest
	 * waits for the rows.
	 */
	private static int entered(List<Step> schema) {
		int entered = 0;
		while (entered < schema.size() && schema.get(entered).transactional()
				&& schema.stream().anyMatch((step) -> !step.transactional())) {
			entered++;
		}
		return entered;
	}

	private static List<Step> around(List<Step> schema, List<RowStatement> rows) {
		int entered = entered(schema);
		List<Step> steps = new ArrayList<>(schema.subList(0, entered));
		rows.forEach((statement) -> steps.add(step(statement)));
		List<Step> rest = schema.subList(entered, schema.size());
		for (int i = 0; i < rest.size(); i++) {
			Step step = rest.get(i);
			steps.add((i == 0 && step.after().isEmpty() && !step.transactional())
					? step.once("after every row is filled") : step);
		}
		return steps;
	}

	private static Step whereItStays(Step step) {
		return step.once(STAYS + (step.after().isEmpty() ? "" : ", " + step.after()));
	}

	private static Step step(RowStatement statement) {
		LockLevel lock = statement.sql().startsWith("VACUUM") ? LockLevel.SHARE_UPDATE_EXCLUSIVE : LockLevel.NONE;
		return Step.alone(statement.purpose(), lock, statement.sql()).once(statement.repeated());
	}

}
