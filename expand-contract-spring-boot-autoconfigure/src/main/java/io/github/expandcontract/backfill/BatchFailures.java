package io.github.expandcontract.backfill;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.SqlStates;

/**
 * What a failure says about the batch that failed.
 */
final class BatchFailures {

	private BatchFailures() {
	}

	/**
	 * The server's words, which name the value and the constraint.
	 */
	static String message(Throwable failure) {
		SQLException sql = sqlException(failure);
		String message = (sql != null) ? sql.getMessage() : failure.getMessage();
		return (message != null) ? message : failure.getClass().getName();
	}

	/**
	 * Whether rows of the batch can be the reason, so that a smaller range says more:
	 * data exceptions, violated constraints, limits, exceptions raised by functions and
	 * triggers, and a statement that took too long.
	 */
	static boolean blamesRows(String state) {
		return state.equals(SqlStates.QUERY_CANCELED) || state.startsWith("22") || state.startsWith("23")
				|| state.startsWith("54") || state.startsWith("P0") || state.startsWith("38") || state.startsWith("39")
				|| state.startsWith("44");
	}

	private static @Nullable SQLException sqlException(Throwable failure) {
		SQLException found = null;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql) {
				found = sql;
			}
		}
		return found;
	}

}
