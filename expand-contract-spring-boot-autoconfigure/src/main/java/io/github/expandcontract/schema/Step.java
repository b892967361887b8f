package io.github.expandcontract.schema;

/**
 * One statement of ours, as it runs.
 *
 * @param purpose what it is for
 * @param sql the exact text
 * @param lock the strongest lock that it takes on the changing table
 * @param transactional whether it runs in one transaction with the transactional steps
 * beside it; else on its own
 * @param after what has to be so before it runs, beyond the steps before it; empty if
 * nothing
 */
public record Step(String purpose, String sql, LockLevel lock, boolean transactional, String after) {

	/**
	 * One that shares a transaction with the steps beside it.
	 * @param purpose what it is for
	 * @param lock the strongest lock that it takes
	 * @param sql the exact text
	 * @return the step
	 */
	public static Step inTransaction(String purpose, LockLevel lock, String sql) {
		return new Step(purpose, sql, lock, true, "");
	}

	/**
	 * One that runs on its own.
	 * @param purpose what it is for
	 * @param lock the strongest lock that it takes
	 * @param sql the exact text
	 * @return the step
	 */
	public static Step alone(String purpose, LockLevel lock, String sql) {
		return new Step(purpose, sql, lock, false, "");
	}

	/**
	 * The same, on its own.
	 * @return a step that shares no transaction
	 */
	public Step alone() {
		return new Step(this.purpose, this.sql, this.lock, false, this.after);
	}

	/**
	 * The same, once something is so.
	 * @param condition what has to be so, such as {@code after every row is filled}
	 * @return a step that says so
	 */
	public Step once(String condition) {
		return new Step(this.purpose, this.sql, this.lock, this.transactional, condition);
	}

}
