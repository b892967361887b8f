package io.github.expandcontract.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;

import io.github.expandcontract.ExpandContractException;

/**
 * Refusals in the form that callers of JDBC handle. Each carries the original as its
 * cause and says the same.
 */
final class SqlExceptions {

	private static final String FEATURE_NOT_SUPPORTED = "0A000";

	private static final String INVALID_PARAMETER_VALUE = "22023";

	private static final String IO_ERROR = "58030";

	// "cannot_connect_now": the server is there, and will serve the same request later.
	private static final String NOT_NOW = "57P03";

	private SqlExceptions() {
	}

	static SQLException refused(StatementRefusedException refusal) {
		return new SQLFeatureNotSupportedException(refusal.getMessage(), FEATURE_NOT_SUPPORTED, refusal);
	}

	static SQLException notNow(ExpandContractException ex) {
		return new SQLTransientConnectionException(ex.getMessage(), NOT_NOW, ex);
	}

	static SQLException indexOutOfRange(int index, int count) {
		return new SQLException("The column index is out of range: " + index + ", number of columns: " + count + ".",
				INVALID_PARAMETER_VALUE);
	}

	static SQLException noValue(int index) {
		return new SQLException("No value specified for parameter " + index + ".", INVALID_PARAMETER_VALUE);
	}

	static SQLException lostParameter(int index) {
		return new SQLFeatureNotSupportedException(
				"Parameter " + index + " does not stand in the text that runs, so the server knows nothing about it.",
				FEATURE_NOT_SUPPORTED);
	}

	/**
	 * What is added to an error of the server that points into a text which its reader
	 * has not written.
	 */
	static SQLException position(int position, String text) {
		return new SQLException("The error's position " + position
				+ " counts in the text that ran, in which each parameter stands as $1, $2 and so on: "
				+ StatementExcerpt.shorten(text));
	}

	static SQLException unreadable(int index, IOException ex) {
		return new SQLException("The stream for parameter " + index + " could not be read.", IO_ERROR, ex);
	}

}
