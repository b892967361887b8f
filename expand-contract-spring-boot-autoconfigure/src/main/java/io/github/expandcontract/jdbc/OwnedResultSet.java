package io.github.expandcontract.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A result set that leads back to our statement instead of the driver's.
 */
abstract class OwnedResultSet extends Delegating<ResultSet> implements ResultSet {

	private static final Completion<OwnedResultSet> COMPLETION = Completion.of(OwnedResultSet.class);

	private final RewritingStatement<?> statement;

	OwnedResultSet(ResultSet target, RewritingStatement<?> statement) {
		super(target);
		this.statement = statement;
	}

	static ResultSet of(ResultSet target, RewritingStatement<?> statement) {
		return COMPLETION.create(target, statement);
	}

	@Override
	public Statement getStatement() {
		return this.statement;
	}

	@Override
	public void close() throws SQLException {
		try {
			target().close();
		}
		finally {
			this.statement.resultSetClosed();
		}
	}

}
