package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.ConnectionProxy;

import io.github.expandcontract.UnannotatedAccess;
import io.github.expandcontract.phase.AdmissionTimeoutException;
import io.github.expandcontract.phase.CallScope;
import io.github.expandcontract.phase.LeaseExpiredException;
import io.github.expandcontract.phase.PhaseSnapshot;
import io.github.expandcontract.phase.Ticket;
import io.github.expandcontract.sql.ColumnRule;
import io.github.expandcontract.sql.GeneratedKeys;
import io.github.expandcontract.sql.Rewriting;

/**
 * A connection that decides for each statement whether it is the driver's own or one that
 * runs with another text.
 *
 * <ol>
 * <li>Inside a call of an annotated repository, or everywhere if unannotated access is
 * rewritten: by the snapshot of the ticket that this connection keeps, else of the
 * call's. The ticket is kept as {@link ConnectionTicket} describes.</li>
 * <li>Outside: as it is, reported or refused if it names a changing column.</li>
 * </ol>
 */
final class ConnectionHandler extends Delegation {

	private static final Log logger = LogFactory.getLog(ConnectionHandler.class);

	// The protocol counts a statement's parameters in 16 bits.
	private static final int MOST_PARAMETERS = 65_535;

	private final Connection target;

	private final StatementInterceptor interceptor;

	private final ConnectionTicket tickets = new ConnectionTicket();

	private final ConnectionNames names;

	private ConnectionHandler(Connection target, StatementInterceptor interceptor) {
		super(target);
		this.target = target;
		this.interceptor = interceptor;
		this.names = new ConnectionNames(target, interceptor);
	}

	static Connection wrap(Connection target, StatementInterceptor interceptor) {
		return proxy(ConnectionProxy.class, new ConnectionHandler(target, interceptor));
	}

	@Override
	@Nullable Object call(Object proxy, Method method, Object[] args) throws Throwable {
		return switch (method.getName()) {
			case "getTargetConnection" -> this.target;
			case "createStatement" -> create(proxy, method, args);
			case "prepareStatement", "prepareCall" -> prepare(proxy, method, args);
			case "commit", "rollback", "setAutoCommit" -> endTransaction(method, args);
			case "close", "abort" -> close(method, args);
			case "setSchema" -> {
				this.names.moved();
				yield delegate(method, args);
			}
			case "getMetaData" -> metaData(proxy, method, args);
			default -> delegate(method, args);
		};
	}

	private @Nullable Object endTransaction(Method method, Object[] args) throws Throwable {
		boolean commits = method.getName().equals("commit") || (args.length > 0 && Boolean.TRUE.equals(args[0]));
		boolean rollsBack = method.getName().equals("rollback") && args.length == 0;
		if (!commits && !rollsBack) {
			return delegate(method, args);
		}
		try {
			if (commits) {
				requireValidTransaction();
			}
			return delegate(method, args);
		}
		finally {
			this.tickets.transactionEnded();
			this.names.transactionEnded();
		}
	}

	/**
	 * What a transaction wrote by former rules must not appear after the cluster has gone
	 * on without it. It is rolled back here, because callers whose commit fails may
	 * switch to auto-commit, which would commit it.
	 */
	private void requireValidTransaction() throws SQLException {
		Ticket ticket = this.tickets.ofTransaction();
		if (ticket == null) {
			return;
		}
		try {
			requireValid(ticket);
		}
		catch (SQLException ex) {
			try {
				this.target.rollback();
			}
			catch (SQLException rollbackFailure) {
				ex.addSuppressed(rollbackFailure);
			}
			throw ex;
		}
	}

	private @Nullable Object close(Method method, Object[] args) throws Throwable {
		try {
			return delegate(method, args);
		}
		finally {
			this.tickets.connectionClosed();
		}
	}

	private @Nullable Object metaData(Object proxy, Method method, Object[] args) throws Throwable {
		Object metaData = delegate(method, args);
		return (metaData != null) ? DatabaseMetaDataHandler.of(metaData, proxy, this) : null;
	}

	/**
	 * The rules by which a call of an annotated repository sees the columns of tables.
	 */
	List<ColumnRule> columnRules() {
		RuleBook book = this.interceptor.book();
		Ticket scope = CallScope.currentTicket();
		if (book == null || scope == null) {
			return List.of();
		}
		Ticket present = this.tickets.present();
		return book.columnRules(((present != null) ? present : scope).snapshot());
	}

