package io.github.expandcontract.change;

/**
 * An answer for each kind of {@link TableChange}, so that whoever tells them apart learns
 * from the compiler when there is one more.
 *
 * @param <T> the type of the answer
 */
public interface TableChangeVisitor<T> {

	/**
	 * The answer for a foreign key.
	 * @param change the change
	 * @return the answer
	 */
	T addForeignKey(AddForeignKey change);

	/**
	 * The answer for an index.
	 * @param change the change
	 * @return the answer
	 */
	T addIndex(AddIndex change);

	/**
	 * The answer for a unique constraint.
	 * @param change the change
	 * @return the answer
	 */
	T addUnique(AddUnique change);

	/**
	 * The answer for a check.
	 * @param change the change
	 * @return the answer
	 */
	T addCheck(AddCheck change);

	/**
	 * The answer for a column that must not be NULL any more.
	 * @param change the change
	 * @return the answer
	 */
	T requireNotNull(RequireNotNull change);

}
