package io.github.expandcontract.sql;

/**
 * Ends the rewriting of a statement that must not run. Never leaves
 * {@link StatementRewriter}, which makes a {@link Rewriting.Refused} of it.
 */
final class RefusalException extends RuntimeException {

	private final int position;

	private final String reason;

	private final String action;

	RefusalException(int position, String reason, String action) {
		super(reason, null, false, false);
		this.position = position;
		this.reason = reason;
		this.action = action;
	}

	/**
	 * The text is not understood.
	 */
	static RefusalException notUnderstood(int position, String reason) {
		return new RefusalException(position, reason,
				"Write the statement in a simpler form, or run it outside of annotated repositories.");
	}

	Rewriting.Refused toRewriting() {
		return new Rewriting.Refused(this.position, this.reason, this.action);
	}

}
