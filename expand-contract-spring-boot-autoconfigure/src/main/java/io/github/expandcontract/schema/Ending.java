package io.github.expandcontract.schema;

import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ColumnChange;

/**
 * How CONTRACT leaves one column of two, and how the way back from it begins.
 */
sealed interface Ending permits OriginalStays, CopyStays {

	/**
	 * The ending of a change: the one place that tells the kinds apart.
	 * @param change the change
	 * @param sync what keeps the columns in step
	 * @return how it ends
	 */
	static Ending of(ColumnChange change, SyncMode sync) {
		return change.keepsOriginal(sync.hasTrigger()) ? new OriginalStays() : new CopyStays(
				change.<WayBack>fold((rename) -> new FormerName(), (type) -> new FormerColumn(type, sync)));
	}

	/**
	 * Whether new keeps the place, so that what hangs on old is lost with it.
	 * @return whether it does
	 */
	boolean copyStays();

	/**
	 * The phase that the way back from CONTRACT leads to.
	 * @return one in which nothing reads a column that is not filled
	 */
	Phase returnsTo();

	/**
	 * What can be done before the transaction of CONTRACT, each step on its own.
	 * @param jdbc where the catalog is read
	 * @param change the change
	 * @return the steps that are missing
	 */
	List<Step> prepareSteps(JdbcOperations jdbc, ColumnChange change);

	/**
	 * The transaction of CONTRACT, after the lock on the table.
	 * @param jdbc where the catalog is read
	 * @param change the change
	 * @param carried what is carried from old to new, where the copy stays
	 * @return the steps
	 * @throws UnsupportedChangeException if something would be lost
	 */
	List<Step> contractSteps(JdbcOperations jdbc, ColumnChange change, Carried carried);

	/**
	 * The transaction of the way back, after the lock on the table and before the
	 * trigger.
	 * @param jdbc where the catalog is read
	 * @param change the change
	 * @return the steps
	 */
	List<Step> reopenSteps(JdbcOperations jdbc, ColumnChange change);

}
