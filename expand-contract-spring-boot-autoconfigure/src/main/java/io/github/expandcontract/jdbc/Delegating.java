package io.github.expandcontract.jdbc;

import java.sql.SQLException;
import java.sql.Wrapper;

/**
 * A JDBC object of ours in front of the driver's, and what {@link Wrapper#unwrap} finds
 * first. A subclass has the methods that do more than the driver's; {@link Completion}
 * adds all others of its interface.
 *
 * @param <T> the type of the driver's object
 */
abstract class Delegating<T extends Wrapper> implements Wrapper {

	private final T target;

	Delegating(T target) {
		this.target = target;
	}

	/**
	 * The driver's object.
	 */
	final T target() {
		return this.target;
	}

	@Override
	public <U> U unwrap(Class<U> type) throws SQLException {
		return type.isInstance(this) ? type.cast(this) : this.target.unwrap(type);
	}

	@Override
	public boolean isWrapperFor(Class<?> type) throws SQLException {
		return type.isInstance(this) || this.target.isWrapperFor(type);
	}

	@Override
	public String toString() {
		return this.target.toString();
	}

}
