package io.github.expandcontract.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import io.github.expandcontract.ExpandContractException;

/**
 * Shows what an {@link ExpandContractException} says, before an analyzer that only sees
 * what it is wrapped in.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class ExpandContractFailureAnalyzer extends AbstractFailureAnalyzer<ExpandContractException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ExpandContractException cause) {
		return new FailureAnalysis(cause.getDescription(), cause.getAction(), cause);
	}

}
