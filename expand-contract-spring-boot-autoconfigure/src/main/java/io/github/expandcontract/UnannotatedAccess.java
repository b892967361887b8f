package io.github.expandcontract;

/**
 * What happens to a statement that names a migrating column and does not come from an
 * {@link ExpandContractRepository}. In any case it is counted and shown on the endpoint.
 */
public enum UnannotatedAccess {

	/**
	 * It runs as it is, and its text is logged once.
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
