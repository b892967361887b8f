package io.github.expandcontract.schema;

import java.util.List;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.ColumnChange;

/**
 * How there are two columns again after CONTRACT.
 */
sealed interface WayBack permits FormerName, FormerColumn {

	/**
	 * The phase that it leads to.
	 * @return one in which nothing reads a column that is not filled
	 */
	Phase phase();

	/**
	 * What the column that goes was like, kept for this way.
	 * @param jdbc where the catalog is read
	 * @return the steps after new has been given its default
	 */
	List<Step> rememberSteps(JdbcOperations jdbc);

	/**
	 * What has to be there for {@link #rememberSteps}.
	 * @param jdbc where the catalog is read
	 * @return the steps that are missing
	 */
	List<Step> prepareSteps(JdbcOperations jdbc);

	/**
	 * What {@link #steps} will be, before CONTRACT.
	 * @param jdbc where the catalog is read
	 * @param change the change
	 * @param indexNames what leaves the names to old's indexes
	 * @return the steps
	 */
	List<Step> foreseen(JdbcOperations jdbc, ColumnChange change, List<Step> indexNames);

	/**
	 * The steps of the way back, without the trigger.
	 * @param jdbc where the catalog is read
	 * @param change the change
	 * @return the steps
	 */
	List<Step> steps(JdbcOperations jdbc, ColumnChange change);

}
