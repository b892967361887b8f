package io.github.expandcontract.jdbc;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.phase.Ticket;

/**
 * The ticket by whose snapshot the statements of one connection run, kept for as long as
 * one of them can still be executed or undone: until the transaction has ended and no
 * statement is open, or until the connection is closed.
 */
final class ConnectionTicket {

	private volatile @Nullable Ticket ticket;

	private int openStatements;

	private boolean inTransaction;

	private boolean closed;

	/**
	 * The ticket that is kept.
	 * @return the ticket, {@code null} if the connection is free to follow another
	 */
	@Nullable Ticket present() {
		return this.ticket;
	}

	/**
	 * The ticket by which statements of the transaction ran.
	 * @return the ticket, {@code null} if none of them ran by one
	 */
	synchronized @Nullable Ticket ofTransaction() {
		return this.inTransaction ? this.ticket : null;
	}

	/**
	 * Keeps a ticket until the transaction ends.
	 * @param scope the ticket to follow if none is kept
	 * @return the ticket to follow
	 */
	synchronized Ticket keepForTransaction(Ticket scope) {
		this.inTransaction = true;
		return keep(scope);
	}

	/**
	 * Keeps a ticket until a statement is closed.
	 * @param scope the ticket to follow if none is kept
	 * @return the ticket to follow
	 */
	synchronized Ticket statementOpened(Ticket scope) {
		this.openStatements++;
		return keep(scope);
	}

	private Ticket keep(Ticket scope) {
		Ticket kept = this.ticket;
		if (kept == null) {
			kept = scope.share();
			if (this.closed) {
				// Statements of a closed connection cannot run any more.
				kept.close();
				return kept;
			}
			this.ticket = kept;
		}
		return kept;
	}

	synchronized void statementClosed() {
		this.openStatements--;
		releaseIfUnused();
	}

	synchronized void transactionEnded() {
		this.inTransaction = false;
		releaseIfUnused();
	}

	synchronized void connectionClosed() {
		this.closed = true;
		release();
	}

	private void releaseIfUnused() {
		if (this.openStatements == 0 && !this.inTransaction) {
			release();
		}
	}

	private void release() {
		Ticket kept = this.ticket;
		if (kept != null) {
			this.ticket = null;
			kept.close();
		}
	}

}
