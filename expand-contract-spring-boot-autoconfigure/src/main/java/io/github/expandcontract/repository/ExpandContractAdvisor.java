package io.github.expandcontract.repository;

import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.core.Ordered;

import io.github.expandcontract.ExpandContractRepository;
import io.github.expandcontract.phase.Admission;

/**
 * Advises the methods of every bean whose class, superclass or interface carries
 * {@link ExpandContractRepository}: statements within them run by the rules of the phase.
 * It lies outside of the transaction advice, so that a transaction which such a method
 * begins has ended when the call has.
 */
public final class ExpandContractAdvisor extends AbstractPointcutAdvisor {

	/**
	 * Leaves room for advices that repeat a call, which have to lie outside of this one.
	 */
	static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 1000;

	private final transient Pointcut pointcut = new RepositoryPointcut();

	private final transient AdmissionInterceptor advice;

	/**
	 * Creates an advisor.
	 * @param admission what admits the calls
	 */
	public ExpandContractAdvisor(Admission admission) {
		this.advice = new AdmissionInterceptor(admission);
		setOrder(ORDER);
	}

	@Override
	public Pointcut getPointcut() {
		return this.pointcut;
	}

	@Override
	public AdmissionInterceptor getAdvice() {
		return this.advice;
	}

}
