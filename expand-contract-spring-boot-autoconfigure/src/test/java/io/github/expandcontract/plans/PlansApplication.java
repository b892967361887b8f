package io.github.expandcontract.plans;

import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.testing.ChangeWalk;
import org.mybatis.spring.boot.autoconfigure.MybatisAutoConfiguration;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application with a rename and a change of type.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
		exclude = { JooqAutoConfiguration.class, MybatisAutoConfiguration.class, HibernateJpaAutoConfiguration.class })
class PlansApplication {

	static final ChangeWalk ACCOUNTS = new ChangeWalk("accounts-handle");

	static final ChangeWalk ITEMS = new ChangeWalk("items-price");

	/**
	 * Starts it, and does nothing more: with {@code expand-contract.plan-only} it ends by
	 * itself.
	 * @param arguments the database's address and the properties
	 */
	public static void main(String[] arguments) {
		start(arguments[0], arguments[1].split(",", -1));
		System.out.println("The application has started");
		System.exit(3);
	}

	static ConfigurableApplicationContext start(String url, String... properties) {
		return start(PlansApplication.class, url, properties);
	}

	static ConfigurableApplicationContext start(Class<?> application, String url, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.datasource.url=" + url,
				"spring.datasource.hikari.maximum-pool-size=4", "spring.flyway.locations=classpath:plans/migration",
				"spring.main.banner-mode=off", "expand-contract.heartbeat-interval=50ms"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new))
			.run();
	}

}
