package io.github.expandcontract.autoconfigure;

import org.springframework.beans.factory.InitializingBean;

/**
 * Brings the database to where the changes begin. Runs after Flyway and the scripts, and
 * before everything that Spring Boot lets wait for an initialized database.
 */
class ExpandContractInitializer implements InitializingBean {

	private final Runnable initialization;

	ExpandContractInitializer(Runnable initialization) {
		this.initialization = initialization;
	}

	@Override
	public void afterPropertiesSet() {
		this.initialization.run();
	}

}
