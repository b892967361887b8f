package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;
import java.sql.ParameterMetaData;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.sql.ParameterMap;

/**
 * Metadata of the rewritten text's parameters, by the caller's numbers.
 */
final class ParameterMetaDataHandler extends Delegation {

	private final ParameterMap parameters;

	private ParameterMetaDataHandler(Object target, ParameterMap parameters) {
		super(target);
		this.parameters = parameters;
	}

	static ParameterMetaData of(Object target, ParameterMap parameters) {
		return proxy(ParameterMetaData.class, new ParameterMetaDataHandler(target, parameters));
	}

	@Override
	@Nullable Object call(Object proxy, Method method, Object[] args) throws Throwable {
		if (method.getName().equals("getParameterCount")) {
			return this.parameters.count();
		}
		if (args.length != 1 || !(args[0] instanceof Integer index)) {
			return delegate(method, args);
		}
		if (index < 1 || index > this.parameters.count()) {
			throw SqlExceptions.indexOutOfRange(index, this.parameters.count());
		}
		int[] places = this.parameters.physical(index);
		if (places.length == 0) {
			throw SqlExceptions.lostParameter(index);
		}
		return delegate(method, new Object[] { places[0] });
	}

}
