package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.util.Set;

import org.springframework.cglib.core.SpringNamingPolicy;
import org.springframework.cglib.proxy.Callback;
import org.springframework.cglib.proxy.Dispatcher;
import org.springframework.cglib.proxy.Enhancer;
import org.springframework.cglib.proxy.Factory;
import org.springframework.cglib.proxy.InvocationHandler;

/**
 * Result sets of ours that hand most calls on without reflection, because a repository
 * asks a result set more often than anything else: once for each column of each row.
 */
final class DispatchedResultSets {

	private static final int HANDLED = 1;

	/** What is about the object itself, or leads back to the statement. */
	private static final Set<String> METHODS = Set.of("getStatement", "close", "unwrap", "isWrapperFor", "equals",
			"hashCode", "toString");

	private static final Factory PROTOTYPE = prototype();

	private DispatchedResultSets() {
	}

	/**
	 * Creates a result set.
	 * @param target the driver's, which answers everything else
	 * @param handler answers what is not simply handed on
	 * @return the result set
	 */
	static ResultSet of(Object target, java.lang.reflect.InvocationHandler handler) {
		Dispatcher dispatcher = () -> target;
		InvocationHandler handling = handler::invoke;
		return (ResultSet) PROTOTYPE.newInstance(new Callback[] { dispatcher, handling });
	}

	private static Factory prototype() {
		Dispatcher nothing = () -> {
			throw new IllegalStateException("Not a result set");
		};
		InvocationHandler unhandled = (proxy, method, args) -> null;
		Enhancer enhancer = new Enhancer();
		enhancer.setClassLoader(Ours.class.getClassLoader());
		enhancer.setContextClass(Ours.class);
		enhancer.setNamingPolicy(SpringNamingPolicy.INSTANCE);
		enhancer.setInterfaces(new Class<?>[] { ResultSet.class, Ours.class });
		enhancer.setCallbackFilter(DispatchedResultSets::callback);
		enhancer.setCallbacks(new Callback[] { nothing, unhandled });
		return (Factory) enhancer.create();
	}

	private static int callback(Method method) {
		return METHODS.contains(method.getName()) ? HANDLED : 0;
	}

	/**
	 * Puts the class into this package.
	 */
	interface Ours {

	}

}
