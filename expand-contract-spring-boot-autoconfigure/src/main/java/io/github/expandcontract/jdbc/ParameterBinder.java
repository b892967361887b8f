package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.sql.ParameterMap;

/**
 * Binds a value that the caller gives for one parameter to each place where it stands in
 * the text that runs.
 */
final class ParameterBinder {

	private final ParameterMap map;

	private final BitSet bound = new BitSet();

	ParameterBinder(ParameterMap map) {
		this.map = map;
	}

	ParameterMap map() {
		return this.map;
	}

	/**
	 * Whether a method binds a parameter by its number. Setters of the statement itself
	 * have one argument, those of a call by name begin with a text.
	 */
	static boolean isSetter(Method method, Object[] args) {
		return args.length > 1 && args[0] instanceof Integer && method.getName().startsWith("set");
	}

	@Nullable Object bind(PreparedStatement target, Method method, Object[] args) throws Throwable {
		int index = (Integer) args[0];
		if (index < 1 || index > this.map.count()) {
			throw SqlExceptions.indexOutOfRange(index, this.map.count());
		}
		int[] places = this.map.physical(index);
		if (places.length == 1) {
			Delegation.invokeOn(target, method, at(places[0], args, args[1]));
		}
		else if (places.length > 1) {
			bindEach(places, target, method, args);
		}
		this.bound.set(index);
		return null;
	}

	private static void bindEach(int[] places, PreparedStatement target, Method method, Object[] args)
			throws Throwable {
		if (LargeObject.isBoundBy(method, args)) {
			long oid = LargeObject.create(target.getConnection(), method, args);
			for (int place : places) {
				target.setLong(place, oid);
			}
			return;
		}
		Supplier<@Nullable Object> value = RepeatableValue.of(target, method, args);
		for (int place : places) {
			Delegation.invokeOn(target, method, at(place, args, value.get()));
		}
	}

	private static Object[] at(int place, Object[] args, @Nullable Object value) {
		Object[] changed = args.clone();
		changed[0] = place;
		changed[1] = value;
		return changed;
	}

	/**
	 * The driver would name the parameter by its place in the text that runs.
	 */
	void requireComplete() throws SQLException {
		if (!this.map.isIdentity()) {
			int missing = this.bound.nextClearBit(1);
			if (missing <= this.map.count()) {
				throw SqlExceptions.noValue(missing);
			}
		}
	}

	void clear() {
		this.bound.clear();
	}

}
