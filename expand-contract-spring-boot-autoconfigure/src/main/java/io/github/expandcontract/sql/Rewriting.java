package io.github.expandcontract.sql;

/**
 * What became of a statement.
 */
public sealed interface Rewriting {

	/**
	 * The statement names no changing column, and runs byte for byte as it is.
	 */
	record Untouched() implements Rewriting {
	}

	/**
	 * The statement runs with another text.
	 *
	 * @param sql the text to run
	 * @param parameters where the caller's parameters stand in that text
	 * @param returnsKeys whether the text has got a RETURNING clause in place of the one
	 * that the driver would have appended for generated keys
	 */
	record Rewritten(String sql, ParameterMap parameters, boolean returnsKeys) implements Rewriting {
	}

	/**
	 * The statement must not run.
	 *
	 * @param position where in the text the reason lies, counted from 0
	 * @param reason why, as a sentence
	 * @param action what to do about it, as a sentence
	 */
	record Refused(int position, String reason, String action) implements Rewriting {
	}

}
