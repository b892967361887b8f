package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.ShortName;

/**
 * The trigger that keeps the two sides of a change in step, whoever writes.
 * <ol>
 * <li>On INSERT, a value in any new column derives the old ones; else the old ones derive
 * the new. New has no default, so a value in it was given by the statement and wins over
 * old's default.</li>
 * <li>On UPDATE, the one side that was written derives the other. If both or neither
 * were, nothing is touched.</li>
 * <li>Where a side of several columns was not filled yet, all of it being NULL, and a
 * statement writes some of them, the rest is what the other side gave before: else what
 * the one side derives would be without it. A column that the statement itself sets to
 * NULL stays NULL. Which those are, a trigger for each column tells by its column
 * list.</li>
 * <li>Where nothing is replaced, it fills what an INSERT leaves NULL, and does nothing on
 * UPDATE.</li>
 * <li>It is silent while {@code expand_contract.sync} is {@code off}, which the backfill
 * sets for its own transaction.</li>
 * </ol>
 * There is one trigger for each of the two events, without a column list, because a
 * column list looks at the statement's SET clause and misses what another BEFORE trigger
 * changed. Triggers fire in the order of their names, so ours begin with {@code zzz}.
 */
final class SyncTrigger {

	private static final String DOLLAR = "$expand_contract$";

	private final RowChange change;

	private final SyncFunction text;

	SyncTrigger(RowChange change) {
		this.change = change;
		this.text = new SyncFunction(change);
	}

	String insertTrigger() {
		return ShortName.of("zzz_expand_contract_ins_", readable(), identity());
	}

	String updateTrigger() {
		return ShortName.of("zzz_expand_contract_upd_", readable(), identity());
	}

	/**
	 * The names of all triggers of the change.
	 */
	List<String> names() {
		List<String> names = new ArrayList<>();
		names.add(insertTrigger());
		if (replaces()) {
			names.add(updateTrigger());
		}
		names.addAll(nullTriggers().stream().map(NullTrigger::name).toList());
		return names;
	}

	String function() {
		return OwnSchema.NAME + "." + Identifiers.quote(functionName());
	}

	private String functionName() {
		return ShortName.of("sync_", this.change.table().name() + "_" + readable(), identity());
	}

	private String readable() {
		return this.change.newColumns().get(0);
	}

	private String identity() {
		return this.change.table().quoted()
				+ this.change.changingColumns().stream().map(Identifiers::quote).collect(Collectors.joining());
	}

	private boolean replaces() {
		return !this.change.oldColumns().isEmpty();
	}

	boolean exists(JdbcOperations jdbc) {
		List<String> names = names();
		Integer count = jdbc.queryForObject("""
				SELECT count(*) FROM pg_catalog.pg_trigger
				WHERE tgrelid = pg_catalog.to_regclass(?) AND tgname = ANY (?::name[]) AND tgenabled IN ('O', 'A')
				""", Integer.class, this.change.table().quoted(), names.toArray(String[]::new));
		return count != null && count == names.size();
	}

	/**
	 * Says of each trigger that does not fire what lets it.
	 */
	List<String> missing(JdbcOperations jdbc) {
		String table = this.change.table().quoted();
		Map<String, Boolean> fires = new HashMap<>();
		jdbc.query("""
				SELECT tgname, tgenabled IN ('O', 'A') FROM pg_catalog.pg_trigger
				WHERE tgrelid = pg_catalog.to_regclass(?) AND tgname = ANY (?::name[])
				""", (row) -> {
			fires.put(row.getString(1), row.getBoolean(2));
		}, table, names().toArray(String[]::new));
		return names().stream()
			.filter((trigger) -> !Boolean.TRUE.equals(fires.get(trigger)))
			.map((trigger) -> fires.containsKey(trigger)
					? "The trigger '" + trigger + "' is disabled. Run ALTER TABLE " + table + " ENABLE TRIGGER "
							+ Identifiers.quote(trigger) + "."
					: "The trigger '" + trigger + "' on " + this.change.table()
							+ " is gone. Restart one instance, which creates it again.")
			.toList();
	}

	/**
	 * Whether the function is there and converts by other expressions than the change.
	 */
	boolean convertsOtherwise(JdbcOperations jdbc) {
		return jdbc
			.queryForList("SELECT prosrc FROM pg_catalog.pg_proc WHERE oid = pg_catalog.to_regprocedure(?)",
					String.class, function() + "()")
			.stream()
			.anyMatch((body) -> !this.text.assignments().stream().allMatch(body::contains));
	}

