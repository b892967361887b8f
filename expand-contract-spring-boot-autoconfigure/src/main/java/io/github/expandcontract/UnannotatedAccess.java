package io.github.expandcontract;

/**
 * What happens to a statement that names a migrating column and does not come from an
 * {@link ExpandContractRepository}.
 */
public enum UnannotatedAccess {

	/**
	 * It runs as it is; its text is logged once, counted and shown on the endpoint.
	 */
	WARN,

	/**
	 * It is rewritten as if it came from an annotated repository.
	 */
	REWRITE,

	/**
	 * It is refused.
	 */
	FAIL

}
