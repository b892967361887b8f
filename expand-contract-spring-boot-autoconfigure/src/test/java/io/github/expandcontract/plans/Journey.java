package io.github.expandcontract.plans;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.expandcontract.Phase;
import io.github.expandcontract.coordination.ChangePlan;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.coordination.PlannedMove;
import io.github.expandcontract.plans.ServerLog.Logged;
import io.github.expandcontract.schema.Step;
import io.github.expandcontract.testing.ChangeWalk;
import org.assertj.core.api.SoftAssertions;

import org.springframework.context.ApplicationContext;

/**
 * One change on its way through all phases and back, and what its plan says of each move.
 */
final class Journey {

	private static final Pattern SCHEMA = Pattern.compile(
			"(?s)(CREATE|ALTER|DROP|COMMENT|GRANT|LOCK TABLE|ANALYZE|(INSERT INTO|DELETE FROM) expand_contract\\.).*");

	// What is tried out and rolled back, and what is ours before any change begins
	private static final Pattern OTHER = Pattern.compile("(?s).*pg_temp.*|CREATE SCHEMA IF NOT EXISTS.*"
			+ "|CREATE INDEX IF NOT EXISTS backfill_.*"
			+ "|(CREATE TABLE IF NOT EXISTS|INSERT INTO|UPDATE|DELETE FROM) expand_contract\\.(?!former_|made_not_null|table_aside).*"
			+ "|CREATE TABLE IF NOT EXISTS expand_contract\\.table_aside.*");

	private static final Pattern READS = Pattern.compile("(?s)SELECT.*");

	private static final Pattern LOCKS_ROWS = Pattern.compile("(?s).*\\bFOR (UPDATE|NO KEY UPDATE|SHARE)\\b.*");

	private static final Pattern SHARED = Pattern.compile("(?s)CREATE TABLE IF NOT EXISTS expand_contract\\..*");

	private final Pattern table;

	private final ChangePlan plan;

	private final ChangeWalk walk;

	private final List<Phase> way;

	private int reached;

	/**
	 * Begins one.
	 * @param table the table, by whose name its statements are known
	 * @param plan what was planned before anything had begun
	 */
	Journey(String table, ChangePlan plan) {
		this.table = Pattern.compile("(?s).*(?<![a-z])" + table + "(?![a-z]).*");
		this.plan = plan;
		this.walk = new ChangeWalk(plan.id());
		this.way = way(plan);
	}

	private static List<Phase> way(ChangePlan plan) {
		List<Phase> way = new ArrayList<>(List.of(Phase.EXPAND, Phase.EXPAND));
		if (back(plan).needs().toString().contains("There is no way back")) {
			to(Phase.STOP_DUAL_WRITE, way);
			to(Phase.EXPAND, way);
		}
		to(Phase.CONTRACT, way);
		if (goesBack(plan)) {
			way.add(back(plan).to());
			to(Phase.EXPAND, way);
		}
		return way;
	}

	/**
	 * Whether the change can leave CONTRACT again.
	 */
	static boolean goesBack(ChangePlan plan) {
		PlannedMove back = back(plan);
		String needs = back.needs().toString();
		return !back.steps().isEmpty()
				|| !(needs.contains("no way back") || needs.contains("way back from CONTRACT is closed"));
	}

	private static PlannedMove back(ChangePlan plan) {
		return plan.moves().stream().filter((move) -> move.from() == Phase.CONTRACT).findFirst().orElseThrow();
	}

	private static void to(Phase goal, List<Phase> way) {
		for (Phase last = way.get(way.size() - 1); last != goal; last = way.get(way.size() - 1)) {
			way.add(last.toward(goal).orElseThrow());
		}
	}

	/**
	 * The statements of all moves, in the order of the way.
	 */
	List<Step> all() {
		List<Step> all = new ArrayList<>();
		for (this.reached = 0; goesOn(); this.reached++) {
			all.addAll(steps());
		}
		return all;
	}

	boolean goesOn() {
		return this.reached + 1 < this.way.size();
	}

	void set(ApplicationContext context) {
		context.getBean(Operations.class).override(this.plan.id(), to(), "test");
	}