	List<Step> create(List<String> searchPath) {
		List<Step> steps = new ArrayList<>(drop());
		steps.add(Step.inTransaction(
				"create the function that " + (replaces() ? "keeps both columns in step" : "fills the new column"),
				LockLevel.NONE, createFunction(searchPath)));
		steps.add(createTrigger(replaces() ? "keep both columns in step on INSERT" : "fill the new column on INSERT",
				insertTrigger(), "INSERT", "", ""));
		for (NullTrigger each : nullTriggers()) {
			steps.add(createTrigger("tell an UPDATE to NULL from one that does not name the column", each.name(),
					"UPDATE OF " + Identifiers.quote(each.column()), " WHEN (" + SyncFunction.empty("OLD", each.side())
							+ " AND " + SyncFunction.empty("NEW", List.of(each.column())) + ")",
					"'" + each.mark() + "'"));
		}
		if (replaces()) {
			steps.add(createTrigger("keep both columns in step on UPDATE", updateTrigger(), "UPDATE",
					" WHEN (" + written() + ")", ""));
		}
		return steps;
	}

	private Step createTrigger(String purpose, String name, String event, String condition, String argument) {
		return Step.inTransaction(purpose, LockLevel.SHARE_ROW_EXCLUSIVE,
				"CREATE TRIGGER " + Identifiers.quote(name) + " BEFORE " + event + " ON " + this.change.table().quoted()
						+ " FOR EACH ROW" + condition + " EXECUTE FUNCTION " + function() + "(" + argument + ")");
	}

	/**
	 * When the trigger on UPDATE has something to do. A row of a side of several columns
	 * that was not filled may have been written without being changed.
	 */
	private String written() {
		StringBuilder condition = new StringBuilder(SyncFunction.changed(this.change.oldColumns()) + " OR "
				+ SyncFunction.changed(this.change.newColumns()));
		for (List<String> side : List.of(this.change.oldColumns(), this.change.newColumns())) {
			if (side.size() > 1) {
				condition.append(" OR ").append(SyncFunction.empty("OLD", side));
			}
		}
		return condition.toString();
	}

	List<Step> drop() {
		List<Step> steps = new ArrayList<>();
		steps.add(dropTrigger("drop the trigger on INSERT", insertTrigger()));
		nullTriggers().forEach((each) -> steps.add(dropTrigger("drop the trigger on an UPDATE to NULL", each.name())));
		if (replaces()) {
			steps.add(dropTrigger("drop the trigger on UPDATE", updateTrigger()));
		}
		steps.add(Step.inTransaction("drop the function", LockLevel.NONE,
				"DROP FUNCTION IF EXISTS " + function() + "()"));
		return steps;
	}

	private Step dropTrigger(String purpose, String name) {
		return Step.inTransaction(purpose, LockLevel.ACCESS_EXCLUSIVE,
				"DROP TRIGGER IF EXISTS " + Identifiers.quote(name) + " ON " + this.change.table().quoted());
	}

	private String createFunction(List<String> searchPath) {
		String path = String.join(", ", searchPath.stream().map(Identifiers::quote).toList());
		return "CREATE FUNCTION " + function() + "() RETURNS trigger LANGUAGE plpgsql SET search_path = " + path
				+ " AS " + DOLLAR + this.text.body() + DOLLAR;
	}

	private List<NullTrigger> nullTriggers() {
		List<NullTrigger> triggers = new ArrayList<>(nullTriggers(this.change.oldColumns(), SyncFunction::oldMark));
		triggers.addAll(nullTriggers(this.change.newColumns(), SyncFunction::newMark));
		return triggers;
	}

	private List<NullTrigger> nullTriggers(List<String> side, IntFunction<String> mark) {
		List<NullTrigger> triggers = new ArrayList<>();
		for (int i = 0; side.size() > 1 && i < side.size(); i++) {
			// Before the one on UPDATE, by its name
			triggers.add(new NullTrigger(ShortName.of("zzz_expand_contract_nul_", side.get(i), identity(), side.get(i)),
					side.get(i), side, mark.apply(i)));
		}
		return triggers;
	}

	/**
	 * A trigger that tells that a statement sets a column to NULL in a row in which
	 * nothing of its side is filled.
	 *
	 * @param name its name
	 * @param column the column
	 * @param side the columns of its side
	 * @param mark what stands for the column in the function
	 */
	private record NullTrigger(String name, String column, List<String> side, String mark) {

	}

}
