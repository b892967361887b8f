package io.github.expandcontract.schema;

/**
 * One statement of ours, as it runs.
 *
 * @param purpose what it is for
 * @param sql the exact text
 * @param lock the strongest lock that it takes on the changing table
 * @param transactional whether it runs in one transaction with the transactional steps
 * beside it; else on its own, outside a transaction
 */
public record Step(String purpose, String sql, LockLevel lock, boolean transactional) {

	static Step inTransaction(String purpose, LockLevel lock, String sql) {
		return new Step(purpose, sql, lock, true);
	}

	static Step alone(String purpose, LockLevel lock, String sql) {
		return new Step(purpose, sql, lock, false);
	}

}
