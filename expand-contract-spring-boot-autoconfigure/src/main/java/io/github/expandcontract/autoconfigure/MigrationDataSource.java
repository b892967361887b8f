package io.github.expandcontract.autoconfigure;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.util.ClassUtils;

/**
 * Finds the data source to run DDL on: Flyway's, with Flyway's user, where the
 * application has Flyway, else the application's. Without the rewriting around it.
 */
final class MigrationDataSource {

	private static final boolean FLYWAY_PRESENT = ClassUtils.isPresent("org.flywaydb.core.Flyway",
			MigrationDataSource.class.getClassLoader());

	private MigrationDataSource() {
	}

	/**
	 * Finds the data source.
	 * @param beanFactory where Flyway is looked up
	 * @param application the application's data source
	 * @param rewriting the type of the data source that rewrites, which is taken off
	 * @return the data source
	 */
	static DataSource of(BeanFactory beanFactory, DataSource application,
			Class<? extends DelegatingDataSource> rewriting) {
		return unwrap(FLYWAY_PRESENT ? WithFlyway.dataSource(beanFactory, application) : application, rewriting);
	}

	private static DataSource unwrap(DataSource dataSource, Class<? extends DelegatingDataSource> rewriting) {
		// Others stay: they may choose the user, the schema or the server.
		if (rewriting.isInstance(dataSource)) {
			DataSource target = rewriting.cast(dataSource).getTargetDataSource();
			return (target != null) ? unwrap(target, rewriting) : dataSource;
		}
		return dataSource;
	}

	/**
	 * Apart, so that Flyway may be missing.
	 */
	private static final class WithFlyway {

		static DataSource dataSource(BeanFactory beanFactory, DataSource application) {
			Flyway flyway = beanFactory.getBeanProvider(Flyway.class).getIfUnique();
			DataSource dataSource = (flyway != null) ? flyway.getConfiguration().getDataSource() : null;
			return (dataSource != null) ? dataSource : application;
		}

	}

}
