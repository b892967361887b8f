package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.ShortName;

/**
 * The trigger that keeps two columns in step, whoever writes.
 * <ol>
 * <li>On INSERT, a value in new derives old; else old derives new. New has no default, so
 * a value in it was given by the statement and wins over old's default.</li>
 * <li>On UPDATE, the one side that changed derives the other. If both or neither did,
 * nothing is touched.</li>
 * <li>It is silent while {@code expand_contract.sync} is {@code off}, which the backfill
 * sets for its own transaction.</li>
 * </ol>
 * There is one trigger for each of the two events, without a column list, because a
 * column list looks at the statement's SET clause and misses what another BEFORE trigger
 * changed. Triggers fire in the order of their names, so ours begin with {@code zzz}.
 */
final class SyncTrigger {

	private static final String DOLLAR = "$expand_contract$";

	private final ColumnChange change;

	SyncTrigger(ColumnChange change) {
		this.change = change;
	}

	String insertTrigger() {
		return ShortName.of("zzz_expand_contract_ins_", this.change.newColumn(), identity());
	}

	String updateTrigger() {
		return ShortName.of("zzz_expand_contract_upd_", this.change.newColumn(), identity());
	}

	String function() {
		return OwnSchema.NAME + "." + Identifiers.quote(functionName());
	}

	private String functionName() {
		return ShortName.of("sync_", this.change.table().name() + "_" + this.change.newColumn(), identity());
	}

	private String identity() {
		return this.change.table().quoted() + Identifiers.quote(this.change.oldColumn())
				+ Identifiers.quote(this.change.newColumn());
	}

	boolean exists(JdbcOperations jdbc) {
		Integer count = jdbc.queryForObject("""
				SELECT count(*) FROM pg_catalog.pg_trigger
				WHERE tgrelid = pg_catalog.to_regclass(?) AND tgname IN (?, ?) AND tgenabled IN ('O', 'A')
				""", Integer.class, this.change.table().quoted(), insertTrigger(), updateTrigger());
		return count != null && count == 2;
	}

	/**
	 * Says of each trigger that does not fire what lets it.
	 */
	List<String> missing(JdbcOperations jdbc) {
		String table = this.change.table().quoted();
		Map<String, Boolean> fires = new HashMap<>();
		jdbc.query("""
				SELECT tgname, tgenabled IN ('O', 'A') FROM pg_catalog.pg_trigger
				WHERE tgrelid = pg_catalog.to_regclass(?) AND tgname IN (?, ?)
				""", (row) -> {
			fires.put(row.getString(1), row.getBoolean(2));
		}, table, insertTrigger(), updateTrigger());
		return Stream.of(insertTrigger(), updateTrigger())
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
			.anyMatch((body) -> !body.contains(assignNew()) || !body.contains(assignOld()));
	}

	List<Step> create(List<String> searchPath) {
		String table = this.change.table().quoted();
		List<Step> steps = new ArrayList<>(drop());
		steps.add(Step.inTransaction("create the function that keeps both columns in step", LockLevel.NONE,
				createFunction(searchPath)));
		steps.add(Step.inTransaction("keep both columns in step on INSERT", LockLevel.ACCESS_EXCLUSIVE,
				"CREATE TRIGGER " + Identifiers.quote(insertTrigger()) + " BEFORE INSERT ON " + table
						+ " FOR EACH ROW EXECUTE FUNCTION " + function() + "()"));
		steps.add(Step.inTransaction("keep both columns in step on UPDATE", LockLevel.ACCESS_EXCLUSIVE,
				"CREATE TRIGGER " + Identifiers.quote(updateTrigger()) + " BEFORE UPDATE ON " + table
						+ " FOR EACH ROW WHEN (" + changed(this.change.oldColumn()) + " OR "
						+ changed(this.change.newColumn()) + ") EXECUTE FUNCTION " + function() + "()"));
		return steps;
	}

	List<Step> drop() {
		String table = this.change.table().quoted();
		return List.of(
				Step.inTransaction("drop the trigger on INSERT", LockLevel.ACCESS_EXCLUSIVE,
						"DROP TRIGGER IF EXISTS " + Identifiers.quote(insertTrigger()) + " ON " + table),
				Step.inTransaction("drop the trigger on UPDATE", LockLevel.ACCESS_EXCLUSIVE,
						"DROP TRIGGER IF EXISTS " + Identifiers.quote(updateTrigger()) + " ON " + table),
				Step.inTransaction("drop the function", LockLevel.NONE,
						"DROP FUNCTION IF EXISTS " + function() + "()"));
	}

	private String createFunction(List<String> searchPath) {
		String oldColumn = Identifiers.quote(this.change.oldColumn());
		String newColumn = Identifiers.quote(this.change.newColumn());
		String path = String.join(", ", searchPath.stream().map(Identifiers::quote).toList());
		return "CREATE FUNCTION " + function() + "() RETURNS trigger LANGUAGE plpgsql SET search_path = " + path
				+ " AS " + DOLLAR + """

						BEGIN
						  IF pg_catalog.current_setting('expand_contract.sync', true) = 'off' THEN
						    RETURN NEW;
						  END IF;
						  IF TG_OP = 'INSERT' THEN
						    IF NEW.%1$s IS NOT DISTINCT FROM NULL THEN
						      %3$s
						    ELSE
						      %4$s
						    END IF;
						  ELSIF %5$s THEN
						    IF NOT (%6$s) THEN
						      %3$s
						    END IF;
						  ELSIF %6$s THEN
						    %4$s
						  END IF;
						  RETURN NEW;
						END
						""".formatted(newColumn, oldColumn, assignNew(), assignOld(), changed(this.change.oldColumn()),
						changed(this.change.newColumn()))
				+ DOLLAR;
	}

	private String assignNew() {
		return "NEW." + Identifiers.quote(this.change.newColumn()) + " := "
				+ this.change.up("NEW." + Identifiers.quote(this.change.oldColumn())) + ";";
	}

	private String assignOld() {
		return "NEW." + Identifiers.quote(this.change.oldColumn()) + " := "
				+ this.change.down("NEW." + Identifiers.quote(this.change.newColumn())) + ";";
	}

	/*
	 * By image and not by equality: a new letter case in citext is a change too, and json
	 * has no equality. The casts keep the parser from comparing field by field.
	 */
	private static String changed(String column) {
		String name = Identifiers.quote(column);
		return "ROW(OLD." + name + ")::record OPERATOR(pg_catalog.*<>) ROW(NEW." + name + ")::record";
	}

}
