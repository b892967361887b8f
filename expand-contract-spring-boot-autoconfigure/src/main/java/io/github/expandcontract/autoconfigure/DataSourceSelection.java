package io.github.expandcontract.autoconfigure;

import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.util.ClassUtils;

/**
 * Tells which data source's database changes, from bean definitions alone:
 * <ol>
 * <li>the one that the property names,</li>
 * <li>the primary one,</li>
 * <li>the only one that may be injected without being asked for, which one that is meant
 * for Flyway may not, and a fallback only where there is no other.</li>
 * </ol>
 */
final class DataSourceSelection {

	private static final String FLYWAY_DATA_SOURCE = "org.springframework.boot.flyway.autoconfigure.FlywayDataSource";

	private DataSourceSelection() {
	}

	/**
	 * Selects the data source.
	 * @param beanFactory the factory of the application
	 * @param property the bean's name as the property gives it, {@code null} if it does
	 * not
	 * @return the bean's name, empty if there is no data source
	 * @throws DataSourceSelectionException if the property names no data source or it
	 * cannot be told
	 */
	static Optional<String> select(ConfigurableListableBeanFactory beanFactory, @Nullable String property) {
		List<String> all = List.of(beanFactory.getBeanNamesForType(DataSource.class, true, false));
		if (property != null) {
			if (!all.contains(property)) {
				throw DataSourceSelectionException.unknown(property, all);
			}
			return Optional.of(property);
		}
		List<String> candidates = candidates(beanFactory);
		return candidates.isEmpty() ? Optional.empty() : Optional.of(only(candidates));
	}

	private static List<String> candidates(ConfigurableListableBeanFactory beanFactory) {
		List<String> candidates = Stream.of(beanFactory.getBeanNamesForType(DataSource.class, true, false))
			.filter((name) -> isDefaultCandidate(beanFactory, name) && !isFlyways(beanFactory, name))
			.toList();
		return Stream
			.<Predicate<BeanDefinition>>of(BeanDefinition::isPrimary, (definition) -> !definition.isFallback(),
					(definition) -> true)
			.map((predicate) -> candidates.stream().filter((name) -> matches(beanFactory, name, predicate)).toList())
			.filter((names) -> !names.isEmpty())
			.findFirst()
			.orElse(List.of());
	}

	/**
	 * Whether a data source is the selected one.
	 * @param beanFactory the factory of the application
	 * @param property the bean's name as the property gives it, {@code null} if it does
	 * not
	 * @param name the bean's name
	 * @return whether it is the one; where it cannot be told, none is
	 * @throws DataSourceSelectionException if the property names no data source
	 */
	static boolean isSelected(ConfigurableListableBeanFactory beanFactory, @Nullable String property, String name) {
		if (property != null) {
			return select(beanFactory, property).filter(name::equals).isPresent();
		}
		return candidates(beanFactory).equals(List.of(name));
	}

	private static String only(List<String> names) {
		if (names.size() > 1) {
			throw DataSourceSelectionException.ambiguous(names);
		}
		return names.get(0);
	}

	private static boolean matches(ConfigurableListableBeanFactory beanFactory, String name,
			Predicate<BeanDefinition> predicate) {
		return beanFactory.containsBeanDefinition(name) ? predicate.test(beanFactory.getMergedBeanDefinition(name))
				: predicate.test(new RootBeanDefinition());
	}

	private static boolean isDefaultCandidate(ConfigurableListableBeanFactory beanFactory, String name) {
		return matches(beanFactory, name, (definition) -> definition.isAutowireCandidate()
				&& !(definition instanceof AbstractBeanDefinition bean && !bean.isDefaultCandidate()));
	}

	private static boolean isFlyways(ConfigurableListableBeanFactory beanFactory, String name) {
		Class<? extends Annotation> annotation = flywayDataSource(beanFactory.getBeanClassLoader());
		return annotation != null && beanFactory.findAnnotationOnBean(name, annotation, false) != null;
	}

	private static @Nullable Class<? extends Annotation> flywayDataSource(@Nullable ClassLoader classLoader) {
		return ClassUtils.isPresent(FLYWAY_DATA_SOURCE, classLoader)
				? ClassUtils.resolveClassName(FLYWAY_DATA_SOURCE, classLoader).asSubclass(Annotation.class) : null;
	}

}
