package io.github.expandcontract.jdbc;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Wrapper;

import org.jspecify.annotations.Nullable;

/**
 * A JDBC object of ours in front of the driver's: hands every call on, and is what
 * {@link Wrapper#unwrap} finds first.
 */
abstract class Delegation implements InvocationHandler {

	private static final Object[] NOTHING = {};

	/**
	 * Remembered, because {@link Proxy#newProxyInstance} looks the class up each time,
	 * and each call of a repository takes three objects.
	 */
	private static final ClassValue<Constructor<?>> CONSTRUCTORS = new ClassValue<>() {

		@Override
		protected Constructor<?> computeValue(Class<?> type) {
			InvocationHandler none = (proxy, method, args) -> null;
			Class<?> proxyClass = Proxy
				.newProxyInstance(Delegation.class.getClassLoader(), new Class<?>[] { type, Ours.class }, none)
				.getClass();
			try {
				return proxyClass.getConstructor(InvocationHandler.class);
			}
			catch (NoSuchMethodException ex) {
				throw new IllegalStateException("Every proxy class has this constructor", ex);
			}
		}

	};

	private final Object target;

	Delegation(Object target) {
		this.target = target;
	}

	/**
	 * Creates the object that a handler stands behind.
	 * @param <T> its type
	 * @param type its type
	 * @param handler the handler
	 * @return the object
	 */
	static <T> T proxy(Class<T> type, InvocationHandler handler) {
		try {
			return type.cast(CONSTRUCTORS.get(type).newInstance(handler));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("The proxy of " + type.getName() + " cannot be made", ex);
		}
	}

	@Override
	public final @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
		Object[] args = (arguments != null) ? arguments : NOTHING;
		return switch (method.getName()) {
			case "equals" -> proxy == args[0];
			case "hashCode" -> System.identityHashCode(proxy);
			case "toString" -> this.target.toString();
			case "unwrap" -> ((Class<?>) args[0]).isInstance(proxy) ? proxy : delegate(method, args);
			case "isWrapperFor" ->
				((Class<?>) args[0]).isInstance(proxy) || Boolean.TRUE.equals(delegate(method, args));
			default -> call(proxy, method, args);
		};
	}

	/**
	 * Handles a call that is about the JDBC object itself.
	 * @param proxy the object that was called
	 * @param method the method that was called
	 * @param args its arguments, empty if it has none
	 * @return the method's result
	 * @throws Throwable what the method throws
	 */
	abstract @Nullable Object call(Object proxy, Method method, Object[] args) throws Throwable;

	final @Nullable Object delegate(Method method, Object[] args) throws Throwable {
		return invokeOn(this.target, method, args);
	}

	static @Nullable Object invokeOn(Object target, Method method, Object[] args) throws Throwable {
		try {
			return method.invoke(target, args);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	/**
	 * Not public, which puts the classes of the proxies into this package, where their
	 * constructors can be called.
	 */
	private interface Ours {

	}

}
