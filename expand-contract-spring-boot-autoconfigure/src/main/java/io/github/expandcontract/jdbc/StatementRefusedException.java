package io.github.expandcontract.jdbc;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.sql.Rewriting;

/**
 * A statement that names a changing column did not run, because it cannot be rewritten
 * with certainty. Reaches callers of JDBC as the cause of an
 * {@link java.sql.SQLFeatureNotSupportedException} with the same message and SQLSTATE
 * {@code 0A000}.
 */
public class StatementRefusedException extends ExpandContractException {

	private final String sql;

	private final int position;

	private final String reason;

	StatementRefusedException(String sql, int position, String reason, String action) {
		super("A statement was refused while a change is under way" + place(position) + ":\n\n"
				+ StatementExcerpt.around(sql, position) + "\n\n" + reason, action);
		this.sql = sql;
		this.position = position;
		this.reason = reason;
	}

	static StatementRefusedException of(String sql, Rewriting.Refused refused) {
		return new StatementRefusedException(sql, refused.position(), refused.reason(), refused.action());
	}

	static StatementRefusedException unannotated(String sql) {
		return new StatementRefusedException(sql, 0,
				"It names a changing column and does not come from an annotated repository.",
				"Move it to a class or interface with @ExpandContractRepository, or set "
						+ "expand-contract.unannotated-access to 'warn' or 'rewrite'.");
	}

	static StatementRefusedException updatable(String sql) {
		return new StatementRefusedException(sql, 0,
				"It asks for an updatable result set, whose changes the driver writes by statements of its own.",
				"Use ResultSet.CONCUR_READ_ONLY and write with UPDATE.");
	}

	static StatementRefusedException outParameters(String sql) {
		return new StatementRefusedException(sql, 0,
				"It is a CallableStatement whose parameters would stand in other places.",
				"Use a PreparedStatement for it.");
	}

	static StatementRefusedException tooManyParameters(String sql, int count, int most) {
		return new StatementRefusedException(sql, 0,
				"While both columns are written it would have " + count + " parameters, and PostgreSQL takes at most "
						+ most + ".",
				"Send fewer rows with each statement, use a batch, or bind an array for each column and write "
						+ "INSERT ... SELECT ... FROM unnest(?, ?).");
	}

	private static String place(int position) {
		return (position > 0) ? ", at character " + (position + 1) + " of its text" : "";
	}

	/**
	 * The text of the statement.
	 * @return the caller's text, in full
	 */
	public String getSql() {
		return this.sql;
	}

	/**
	 * Where in the text the reason lies.
	 * @return the position, counted from 0
	 */
	public int getPosition() {
		return this.position;
	}

	/**
	 * Why the statement was refused.
	 * @return the reason as a sentence
	 */
	public String getReason() {
		return this.reason;
	}

}
