package io.github.expandcontract.repository;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.CallScope;
import io.github.expandcontract.phase.Ticket;

/**
 * Admits calls of annotated repositories and opens the scope in which their statements
 * are rewritten.
 *
 * <ol>
 * <li>A call within another one belongs to it.</li>
 * <li>The first call in a transaction takes a ticket for the whole transaction. A later
 * one is never held: the transaction may have a lock that a held cutover waits for.</li>
 * <li>A transaction within another one, which is suspended, belongs to the outer one's
 * ticket for the same reason.</li>
 * <li>Without a transaction the ticket is for the call.</li>
 * </ol>
 */
final class AdmissionInterceptor implements MethodInterceptor {

	private final Admission admission;

	AdmissionInterceptor(Admission admission) {
		this.admission = admission;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		if (CallScope.currentTicket() != null) {
			return invocation.proceed();
		}
		Ticket bound = ofTransaction();
		if (bound != null) {
			return proceed(invocation, bound);
		}
		try (Ticket ticket = this.admission.admit()) {
			return proceed(invocation, ticket);
		}
	}

	// Opened for its effect on the thread.
	@SuppressWarnings("try")
	private static @Nullable Object proceed(MethodInvocation invocation, Ticket ticket) throws Throwable {
		try (CallScope scope = CallScope.open(ticket)) {
			return invocation.proceed();
		}
	}

	private @Nullable Ticket ofTransaction() {
		// Stays bound while the transaction is suspended, and is so found within it.
		TransactionTicket bound = (TransactionTicket) TransactionSynchronizationManager.getResource(this);
		if (bound != null && !bound.closed) {
			coverCommit(bound.ticket());
			return bound.ticket();
		}
		if (!TransactionSynchronizationManager.isSynchronizationActive()
				|| !TransactionSynchronizationManager.isActualTransactionActive()) {
			return null;
		}
		TransactionSynchronizationManager.unbindResourceIfPossible(this);
		TransactionTicket created = new TransactionTicket(this.admission.admit(), !isCovered());
		TransactionSynchronizationManager.bindResource(this, created);
		TransactionSynchronizationManager.registerSynchronization(created);
		return created.ticket();
	}

	/**
	 * Covers the commit of the present transaction, which may lie within the one that
	 * took the ticket.
	 */
	private static void coverCommit(Ticket ticket) {
		if (!TransactionSynchronizationManager.isSynchronizationActive()) {
			return;
		}
		if (!isCovered()) {
			TransactionSynchronizationManager.registerSynchronization(new CommitScope(ticket));
		}
	}

	private static boolean isCovered() {
		for (TransactionSynchronization registered : TransactionSynchronizationManager.getSynchronizations()) {
			if (registered instanceof CommitScope scope && scope.covers) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Keeps the scope open while a transaction commits, because that is when a
	 * persistence context writes what the calls within have changed.
	 */
	private static class CommitScope implements TransactionSynchronization {

		private final Ticket ticket;

		private final boolean covers;

		private @Nullable CallScope scope;

		CommitScope(Ticket ticket) {
			this(ticket, true);
		}

		CommitScope(Ticket ticket, boolean covers) {
			this.ticket = ticket;
			this.covers = covers;
		}

		final Ticket ticket() {
			return this.ticket;
		}

		@Override
		public final void beforeCompletion() {
			if (this.covers) {
				this.scope = CallScope.open(this.ticket);
			}
		}

		@Override
		public void afterCompletion(int status) {
			if (this.scope != null) {
				this.scope.close();
				this.scope = null;
			}
		}

	}

	/**
	 * Closes the ticket besides when the transaction that took it has ended. Leaves the
	 * commit to the scope of another advice if there is one.
	 */
	private final class TransactionTicket extends CommitScope {

		private volatile boolean closed;

		private TransactionTicket(Ticket ticket, boolean covers) {
			super(ticket, covers);
		}

		@Override
		public void afterCompletion(int status) {
			super.afterCompletion(status);
			this.closed = true;
			ticket().close();
			Object bound = TransactionSynchronizationManager.getResource(AdmissionInterceptor.this);
			if (bound == this) {
				TransactionSynchronizationManager.unbindResource(AdmissionInterceptor.this);
			}
		}

	}

}