	private @Nullable Object create(Object proxy, Method method, Object[] args) throws Throwable {
		RuleBook book = this.interceptor.book();
		if (book == null) {
			return delegate(method, args);
		}
		return within(book, (scope) -> {
			if (scope == null) {
				return rules(book).inFlight() ? statement(proxy, delegate(method, args), null) : null;
			}
			Ticket ticket = enterCall(scope);
			if (!book.rules(ticket.snapshot()).inFlight()) {
				return null;
			}
			Ticket kept = this.tickets.statementOpened(ticket);
			return opened(() -> statement(proxy, delegate(method, args), kept));
		}, method, args);
	}

	private @Nullable Object prepare(Object proxy, Method method, Object[] args) throws Throwable {
		RuleBook book = this.interceptor.book();
		if (book == null) {
			return delegate(method, args);
		}
		String sql = (String) args[0];
		return within(book, (scope) -> {
			if (scope == null) {
				outside(book, sql, keys(method, args));
				return null;
			}
			Ticket ticket = enterCall(scope);
			Rewriting.Rewritten rewritten = inside(book, ticket, sql, keys(method, args));
			if (rewritten == null) {
				return null;
			}
			if (args.length > 2 && Integer.valueOf(ResultSet.CONCUR_UPDATABLE).equals(args[2])) {
				throw refuse(StatementRefusedException.updatable(sql));
			}
			int parameters = rewritten.parameters().physicalCount();
			if (parameters > MOST_PARAMETERS) {
				throw refuse(StatementRefusedException.tooManyParameters(sql, parameters, MOST_PARAMETERS));
			}
			boolean callable = method.getName().equals("prepareCall");
			if (callable && !rewritten.parameters().isIdentity()) {
				throw refuse(StatementRefusedException.outParameters(sql));
			}
			Ticket kept = this.tickets.statementOpened(ticket);
			return opened(() -> {
				Statement statement = created((Statement) delegate(method, withText(args, rewritten.sql())));
				ParameterBinder binder = new ParameterBinder(rewritten.parameters());
				Class<? extends PreparedStatement> type = callable ? CallableStatement.class : PreparedStatement.class;
				return proxy(type, new PreparedStatementHandler(proxy, this, (PreparedStatement) statement, kept,
						rewritten.sql(), binder));
			});
		}, method, args);
	}

	/**
	 * Does something with the ticket whose snapshot applies. If it comes to nothing, the
	 * driver's own statement is returned.
	 */
	private @Nullable Object within(RuleBook book, Step step, Method method, Object[] args) throws Throwable {
		Ticket scope = CallScope.currentTicket();
		boolean rewrite = book.access() == UnannotatedAccess.REWRITE;
		if (scope == null && rewrite) {
			scope = this.tickets.present();
		}
		Object statement;
		if (scope == null && rewrite && (rules(book).inFlight() || !this.target.getAutoCommit())) {
			// Before the first statement of a transaction: later it could hold a lock
			// that a held cutover waits for.
			try (Ticket admitted = admit()) {
				statement = step.take(admitted);
			}
		}
		else {
			statement = step.take(scope);
		}
		return (statement != null) ? statement : delegate(method, args);
	}

	private Ticket admit() throws SQLException {
		try {
			return this.interceptor.admission().admit();
		}
		catch (AdmissionTimeoutException ex) {
			throw SqlExceptions.notNow(ex);
		}
	}

	/**
	 * Enters a call on this connection before a statement of it is created or run.
	 * @param scope the ticket of the call
	 * @return the ticket whose snapshot applies
	 */
	Ticket enterCall(Ticket scope) throws SQLException {
		boolean autoCommit = this.target.getAutoCommit();
		Ticket present = this.tickets.present();
		Ticket ticket = (present != null) ? present : scope;
		requireValid(ticket);
		return autoCommit ? ticket : this.tickets.keepForTransaction(ticket);
	}

	/**
	 * To be called immediately before a statement runs that was prepared before, perhaps
	 * in an earlier transaction.
	 * @param ticket the ticket of the statement
	 */
	void enter(Ticket ticket) throws SQLException {
		if (!this.target.getAutoCommit()) {
			this.tickets.keepForTransaction(ticket);
		}
		requireValid(ticket);
	}

