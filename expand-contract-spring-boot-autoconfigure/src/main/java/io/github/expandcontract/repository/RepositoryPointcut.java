package io.github.expandcontract.repository;

import java.lang.reflect.Method;

import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

import io.github.expandcontract.ExpandContractRepository;

/**
 * All methods of annotated types, inherited ones like {@code save} included, which
 * {@code @within} and {@code @target} miss on the proxies of Spring Data.
 */
final class RepositoryPointcut extends StaticMethodMatcherPointcut {

	RepositoryPointcut() {
		setClassFilter(RepositoryPointcut::isAnnotated);
	}

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		return method.getDeclaringClass() != Object.class && isAnnotated(targetClass);
	}

	private static boolean isAnnotated(Class<?> type) {
		return MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY).isPresent(ExpandContractRepository.class);
	}

}
