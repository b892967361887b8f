package io.github.expandcontract.jdbc;

import java.sql.ParameterMetaData;
import java.sql.SQLException;

import io.github.expandcontract.sql.ParameterMap;

/**
 * Metadata of the rewritten text's parameters, by the caller's numbers.
 */
final class CallersParameters extends Delegating<ParameterMetaData> implements ParameterMetaData {

	private final ParameterMap parameters;

	CallersParameters(ParameterMetaData target, ParameterMap parameters) {
		super(target);
		this.parameters = parameters;
	}

	private int place(int index) throws SQLException {
		if (index < 1 || index > this.parameters.count()) {
			throw SqlExceptions.indexOutOfRange(index, this.parameters.count());
		}
		int[] places = this.parameters.physical(index);
		if (places.length == 0) {
			throw SqlExceptions.lostParameter(index);
		}
		return places[0];
	}

	@Override
	public int getParameterCount() {
		return this.parameters.count();
	}

	@Override
	public int isNullable(int param) throws SQLException {
		return target().isNullable(place(param));
	}

	@Override
	public boolean isSigned(int param) throws SQLException {
		return target().isSigned(place(param));
	}

	@Override
	public int getPrecision(int param) throws SQLException {
		return target().getPrecision(place(param));
	}

	@Override
	public int getScale(int param) throws SQLException {
		return target().getScale(place(param));
	}

	@Override
	public int getParameterType(int param) throws SQLException {
		return target().getParameterType(place(param));
	}

	@Override
	public String getParameterTypeName(int param) throws SQLException {
		return target().getParameterTypeName(place(param));
	}

	@Override
	public String getParameterClassName(int param) throws SQLException {
		return target().getParameterClassName(place(param));
	}

	@Override
	public int getParameterMode(int param) throws SQLException {
		return target().getParameterMode(place(param));
	}

}
