package io.github.expandcontract.bare;

import io.github.expandcontract.ExpandContractRepository;
import io.github.expandcontract.change.ChangeDeclaration;
import org.mybatis.spring.boot.autoconfigure.MybatisAutoConfiguration;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An application in a process of its own that needs no more than JDBC, to be started with
 * libraries missing from its class path. Ends with 0 if its statement was rewritten.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = { JooqAutoConfiguration.class, MybatisAutoConfiguration.class })
@Import(BareApplication.Queries.class)
class BareApplication {

	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(BareApplication.class)
			.web(WebApplicationType.NONE)
			.properties("spring.datasource.url=" + args[0], "spring.flyway.enabled=false")
			.run()) {
			context.getBean(Queries.class).insert("ada");
		}
	}

	@Bean
	static ChangeDeclaration rename() {
		return ChangeDeclaration.renameColumn("users", "username", "handle");
	}

	@ExpandContractRepository
	static class Queries {

		private final JdbcTemplate template;

		Queries(JdbcTemplate template) {
			this.template = template;
		}

		void insert(String handle) {
			this.template.update("INSERT INTO users (handle) VALUES (?)", handle);
		}

	}

}
