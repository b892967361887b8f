package io.github.expandcontract.jdbc;

import java.sql.CallableStatement;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;

import io.github.expandcontract.phase.Ticket;

/**
 * A prepared statement that runs with another text, in which each parameter stands where
 * it stood.
 */
abstract class RewritingPreparedStatement extends RewritingStatement<PreparedStatement> implements PreparedStatement {

	private static final Completion<RewritingPreparedStatement> COMPLETION = Completion
		.of(RewritingPreparedStatement.class);

	private static final Completion<Callable> CALLABLE = Completion.of(Callable.class);

	private final String text;

	RewritingPreparedStatement(PreparedStatement target, RewritingConnection connection, Ticket ticket, String text) {
		super(target, connection, ticket);
		this.text = text;
	}

	static PreparedStatement of(PreparedStatement target, RewritingConnection connection, Ticket ticket, String text) {
		return COMPLETION.create(target, connection, ticket, text);
	}

	static CallableStatement of(CallableStatement target, RewritingConnection connection, Ticket ticket, String text) {
		return CALLABLE.create(target, connection, ticket, text);
	}

	/**
	 * To be called before the parameters are used.
	 * @throws SQLException if a value is missing
	 */
	void requireComplete() throws SQLException {
		// The driver does.
	}

	private <R> R run(Execution<R> execution) throws SQLException {
		requireComplete();
		enter();
		return explained(this.text, execution);
	}

	@Override
	public boolean execute() throws SQLException {
		return run((unused) -> target().execute());
	}

	@Override
	public ResultSet executeQuery() throws SQLException {
		return owned(run((unused) -> target().executeQuery()));
	}

	@Override
	public int executeUpdate() throws SQLException {
		return run((unused) -> target().executeUpdate());
	}

	@Override
	public long executeLargeUpdate() throws SQLException {
		return run((unused) -> target().executeLargeUpdate());
	}

	@Override
	public void addBatch() throws SQLException {
		run((unused) -> {
			target().addBatch();
			return true;
		});
	}

	/**
	 * The server is asked for it.
	 */
	@Override
	public ResultSetMetaData getMetaData() throws SQLException {
		enter();
		return target().getMetaData();
	}

	/**
	 * The server is asked for it.
	 */
	@Override
	public ParameterMetaData getParameterMetaData() throws SQLException {
		enter();
		return target().getParameterMetaData();
	}

	/**
	 * A call of a function or procedure.
	 */
	abstract static class Callable extends RewritingPreparedStatement implements CallableStatement {

		Callable(CallableStatement target, RewritingConnection connection, Ticket ticket, String text) {
			super(target, connection, ticket, text);
		}

	}

}
