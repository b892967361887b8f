package io.github.expandcontract;

import org.jspecify.annotations.Nullable;

/**
 * Base of all exceptions of expand-contract. The message names the thing that is wrong
 * and {@link #getAction()} the way out.
 */
public abstract class ExpandContractException extends RuntimeException {

	private final String action;

	/**
	 * Creates an exception.
	 * @param description what is wrong, as a sentence that names the thing
	 * @param action what to do about it, as a sentence
	 */
	protected ExpandContractException(String description, String action) {
		this(description, action, null);
	}

	/**
	 * Creates an exception with a cause.
	 * @param description what is wrong, as a sentence that names the thing
	 * @param action what to do about it, as a sentence
	 * @param cause the cause, or {@code null}
	 */
	protected ExpandContractException(String description, String action, @Nullable Throwable cause) {
		super(description, cause);
		this.action = action;
	}

	@Override
	public String getMessage() {
		return getDescription() + " " + this.action;
	}

	/**
	 * What is wrong.
	 * @return a sentence that names the thing
	 */
	public String getDescription() {
		String description = super.getMessage();
		return (description != null) ? description : "";
	}

	/**
	 * What to do about it.
	 * @return a sentence
	 */
	public String getAction() {
		return this.action;
	}

}
