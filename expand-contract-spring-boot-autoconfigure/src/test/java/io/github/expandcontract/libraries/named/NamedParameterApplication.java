package io.github.expandcontract.libraries.named;

import io.github.expandcontract.change.ChangeDeclaration;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ NamedParameterAccounts.class, SimpleJdbcInserts.class })
class NamedParameterApplication {

	@Bean
	static ChangeDeclaration rename() {
		return ChangeDeclaration.renameColumn("account", "username", "handle");
	}

}
