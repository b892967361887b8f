package io.github.expandcontract.phase;

import org.jspecify.annotations.Nullable;

/**
 * The call of an annotated repository that the present thread is within. Opened by the
 * aspect, read by the connections that rewrite.
 */
public final class CallScope implements AutoCloseable {

	private static final ThreadLocal<@Nullable CallScope> CURRENT = new ThreadLocal<>();

	private final @Nullable CallScope outer;

	private final Ticket ticket;

	private CallScope(Ticket ticket, @Nullable CallScope outer) {
		this.ticket = ticket;
		this.outer = outer;
	}

	/**
	 * Opens a scope on this thread, within the present one if there is one. Does not take
	 * over the ticket: who admitted the call closes it.
	 * @param ticket the ticket whose rules apply
	 * @return the scope, to be closed on the same thread
	 */
	public static CallScope open(Ticket ticket) {
		CallScope scope = new CallScope(ticket, CURRENT.get());
		CURRENT.set(scope);
		return scope;
	}

	/**
	 * The ticket of the innermost scope on this thread.
	 * @return the ticket, {@code null} outside of any annotated repository
	 */
	public static @Nullable Ticket currentTicket() {
		CallScope scope = CURRENT.get();
		return (scope != null) ? scope.ticket : null;
	}

	@Override
	public void close() {
		// The entry itself stays, for the next call on this thread
		CURRENT.set(this.outer);
	}

}
