package io.github.expandcontract.libraries.jdbctemplate;

import io.github.expandcontract.change.ChangeDeclaration;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ JdbcTemplateAccounts.class, JdbcTemplateExtras.class })
class JdbcTemplateApplication {

	@Bean
	static ChangeDeclaration rename() {
		return ChangeDeclaration.renameColumn("account", "username", "handle");
	}

}
