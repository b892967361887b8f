package io.github.expandcontract;

/**
 * What keeps the old and the new column in step while both exist.
 */
public enum SyncMode {

	/**
	 * The application writes both columns and a trigger covers everyone else.
	 */
	BOTH,

	/**
	 * The application alone writes both columns. Nothing may write the table except
	 * annotated repositories.
	 */
	APPLICATION,

	/**
	 * The application writes one column and a trigger derives the other.
	 */
	TRIGGER;

	/**
	 * Whether a trigger keeps the columns in step.
	 * @return whether a trigger exists until {@link Phase#CONTRACT}
	 */
	public boolean hasTrigger() {
		return this != APPLICATION;
	}

}
