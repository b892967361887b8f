package io.github.expandcontract.additions;

import java.util.ArrayList;
import java.util.List;

import org.mybatis.spring.boot.autoconfigure.MybatisAutoConfiguration;

import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.ReferentialAction;
import io.github.expandcontract.testing.ChangeWalk;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * An application whose table of orders gets all that it has lacked.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = { JooqAutoConfiguration.class, MybatisAutoConfiguration.class })
class Warehouse {

	static final ChangeWalk INDEX = new ChangeWalk("orders-orders-customer-idx");

	static final ChangeWalk UNIQUE = new ChangeWalk("orders-orders-number-key");

	static final ChangeWalk FOREIGN_KEY = new ChangeWalk("orders-orders-customer-fkey");

	static final ChangeWalk CHECK = new ChangeWalk("orders-orders-total-check");

	static final ChangeWalk NOT_NULL = new ChangeWalk("orders-number");

	static final ChangeWalk OTHER_TABLE = new ChangeWalk("customers-name");

	static final List<ChangeWalk> ALL = List.of(INDEX, UNIQUE, FOREIGN_KEY, CHECK, NOT_NULL);

	static {
		// Two applications that start at once in one JVM would initialize it at once.
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
	}

	static ConfigurableApplicationContext open(String url, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.datasource.url=" + url,
				"spring.datasource.hikari.maximum-pool-size=8", "spring.flyway.locations=classpath:additions/migration",
				"spring.main.banner-mode=off", "expand-contract.heartbeat-interval=50ms"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(Warehouse.class).web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new))
			.run();
	}

	@Bean
	ChangeDeclaration customerIndex() {
		return ChangeDeclaration.addIndex("orders", "orders_customer_idx", "(customer_id) INCLUDE (total)");
	}

	@Bean
	ChangeDeclaration uniqueNumber() {
		return ChangeDeclaration.addUnique("orders", "orders_number_key", "number");
	}

	@Bean
	@ConditionalOnProperty("warehouse.orphans")
	ChangeDeclaration customerKeyWithoutOrphans() {
		return ChangeDeclaration.addForeignKey("orders", "orders_customer_fkey", "customer_id", "customers", "id")
			.settingOrphansNull();
	}

	@ConditionalOnProperty(name = "warehouse.orphans", matchIfMissing = true, havingValue = "stop")
	@Bean
	ChangeDeclaration customerKey() {
		return ChangeDeclaration.addForeignKey("orders", "orders_customer_fkey", "customer_id", "customers", "id")
			.onDelete(ReferentialAction.CASCADE);
	}

	@Bean
	ChangeDeclaration totalCheck() {
		return ChangeDeclaration.addCheck("orders", "orders_total_check", "total >= 0");
	}

	@Bean
	ChangeDeclaration requiredNumber() {
		return ChangeDeclaration.requireNotNull("orders", "number");
	}

	@Bean
	ChangeDeclaration requiredName() {
		return ChangeDeclaration.requireNotNull("customers", "name");
	}

}
