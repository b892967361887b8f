package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

/**
 * An object of the driver that leads back to where it came from: to our object instead of
 * the driver's.
 */
final class BackReference extends Delegation {

	private final String method;

	private final Object origin;

	private final Runnable afterClose;

	private BackReference(Object target, String method, Object origin, Runnable afterClose) {
		super(target);
		this.method = method;
		this.origin = origin;
		this.afterClose = afterClose;
	}

	/**
	 * Creates an object that leads back to another one.
	 * @param <T> its type
	 * @param type its type
	 * @param target the driver's object
	 * @param method name of the method that leads back
	 * @param origin what that method returns
	 * @param afterClose what to do when the object was closed
	 * @return the object
	 */
	static <T> T of(Class<T> type, Object target, String method, Object origin, Runnable afterClose) {
		return proxy(type, new BackReference(target, method, origin, afterClose));
	}

	@Override
	@Nullable Object call(Object proxy, Method called, Object[] args) throws Throwable {
		if (called.getName().equals(this.method)) {
			return this.origin;
		}
		if (!called.getName().equals("close")) {
			return delegate(called, args);
		}
		try {
			return delegate(called, args);
		}
		finally {
			this.afterClose.run();
		}
	}

}
