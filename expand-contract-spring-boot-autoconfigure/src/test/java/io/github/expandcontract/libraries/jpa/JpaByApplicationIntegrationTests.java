package io.github.expandcontract.libraries.jpa;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.libraries.Library;

import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;

@Library(value = JpaApplication.class, sync = SyncMode.APPLICATION,
		autoConfigurations = HibernateJpaAutoConfiguration.class,
		properties = { "spring.jpa.hibernate.ddl-auto=none", "spring.jpa.open-in-view=false",
				"spring.jpa.properties.hibernate.jdbc.batch_size=10",
				"spring.jpa.properties.hibernate.order_updates=true" })
class JpaByApplicationIntegrationTests extends JpaIntegrationTests {

}
