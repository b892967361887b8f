package io.github.expandcontract.jdbc;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Knows what unqualified names mean on one connection.
 *
 * <ol>
 * <li>As long as nobody was seen to change a search path or to create a temporary
 * relation, they mean what they meant when the application started.</li>
 * <li>From then on each connection is asked: once in a transaction, and before each
 * statement if the change came by this connection, because a statement that is prepared
 * now may run later.</li>
 * </ol>
 * A search path that a function has set is seen on PostgreSQL 18, which reports it of
 * itself; a temporary relation that a function has created is not.
 */
final class ConnectionNames {

	// By name, because the driver's interface is annotated with classes that it does not
	// bring along, which the compiler warns of. The handle is called as it stands here,
	// which costs no more than a call that is written out.
	private static final @Nullable Class<?> DRIVER = driver();

	private static final MethodHandle STATUS = status();

	private final Connection target;

	private final StatementInterceptor interceptor;

	private @Nullable Object driver;

	private boolean driverKnown;

	private @Nullable SessionNames known;

	private boolean moved;

	ConnectionNames(Connection target, StatementInterceptor interceptor) {
		this.target = target;
		this.interceptor = interceptor;
	}

	private static @Nullable Class<?> driver() {
		try {
			return ClassUtils.forName("org.postgresql.PGConnection", ConnectionNames.class.getClassLoader());
		}
		catch (ClassNotFoundException ex) {
			return null;
		}
	}

	private static MethodHandle status() {
		MethodType type = MethodType.methodType(String.class, Object.class, String.class);
		if (DRIVER == null) {
			return MethodHandles.empty(type);
		}
		try {
			return MethodHandles.publicLookup()
				.findVirtual(DRIVER, "getParameterStatus", MethodType.methodType(String.class, String.class))
				.asType(type);
		}
		catch (ReflectiveOperationException ex) {
			// A driver that does not tell is as a server that reports nothing.
			return MethodHandles.empty(type);
		}
	}

	private static @Nullable Object driver(Connection target) {
		try {
			return (DRIVER != null) ? target.unwrap(DRIVER) : null;
		}
		catch (SQLException ex) {
			// It wraps no such driver: then it is as with a server that reports nothing.
			return null;
		}
	}

	private @Nullable String reported() {
		Object driver = this.driver;
		if (driver == null) {
			return null;
		}
		try {
			return (String) STATUS.invokeExact(driver, "search_path");
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException("The driver's getParameterStatus throws nothing that is checked", ex);
		}
	}

	/**
	 * To be called before what may change the meaning of names is prepared or run.
	 */
	synchronized void moved() {
		this.moved = true;
		this.interceptor.namesMoved();
	}

	synchronized void transactionEnded() {
		this.known = null;
	}

	/**
	 * The rules by the names of this connection.
	 * @param book the rules by the names that hold where nobody changes them
	 */
	synchronized RuleBook in(RuleBook book) throws SQLException {
		if (!this.driverKnown) {
			this.driver = driver(this.target);
			this.driverKnown = true;
		}
		if (!this.interceptor.namesVary(reported())) {
			return book;
		}
		SessionNames names = this.known;
		if (names == null || this.moved) {
			names = SessionNames.read(this.target, book.columns());
			this.known = names;
		}
		return book.in(names);
	}

}
