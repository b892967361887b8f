package io.github.expandcontract.libraries.jooq;

import io.github.expandcontract.change.ChangeDeclaration;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.DefaultConfigurationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ JooqAccounts.class, JooqExtras.class })
class JooqApplication {

	static {
		System.setProperty("org.jooq.no-logo", "true");
		System.setProperty("org.jooq.no-tips", "true");
	}

	@Bean
	static DefaultConfigurationCustomizer optimisticLocking() {
		return (configuration) -> configuration.settings().setExecuteWithOptimisticLocking(true);
	}

	@Bean
	static ChangeDeclaration rename() {
		return ChangeDeclaration.renameColumn("account", "username", "handle");
	}

}
