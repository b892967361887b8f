package io.github.expandcontract.schema;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import io.github.expandcontract.postgres.TableName;

/**
 * One statement of ours, as it runs.
 *
 * @param purpose what it is for
 * @param sql the exact text
 * @param lock the strongest lock that it takes on the changing table; of a statement that
 * says IF EXISTS, where it is there
 * @param others the strongest lock that it takes on each other table of the user's, by
 * the table's name; those that keep out neither readers nor writers are left out
 * @param transactional whether it runs in one transaction with the transactional steps
 * beside it; else on its own
 * @param after what has to be so before it runs, beyond the steps before it; empty if
 * nothing
 */
public record Step(String purpose, String sql, LockLevel lock, Map<String, LockLevel> others, boolean transactional,
		String after) {

	public Step {
		others = Collections.unmodifiableMap(new TreeMap<>(others));
	}

	/**
	 * One that shares a transaction with the steps beside it.
	 * @param purpose what it is for
	 * @param lock the strongest lock that it takes
	 * @param sql the exact text
	 * @return the step
	 */
	public static Step inTransaction(String purpose, LockLevel lock, String sql) {
		return new Step(purpose, sql, lock, Map.of(), true, "");
	}

	/**
	 * One that runs on its own.
	 * @param purpose what it is for
	 * @param lock the strongest lock that it takes
	 * @param sql the exact text
	 * @return the step
	 */
	public static Step alone(String purpose, LockLevel lock, String sql) {
		return new Step(purpose, sql, lock, Map.of(), false, "");
	}

	/**
	 * The same, on its own.
	 * @return a step that shares no transaction
	 */
	public Step alone() {
		return new Step(this.purpose, this.sql, this.lock, this.others, false, this.after);
	}

	/**
	 * The same, which locks other tables too.
	 * @param level the strongest lock that it takes on them
	 * @param tables the other tables
	 * @return a step that says so
	 */
	Step locking(LockLevel level, Collection<TableName> tables) {
		Map<String, LockLevel> all = new TreeMap<>(this.others);
		tables.forEach((table) -> all.put(table.toString(), level));
		return new Step(this.purpose, this.sql, this.lock, all, this.transactional, this.after);
	}

	/**
	 * The same, once something is so.
	 * @param condition what has to be so, such as {@code after every row is filled}
	 * @return a step that says so
	 */
	public Step once(String condition) {
		return new Step(this.purpose, this.sql, this.lock, this.others, this.transactional, condition);
	}

}
