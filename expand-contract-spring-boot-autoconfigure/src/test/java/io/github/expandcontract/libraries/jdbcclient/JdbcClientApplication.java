package io.github.expandcontract.libraries.jdbcclient;

import io.github.expandcontract.change.ChangeDeclaration;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ JdbcClientAccounts.class })
class JdbcClientApplication {

	@Bean
	static ChangeDeclaration rename() {
		return ChangeDeclaration.renameColumn("account", "username", "handle");
	}

}
