package io.github.expandcontract.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.phase.Ticket;
import io.github.expandcontract.sql.ParameterMap;

/**
 * A prepared statement that runs with another text, in which the parameters do not stand
 * where they stood. Its caller goes on counting those of the text that it wrote: a value
 * that it gives for one is bound to each place where it stands in the text that runs.
 */
abstract class MappedPreparedStatement extends RewritingPreparedStatement implements ParameterBinding {

	private static final Completion<MappedPreparedStatement> COMPLETION = Completion.of(MappedPreparedStatement.class);

	private final ParameterMap map;

	private final BitSet bound = new BitSet();

	MappedPreparedStatement(PreparedStatement target, RewritingConnection connection, Ticket ticket, String text,
			ParameterMap map) {
		super(target, connection, ticket, text);
		this.map = map;
	}

	static PreparedStatement of(PreparedStatement target, RewritingConnection connection, Ticket ticket, String text,
			ParameterMap map) {
		return COMPLETION.create(target, connection, ticket, text, map);
	}

	@Override
	public void bind(Method setter, Object[] args) throws Throwable {
		int index = (Integer) args[0];
		if (index < 1 || index > this.map.count()) {
			throw SqlExceptions.indexOutOfRange(index, this.map.count());
		}
		int[] places = this.map.physical(index);
		if (places.length == 1) {
			invoke(target(), setter, at(places[0], args, args[1]));
		}
		else if (places.length > 1) {
			bindEach(places, setter, args);
		}
		this.bound.set(index);
	}

	private void bindEach(int[] places, Method setter, Object[] args) throws Throwable {
		PreparedStatement target = target();
		if (LargeObject.isBoundBy(setter, args)) {
			enter();
			long oid = LargeObject.create(target.getConnection(), setter, args);
			for (int place : places) {
				target.setLong(place, oid);
			}
			return;
		}
		Supplier<@Nullable Object> value = RepeatableValue.of(target, setter, args);
		for (int place : places) {
			invoke(target, setter, at(place, args, value.get()));
		}
	}

	private static Object[] at(int place, Object[] args, @Nullable Object value) {
		Object[] changed = args.clone();
		changed[0] = place;
		changed[1] = value;
		return changed;
	}

	static void invoke(PreparedStatement target, Method setter, Object[] args) throws Throwable {
		try {
			setter.invoke(target, args);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	/**
	 * The driver would name the parameter by its place in the text that runs.
	 */
	@Override
	void requireComplete() throws SQLException {
		int missing = this.bound.nextClearBit(1);
		if (missing <= this.map.count()) {
			throw SqlExceptions.noValue(missing);
		}
	}

	@Override
	public void clearParameters() throws SQLException {
		this.bound.clear();
		target().clearParameters();
	}

	@Override
	public ParameterMetaData getParameterMetaData() throws SQLException {
		return new CallersParameters(super.getParameterMetaData(), this.map);
	}

}
