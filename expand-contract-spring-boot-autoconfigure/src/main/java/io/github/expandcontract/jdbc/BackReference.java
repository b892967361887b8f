package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;
import java.sql.ResultSet;

import org.jspecify.annotations.Nullable;

/**
 * A result set that leads back to our statement instead of the driver's.
 */
final class BackReference extends Delegation {

	private final Object statement;

	private final Runnable afterClose;

	private BackReference(Object target, Object statement, Runnable afterClose) {
		super(target);
		this.statement = statement;
		this.afterClose = afterClose;
	}

	/**
	 * Creates a result set.
	 * @param target the driver's
	 * @param statement what it leads back to
	 * @param afterClose what to do when it was closed
	 * @return the result set
	 */
	static ResultSet of(Object target, Object statement, Runnable afterClose) {
		return DispatchedResultSets.of(target, new BackReference(target, statement, afterClose));
	}

	@Override
	@Nullable Object call(Object proxy, Method called, Object[] args) throws Throwable {
		if (called.getName().equals("getStatement")) {
			return this.statement;
		}
		try {
			return delegate(called, args);
		}
		finally {
			if (called.getName().equals("close")) {
				this.afterClose.run();
			}
		}
	}

}