	void arrive(ApplicationContext context) {
		ChangeWalk.await(() -> this.walk.phase(context) == to(), () -> to() + ": " + this.walk.status(context));
	}

	void next() {
		this.reached++;
	}

	private Phase from() {
		return this.way.get(this.reached);
	}

	private Phase to() {
		return this.way.get(this.reached + 1);
	}

	private List<Step> steps() {
		return !goesOn() ? List.of()
				: this.plan.moves()
					.stream()
					.filter((move) -> move.from() == from() && move.to() == to())
					.flatMap((move) -> move.steps().stream())
					.toList();
	}

	/**
	 * What runs whatever the server finds.
	 */
	List<String> certain() {
		return steps().stream()
			.map(Journey::sql)
			.filter((sql) -> !sql.startsWith("VACUUM") && !isSharedTable(sql))
			.toList();
	}

	Set<String> sharedTables() {
		Set<String> tables = new LinkedHashSet<>();
		steps().stream().map(Step::sql).filter(Journey::isSharedTable).forEach(tables::add);
		return tables;
	}

	/**
	 * Whether a statement creates a table of ours where no change has done so before.
	 */
	static boolean isSharedTable(String sql) {
		return SHARED.matcher(sql).matches();
	}

	/**
	 * Compares what was planned for the move with what was executed: the statements on
	 * the schema one by one, in their order and by their transactions, and those on the
	 * rows, which come again and again, by their texts.
	 */
	void compare(List<Logged> executed, SoftAssertions differences) {
		String move = this.plan.id() + (goesOn() ? ": " + from() + " -> " + to() : " at rest");
		List<Logged> own = executed.stream()
			.filter(Journey::changes)
			.filter((statement) -> this.table.matcher(statement.sql()).matches())
			.filter((statement) -> !isSharedTable(statement.sql()))
			.toList();
		differences.assertThat(transactions(own)).as(move).isEqualTo(plannedTransactions());
		List<String> unplanned = new ArrayList<>(
				own.stream().map(Logged::sql).filter((sql) -> !isSchema(sql)).toList());
		unplanned.removeAll(steps().stream().map(Journey::sql).toList());
		differences.assertThat(unplanned).as(move + ": what changes rows is planned").isEmpty();
		List<String> missing = new ArrayList<>(certain().stream().filter((sql) -> !isSchema(sql)).toList());
		missing.removeAll(executed.stream().map(Logged::sql).toList());
		differences.assertThat(missing).as(move + ": what is planned for rows runs").isEmpty();
	}

	/**
	 * Whether it is a statement of ours that changes or locks something that is not ours
	 * alone, and is not tried out only.
	 */
	static boolean changes(Logged statement) {
		String sql = statement.sql();
		return statement.ours() && !OTHER.matcher(sql).matches()
				&& (!READS.matcher(sql).matches() || LOCKS_ROWS.matcher(sql).matches());
	}

	private static boolean isSchema(String sql) {
		return SCHEMA.matcher(sql).matches();
	}

	private static List<List<String>> transactions(List<Logged> statements) {
		List<List<String>> transactions = new ArrayList<>();
		int last = -1;
		for (Logged statement : statements) {
			if (isSchema(statement.sql())) {
				if (statement.transaction() != last) {
					transactions.add(new ArrayList<>());
				}
				transactions.get(transactions.size() - 1).add(statement.sql());
				last = statement.transaction();
			}
		}
		return transactions;
	}

	private List<List<String>> plannedTransactions() {
		List<List<String>> transactions = new ArrayList<>();
		boolean open = false;
		for (Step step : steps()) {
			if (isSchema(sql(step)) && !isSharedTable(step.sql())) {
				if (!open || !step.transactional()) {
					transactions.add(new ArrayList<>());
				}
				transactions.get(transactions.size() - 1).add(sql(step));
				open = step.transactional();
			}
			else if (!isSharedTable(step.sql())) {
				open = false;
			}
		}
		return transactions;
	}

	private static String sql(Step step) {
		Matcher parameters = Pattern.compile("\\?").matcher(step.sql().stripTrailing());
		int[] number = { 0 };
		return parameters.replaceAll((parameter) -> "\\$" + ++number[0]);
	}

}
