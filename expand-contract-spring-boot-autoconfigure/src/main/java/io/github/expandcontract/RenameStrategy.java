package io.github.expandcontract;

/**
 * How a column is given another name.
 */
public enum RenameStrategy {

	/**
	 * A second column stands beside it and a trigger keeps both in step, so that any
	 * release may run beside this one until {@link Phase#CONTRACT}, and after the way
	 * back from it.
	 */
	COPY,

	/**
	 * The column is renamed where it is, while all calls of annotated repositories are
	 * held for a moment. Costs nothing, whatever the size of the table, and needs that
	 * nobody but annotated repositories names the column then.
	 */
	IN_PLACE

}