	/**
	 * Decides about a text inside a call.
	 * @return the text to run instead, {@code null} to run it as it is
	 */
	Rewriting.@Nullable Rewritten inside(RuleBook book, Ticket ticket, String sql, GeneratedKeys keys)
			throws SQLException {
		Rules rules = book.rules(ticket.snapshot());
		if (!rules.inFlight()) {
			return null;
		}
		Rewriting rewriting = look(rules, sql, keys);
		RuleBook named = this.names.in(book);
		if (named != book) {
			rewriting = named.rules(ticket.snapshot()).rewrite(sql, keys);
		}
		if (rewriting instanceof Rewriting.Untouched) {
			return null;
		}
		if (book.access() == UnannotatedAccess.REWRITE && CallScope.currentTicket() == null) {
			this.interceptor.listener().unannotated(sql, UnannotatedAccess.REWRITE);
		}
		if (rewriting instanceof Rewriting.Refused refused) {
			throw refuse(StatementRefusedException.of(sql, refused));
		}
		if (rewriting instanceof Rewriting.Rewritten rewritten) {
			if (logger.isDebugEnabled()) {
				logger.debug("Rewritten at generation " + ticket.snapshot().generation() + ": " + sql + "\nto: "
						+ rewritten.sql());
			}
			this.interceptor.listener().rewritten(sql);
			return rewritten;
		}
		return null;
	}

	/**
	 * Decides about a text outside of any call.
	 */
	void outside(RuleBook book, String sql, GeneratedKeys keys) throws SQLException {
		Rules rules = rules(book);
		if (!rules.inFlight() || look(rules, sql, keys) instanceof Rewriting.Untouched) {
			return;
		}
		this.interceptor.listener().unannotated(sql, book.access());
		if (book.access() == UnannotatedAccess.FAIL) {
			throw refuse(StatementRefusedException.unannotated(sql));
		}
	}

	private Rewriting look(Rules rules, String sql, GeneratedKeys keys) {
		Rules.Answer answer = rules.look(sql, keys);
		if (answer.movesNames()) {
			this.names.moved();
		}
		return answer.rewriting();
	}

	private Rules rules(RuleBook book) {
		Ticket present = this.tickets.present();
		PhaseSnapshot snapshot = (present != null) ? present.snapshot() : this.interceptor.admission().current();
		return book.rules(snapshot);
	}

	SQLException refuse(StatementRefusedException refusal) {
		this.interceptor.listener().refused(refusal);
		return SqlExceptions.refused(refusal);
	}

	@Nullable RuleBook book() {
		return this.interceptor.book();
	}

	ConnectionTicket tickets() {
		return this.tickets;
	}

	static void requireValid(Ticket ticket) throws SQLException {
		try {
			ticket.requireValid();
		}
		catch (LeaseExpiredException ex) {
			throw SqlExceptions.notNow(ex);
		}
	}

	private Statement statement(Object proxy, @Nullable Object statement, @Nullable Ticket ticket) throws SQLException {
		return proxy(Statement.class, new StatementHandler(proxy, this, created((Statement) statement), ticket));
	}

	private static Statement created(@Nullable Statement statement) throws SQLException {
		if (statement == null) {
			throw new SQLException("The driver created no statement");
		}
		return statement;
	}

	private Object opened(Creation creation) throws Throwable {
		boolean created = false;
		try {
			Object statement = creation.create();
			created = true;
			return statement;
		}
		finally {
			if (!created) {
				this.tickets.statementClosed();
			}
		}
	}

	static Object[] withText(Object[] args, String sql) {
		Object[] changed = args.clone();
		changed[0] = sql;
		return changed;
	}

	/**
	 * What a caller who hands a text to the driver wants back of the written rows.
	 */
	static GeneratedKeys keys(Method method, Object[] args) {
		if (args.length != 2) {
			return GeneratedKeys.NONE;
		}
		if (args[1] instanceof Integer flag) {
			return (flag == Statement.RETURN_GENERATED_KEYS) ? GeneratedKeys.ALL : GeneratedKeys.NONE;
		}
		if (args[1] instanceof String[] columns) {
			return (columns.length > 0) ? new GeneratedKeys.Named(List.of(columns)) : GeneratedKeys.NONE;
		}
		// The driver takes no names for all columns.
		boolean names = args[1] == null && method.getParameterTypes()[1] == String[].class;
		return names ? GeneratedKeys.ALL : GeneratedKeys.NONE;
	}

	@FunctionalInterface
	private interface Step {

		@Nullable Object take(@Nullable Ticket scope) throws Throwable;

	}

	@FunctionalInterface
	private interface Creation {

		Object create() throws Throwable;

	}

}
