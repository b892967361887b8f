package io.github.expandcontract.jdbc;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

import org.jspecify.annotations.Nullable;

import org.springframework.cglib.core.SpringNamingPolicy;
import org.springframework.cglib.proxy.Callback;
import org.springframework.cglib.proxy.Enhancer;
import org.springframework.cglib.proxy.InvocationHandler;
import org.springframework.cglib.proxy.NoOp;
import org.springframework.cglib.proxy.ProxyRefDispatcher;

/**
 * Completes a class of ours that has some methods of a JDBC interface: all others, those
 * of later versions of Java too, call the driver's object. They do so without reflection,
 * because each call of a repository makes dozens of them.
 *
 * @param <T> the class
 * @param constructor takes an array of the arguments. Is called without reflection as
 * well, for which it has to be seen as a constant: a component of a record is, if the
 * record is a constant itself
 */
record Completion<T extends Delegating<?>>(MethodHandle constructor) {

	private static final int OURS = 0;

	private static final int DRIVERS = 1;

	private static final int SETTER = 2;

	private static final NoOp AS_IT_IS = NoOp.INSTANCE;

	private static final ProxyRefDispatcher TO_THE_DRIVER = (object) -> ((Delegating<?>) object).target();

	private static final InvocationHandler TO_THE_BINDER = (object, method, args) -> {
		((ParameterBinding) object).bind(method, args);
		return null;
	};

	/**
	 * Completes a class.
	 * @param type an abstract class with one constructor
	 */
	static <T extends Delegating<?>> Completion<T> of(Class<T> type) {
		Enhancer enhancer = new Enhancer();
		enhancer.setClassLoader(type.getClassLoader());
		enhancer.setContextClass(type);
		enhancer.setNamingPolicy(SpringNamingPolicy.INSTANCE);
		enhancer.setSuperclass(type);
		enhancer.setUseFactory(false);
		enhancer.setCallbackTypes(new Class<?>[] { NoOp.class, ProxyRefDispatcher.class, InvocationHandler.class });
		boolean binds = ParameterBinding.class.isAssignableFrom(type);
		enhancer.setCallbackFilter((method) -> callback(method, binds));
		Class<?> created = enhancer.createClass();
		Class<? extends T> completed = created.asSubclass(type);
		Enhancer.registerStaticCallbacks(completed, new Callback[] { AS_IT_IS, TO_THE_DRIVER, TO_THE_BINDER });
		return new Completion<>(constructor(type, completed.getDeclaredConstructors()[0]));
	}

	private static MethodHandle constructor(Class<?> type, Constructor<?> constructor) {
		try {
			return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
				.unreflectConstructor(constructor)
				.asType(MethodType.genericMethodType(constructor.getParameterCount()))
				.asSpreader(Object[].class, constructor.getParameterCount());
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(type.getName() + " cannot be created", ex);
		}
	}

	private static int callback(Method method, boolean binds) {
		if (!Modifier.isAbstract(method.getModifiers()) && !method.isDefault()) {
			return OURS;
		}
		return (binds && ParameterBinding.isSetter(method)) ? SETTER : DRIVERS;
	}

	/**
	 * Creates an object.
	 * @param arguments what the class's constructor takes
	 * @return the object
	 */
	@SuppressWarnings("unchecked")
	T create(@Nullable Object... arguments) {
		try {
			return (T) (Object) this.constructor.invokeExact(arguments);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException("No constructor of ours throws what is checked", ex);
		}
	}

}
