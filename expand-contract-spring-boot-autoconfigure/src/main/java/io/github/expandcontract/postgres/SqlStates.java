package io.github.expandcontract.postgres;

import java.sql.SQLException;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's error codes (manual, appendix A), as far as a decision hangs on them, and
 * how to find one in an exception.
 */
public final class SqlStates {

	/**
	 * A lock did not come within {@code lock_timeout}.
	 */
	public static final String LOCK_NOT_AVAILABLE = "55P03";

	/**
	 * A deadlock was found and this transaction was chosen to end.
	 */
	public static final String DEADLOCK_DETECTED = "40P01";

	/**
	 * A transaction could not be put in an order with others.
	 */
	public static final String SERIALIZATION_FAILURE = "40001";

	/**
	 * A statement timeout or a request to cancel.
	 */
	public static final String QUERY_CANCELED = "57014";

	/**
	 * A table does not exist.
	 */
	public static final String UNDEFINED_TABLE = "42P01";

	/**
	 * A column does not exist.
	 */
	public static final String UNDEFINED_COLUMN = "42703";

	/**
	 * A function or operator does not exist.
	 */
	public static final String UNDEFINED_FUNCTION = "42883";

	/**
	 * A table or index of that name exists already.
	 */
	public static final String DUPLICATE_TABLE = "42P07";

	/**
	 * A schema of that name exists already.
	 */
	public static final String DUPLICATE_SCHEMA = "42P06";

	/**
	 * An object exists already.
	 */
	public static final String DUPLICATE_OBJECT = "42710";

	/**
	 * An object does not exist.
	 */
	public static final String UNDEFINED_OBJECT = "42704";

	/**
	 * What the server says of two sessions that changed one row of the catalog at once
	 * ({@code tuple concurrently updated}), among other things that it has no code for.
	 */
	public static final String INTERNAL_ERROR = "XX000";

	/**
	 * A unique index holds that value already.
	 */
	public static final String UNIQUE_VIOLATION = "23505";

	/**
	 * NULL where none may be.
	 */
	public static final String NOT_NULL_VIOLATION = "23502";

	/**
	 * A row refers to nothing, or is referred to.
	 */
	public static final String FOREIGN_KEY_VIOLATION = "23503";

	/**
	 * The columns that a foreign key refers to are not unique.
	 */
	public static final String INVALID_FOREIGN_KEY = "42830";

	/**
	 * Two types do not go together.
	 */
	public static final String DATATYPE_MISMATCH = "42804";

	/**
	 * A check does not hold.
	 */
	public static final String CHECK_VIOLATION = "23514";

	/**
	 * A privilege is missing.
	 */
	public static final String INSUFFICIENT_PRIVILEGE = "42501";

	/**
	 * Other objects depend on the one to be dropped.
	 */
	public static final String DEPENDENT_OBJECTS_STILL_EXIST = "2BP01";

	private SqlStates() {
	}

	/**
	 * Finds the error code that the server sent.
	 * @param failure any exception, or {@code null}
	 * @return the code of the first {@link SQLException} in the chain of causes that
	 * carries one
	 */
	public static Optional<String> of(@Nullable Throwable failure) {
		Throwable current = failure;
		for (int depth = 0; current != null && depth < 50; depth++) {
			if (current instanceof SQLException exception && exception.getSQLState() != null) {
				return Optional.of(exception.getSQLState());
			}
			current = current.getCause();
		}
		return Optional.empty();
	}

	/**
	 * Whether an exception carries one of some error codes.
	 * @param failure any exception, or {@code null}
	 * @param states the codes
	 * @return whether the code in the chain of causes is one of them
	 */
	public static boolean is(@Nullable Throwable failure, String... states) {
		String state = of(failure).orElse("");
		for (String candidate : states) {
			if (candidate.equals(state)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether a lock did not come in time.
	 * @param failure any exception, or {@code null}
	 * @return whether it is {@value #LOCK_NOT_AVAILABLE}
	 */
	public static boolean isLockNotAvailable(@Nullable Throwable failure) {
		return is(failure, LOCK_NOT_AVAILABLE);
	}

	/**
	 * Whether a deadlock ended the transaction.
	 * @param failure any exception, or {@code null}
	 * @return whether it is {@value #DEADLOCK_DETECTED}
	 */
	public static boolean isDeadlock(@Nullable Throwable failure) {
		return is(failure, DEADLOCK_DETECTED);
	}

}
