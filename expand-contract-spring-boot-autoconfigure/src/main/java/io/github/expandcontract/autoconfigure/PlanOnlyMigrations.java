package io.github.expandcontract.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.flywaydb.core.Flyway;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;

/**
 * Keeps Flyway from migrating where only a plan is wanted, and says what it would have
 * run, because the plan is by the tables as they are.
 */
class PlanOnlyMigrations implements BeanPostProcessor {

	private static final Log logger = LogFactory.getLog(PlanOnlyMigrations.class);

	private final ObjectProvider<Flyway> flyway;

	PlanOnlyMigrations(ObjectProvider<Flyway> flyway) {
		this.flyway = flyway;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		return (bean instanceof FlywayMigrationInitializer)
				? new FlywayMigrationInitializer(this.flyway.getObject(), PlanOnlyMigrations::report) : bean;
	}

	private static void report(Flyway flyway) {
		int pending = flyway.info().pending().length;
		if (pending > 0) {
			logger.warn(pending + " migrations of Flyway are pending and were not run, because only a plan is wanted. "
					+ "The plan is by the tables as they are without them.");
		}
	}

}
