package io.github.expandcontract.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.hibernate.boot.model.naming.ImplicitNamingStrategy;
import org.hibernate.boot.model.naming.PhysicalNamingStrategy;
import org.hibernate.cfg.MappingSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.hibernate.autoconfigure.HibernateProperties;
import org.springframework.boot.hibernate.autoconfigure.HibernateSettings;
import org.springframework.boot.persistence.autoconfigure.EntityScanPackages;
import org.springframework.core.env.Environment;
import org.springframework.data.relational.core.mapping.NamingStrategy;
import org.springframework.util.ClassUtils;

import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.ChangeDiscovery;
import io.github.expandcontract.change.EntityMapping;
import io.github.expandcontract.change.JpaMapping;
import io.github.expandcontract.change.SpringDataMapping;

/**
 * All changes that the application declares: on the entities of its packages, by the
 * naming that it uses, and as beans. Needs no bean that waits for the database.
 */
final class ChangeDeclarations {

	private ChangeDeclarations() {
	}

	/**
	 * Collects the declarations.
	 * @param beanFactory the factory of the application
	 * @param environment the environment of the application
	 * @return the declarations, those of entities first
	 */
	static List<ChangeDeclaration> of(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		ClassLoader classLoader = beanFactory.getBeanClassLoader();
		classLoader = (classLoader != null) ? classLoader : ChangeDeclarations.class.getClassLoader();
		List<EntityMapping> mappings = new ArrayList<>();
		if (ClassUtils.isPresent("org.springframework.data.jdbc.core.mapping.JdbcMappingContext", classLoader)) {
			mappings.add(WithSpringData.mapping(beanFactory));
		}
		if (ClassUtils.isPresent("org.hibernate.boot.MetadataSources", classLoader) && ClassUtils
			.isPresent("org.springframework.boot.hibernate.autoconfigure.HibernateProperties", classLoader)) {
			mappings.add(WithHibernate.mapping(beanFactory, environment));
		}
		List<ChangeDeclaration> declarations = new ArrayList<>(
				new ChangeDiscovery(classLoader, mappings).discover(packages(beanFactory, classLoader)));
		beanFactory.getBeanProvider(ChangeDeclaration.class).orderedStream().forEach(declarations::add);
		return List.copyOf(declarations);
	}

	private static List<String> packages(ConfigurableListableBeanFactory beanFactory,
			@Nullable ClassLoader classLoader) {
		List<String> packages = ClassUtils
			.isPresent("org.springframework.boot.persistence.autoconfigure.EntityScanPackages", classLoader)
					? WithEntityScan.packages(beanFactory) : List.of();
		if (packages.isEmpty() && AutoConfigurationPackages.has(beanFactory)) {
			packages = AutoConfigurationPackages.get(beanFactory);
		}
		return packages;
	}

	/**
	 * Apart, so that an application with nothing but JDBC may do without.
	 */
	private static final class WithEntityScan {

		static List<String> packages(ConfigurableListableBeanFactory beanFactory) {
			return EntityScanPackages.get(beanFactory).getPackageNames();
		}

	}

	/**
	 * Apart, so that Spring Data may be missing.
	 */
	private static final class WithSpringData {

		static EntityMapping mapping(ConfigurableListableBeanFactory beanFactory) {
			return new SpringDataMapping(beanFactory.getBeanProvider(NamingStrategy.class).getIfUnique());
		}

	}

	/**
	 * Apart, so that Hibernate may be missing.
	 */
	private static final class WithHibernate {

		static EntityMapping mapping(ConfigurableListableBeanFactory beanFactory, Environment environment) {
			Binder binder = Binder.get(environment);
			Map<String, String> given = binder.bind("spring.jpa.properties", Bindable.mapOf(String.class, String.class))
				.orElseGet(Map::of);
			Map<String, Object> settings = new LinkedHashMap<>(
					binder.bindOrCreate("spring.jpa.hibernate", HibernateProperties.class)
						.determineHibernateProperties(given, new HibernateSettings().ddlAuto(() -> "none")));
			beanFactory.getBeanProvider(PhysicalNamingStrategy.class)
				.ifUnique((strategy) -> settings.put(MappingSettings.PHYSICAL_NAMING_STRATEGY, strategy));
			beanFactory.getBeanProvider(ImplicitNamingStrategy.class)
				.ifUnique((strategy) -> settings.put(MappingSettings.IMPLICIT_NAMING_STRATEGY, strategy));
			return new JpaMapping(settings);
		}

	}

}
