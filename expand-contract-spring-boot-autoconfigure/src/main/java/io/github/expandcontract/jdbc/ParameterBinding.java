package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;

/**
 * Binds by itself what the setters of a prepared statement are given.
 */
interface ParameterBinding {

	/**
	 * Binds a parameter.
	 * @param setter a method by {@link #isSetter}
	 * @param args what it was given
	 * @throws Throwable what the setter throws
	 */
	void bind(Method setter, Object[] args) throws Throwable;

	/**
	 * Whether a method binds a parameter by its number. Setters of the statement itself
	 * have one argument, those of a call by name begin with a text.
	 */
	static boolean isSetter(Method method) {
		return method.getParameterCount() > 1 && method.getParameterTypes()[0] == int.class
				&& method.getName().startsWith("set");
	}

}
