package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import io.github.expandcontract.phase.CallScope;
import io.github.expandcontract.phase.Ticket;
import io.github.expandcontract.sql.Rewriting;

/**
 * A statement that gets its text with each execution, and what it has in common with one
 * that is prepared. One that was created inside a call stays inside it until it is
 * closed.
 */
class StatementHandler extends Delegation {

	private final Object connection;

	private final ConnectionHandler handler;

	private final Statement target;

	private final AtomicBoolean released = new AtomicBoolean();

	private volatile @Nullable Ticket ticket;

	private volatile boolean closesOnCompletion;

	StatementHandler(Object connection, ConnectionHandler handler, Statement target, @Nullable Ticket ticket) {
		super(target);
		this.connection = connection;
		this.handler = handler;
		this.target = target;
		this.ticket = ticket;
	}

	@Override
	@Nullable Object call(Object proxy, Method method, Object[] args) throws Throwable {
		return switch (method.getName()) {
			case "execute", "executeQuery", "executeUpdate", "executeLargeUpdate", "addBatch" ->
				(args.length > 0) ? text(proxy, method, args) : run(proxy, method, args);
			case "executeBatch", "executeLargeBatch" -> run(proxy, method, args);
			case "getResultSet", "getGeneratedKeys" -> results(proxy, method, args);
			case "getConnection" -> this.connection;
			case "closeOnCompletion" -> closeOnCompletion(method, args);
			case "close" -> close(method, args);
			default -> delegate(method, args);
		};
	}

	private @Nullable Object closeOnCompletion(Method method, Object[] args) throws Throwable {
		this.closesOnCompletion = true;
		return delegate(method, args);
	}

	/**
	 * Runs what the statement has been given before.
	 */
	final @Nullable Object run(Object proxy, Method method, Object[] args) throws Throwable {
		Ticket present = this.ticket;
		if (present != null && !this.released.get()) {
			this.handler.enter(present);
		}
		return results(proxy, method, args);
	}

	private @Nullable Object text(Object proxy, Method method, Object[] args) throws Throwable {
		RuleBook book = this.handler.book();
		if (book == null || this.released.get()) {
			return results(proxy, method, args);
		}
		String sql = (String) args[0];
		Ticket scope = ticket();
		if (scope == null) {
			this.handler.outside(book, sql, ConnectionHandler.keys(method, args));
			return results(proxy, method, args);
		}
		Ticket entered = this.handler.enterCall(scope);
		Rewriting.Rewritten rewritten = this.handler.inside(book, entered, sql, ConnectionHandler.keys(method, args));
		if (rewritten == null) {
			return results(proxy, method, args);
		}
		if (this.target.getResultSetConcurrency() == ResultSet.CONCUR_UPDATABLE) {
			throw this.handler.refuse(StatementRefusedException.updatable(sql));
		}
		return explained(rewritten.sql(),
				() -> results(proxy, method, ConnectionHandler.withText(args, rewritten.sql())));
	}

	/**
	 * Runs something, and adds to an error that has a position in which text it counts.
	 */
	static @Nullable Object explained(String text, Execution execution) throws Throwable {
		try {
			return execution.run();
		}
		catch (PSQLException ex) {
			ServerErrorMessage message = ex.getServerErrorMessage();
			if (message != null && message.getPosition() > 0) {
				ex.addSuppressed(SqlExceptions.position(message.getPosition(), text));
			}
			throw ex;
		}
	}

	private @Nullable Ticket ticket() {
		Ticket present = this.ticket;
		Ticket scope = CallScope.currentTicket();
		if (present == null && scope != null) {
			present = this.handler.tickets().statementOpened(scope);
			this.ticket = present;
		}
		return present;
	}

	private @Nullable Object results(Object proxy, Method method, Object[] args) throws Throwable {
		Object result = delegate(method, args);
		if (!(result instanceof ResultSet)) {
			return result;
		}
		return BackReference.of(result, proxy, this::resultSetClosed);
	}

	private @Nullable Object close(Method method, Object[] args) throws Throwable {
		try {
			return delegate(method, args);
		}
		finally {
			release();
		}
	}

	private void resultSetClosed() {
		try {
			if (this.closesOnCompletion && this.target.isClosed()) {
				release();
			}
		}
		catch (SQLException ex) {
			// Then the connection is gone, and with it the ticket.
			release();
		}
	}

	private void release() {
		if (this.ticket != null && this.released.compareAndSet(false, true)) {
			this.handler.tickets().statementClosed();
		}
	}

	@FunctionalInterface
	interface Execution {

		@Nullable Object run() throws Throwable;

	}

}
