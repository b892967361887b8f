package io.github.expandcontract.autoconfigure;

import io.github.expandcontract.actuate.ChangeMeters;
import io.github.expandcontract.actuate.ExpandContractEndpoint;
import io.github.expandcontract.actuate.ExpandContractEndpointWebExtension;
import io.github.expandcontract.actuate.ExpandContractHealthIndicator;
import io.github.expandcontract.actuate.LockMeters;
import io.github.expandcontract.actuate.StatementMeters;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.jdbc.StatementCounts;
import io.github.expandcontract.jdbc.UnannotatedStatements;
import io.github.expandcontract.phase.Admission;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of what an operator sees: the endpoint, the health indicator and the
 * meters, each where its library is there.
 */
@AutoConfiguration(after = ExpandContractAutoConfiguration.class)
@ConditionalOnBean(Operations.class)
public final class ExpandContractActuatorAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
	@ConditionalOnAvailableEndpoint(ExpandContractEndpoint.class)
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ExpandContractEndpoint expandContractEndpoint(Operations operations, UnannotatedStatements unannotated) {
			return new ExpandContractEndpoint(operations, unannotated);
		}

		@Bean
		@ConditionalOnMissingBean
		ExpandContractEndpointWebExtension expandContractEndpointWebExtension(ExpandContractEndpoint endpoint) {
			return new ExpandContractEndpointWebExtension(endpoint);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	@ConditionalOnEnabledHealthIndicator("expandcontract")
	static class HealthConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ExpandContractHealthIndicator expandContractHealthIndicator(Operations operations, Admission admission) {
			return new ExpandContractHealthIndicator(operations, admission);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	static class MeterConfiguration {

		@Bean
		@ConditionalOnMissingBean
		StatementMeters expandContractStatementMeters(StatementCounts counts) {
			return new StatementMeters(counts);
		}

		@Bean
		@ConditionalOnMissingBean
		LockMeters expandContractLockMeters() {
			return new LockMeters();
		}

		@Bean
		@ConditionalOnMissingBean
		ChangeMeters expandContractChangeMeters(Operations operations, Admission admission) {
			return new ChangeMeters(operations, admission);
		}

	}

}
