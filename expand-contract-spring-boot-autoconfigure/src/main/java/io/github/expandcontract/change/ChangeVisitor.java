package io.github.expandcontract.change;

/**
 * An answer for each kind of change, so that whoever tells them apart learns from the
 * compiler when there is one more.
 *
 * @param <T> the type of the answer
 */
public interface ChangeVisitor<T> {

	/**
	 * The answer for a rename by a copy.
	 * @param change the change
	 * @return the answer
	 */
	T rename(RenameColumn change);

	/**
	 * The answer for a rename in place.
	 * @param change the change
	 * @return the answer
	 */
	T renameInPlace(RenameInPlace change);

	/**
	 * The answer for a change of type.
	 * @param change the change
	 * @return the answer
	 */
	T changeType(ChangeType change);

	/**
	 * The answer for a column that is added.
	 * @param change the change
	 * @return the answer
	 */
	T addColumn(AddColumn change);

	/**
	 * The answer for columns that are split or merged.
	 * @param change the change
	 * @return the answer
	 */
	T reshape(ReshapeColumns change);

	/**
	 * The answer for whatever is added to a table and moves no values, of which
	 * {@link TableChangeVisitor} tells the kinds apart.
	 * @param change the change
	 * @return the answer
	 */
	T tableChange(TableChange change);

	/**
	 * The answer for a column that goes away with nothing in its place.
	 * @param change the change
	 * @return the answer
	 */
	T dropColumn(DropColumn change);

	/**
	 * The answer for a table that goes away.
	 * @param change the change
	 * @return the answer
	 */
	T dropTable(DropTable change);

}
