package io.github.expandcontract.postgres;

/**
 * A text ends within a string, a quoted name or a comment.
 */
public final class UnterminatedTextException extends RuntimeException {

	private final int position;

	private final String reason;

	UnterminatedTextException(int position, String reason) {
		super(reason, null, false, false);
		this.position = position;
		this.reason = reason;
	}

	/**
	 * Where that which does not end begins.
	 * @return offset of its first character
	 */
	public int position() {
		return this.position;
	}

	/**
	 * What does not end.
	 * @return a sentence
	 */
	public String reason() {
		return this.reason;
	}

}
