package io.github.expandcontract.libraries;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What the suite asks of every library. Each implements it in the way that its own manual
 * shows, against the final schema.
 */
public interface Accounts {

	/**
	 * Inserts a row.
	 * @param handle the renamed column
	 * @param email the column beside it
	 * @return the generated key
	 */
	long insert(@Nullable String handle, @Nullable String email);

	/**
	 * Inserts rows as one batch.
	 * @param handles their handles
	 */
	void insertAll(List<String> handles);

	/**
	 * Finds a row by its key.
	 * @param id the key
	 * @return the row
	 */
	Optional<Account> find(long id);

	/**
	 * Finds a row by the renamed column.
	 * @param handle the value
	 * @return the row
	 */
	Optional<Account> findByHandle(String handle);

	/**
	 * Finds rows by {@code IN}.
	 * @param handles the values
	 * @return the rows in any order
	 */
	List<Account> findByHandles(Collection<String> handles);

	/**
	 * Finds rows by {@code LIKE}.
	 * @param prefix how the value begins
	 * @return the rows, ordered by the renamed column
	 */
	List<Account> findStartingWith(String prefix);

	/**
	 * Finds rows by {@code BETWEEN}, or the like.
	 * @param from the least value
	 * @param to the greatest value
	 * @return the rows in any order
	 */
	List<Account> findBetween(String from, String to);

	/**
	 * Reads a page of what {@link #findStartingWith} finds, from the last to the first.
	 * @param prefix how the value begins
	 * @param number the number of the page, from 0
	 * @param size the number of rows of a page
	 * @return the rows of the page
	 */
	List<Account> page(String prefix, int number, int size);

	/**
	 * Reads the renamed column alone.
	 * @param prefix how the value begins
	 * @return the values in their order
	 */
	List<String> handles(String prefix);

	/**
	 * Counts rows by the renamed column.
	 * @param prefix how the value begins
	 * @return the number
	 */
	long count(String prefix);

	/**
	 * Asks whether there is a row.
	 * @param handle its value
	 * @return whether there is one
	 */
	boolean exists(String handle);

	/**
	 * Groups by the renamed column.
	 * @param prefix how the value begins
	 * @return the number of badges by the handle of those who hold any
	 */
	Map<String, Long> badgeCounts(String prefix);

	/**
	 * Joins with a table that owns a column of the same name.
	 * @param handle the other table's value
	 * @return what both tables have under that name
	 */
	List<Badge> badges(String handle);

	/**
	 * Writes all columns of a row, if it still has the given version.
	 * @param account the row as it was read, with changes
	 * @throws org.springframework.dao.OptimisticLockingFailureException if the row has
	 * another version by now
	 */
	void save(Account account);

	/**
	 * Changes another column than the renamed one, of the row that has the value.
	 * @param handle the value
	 * @param email what to write
	 * @return the number of rows
	 */
	int changeEmail(String handle, String email);

	/**
	 * Changes the renamed column where it has a value.
	 * @param from the value
	 * @param to what to write
	 * @return the number of rows
	 */
	int rename(String from, String to);

	/**
	 * Sets the renamed column to null.
	 * @param handle its value so far
	 * @return the number of rows
	 */
	int clear(String handle);

	/**
	 * Inserts a row, or changes the email of the one that has the handle.
	 * @param handle the value
	 * @param email the column beside it
	 */
	void upsert(String handle, String email);

	/**
	 * Deletes by the renamed column.
	 * @param handle the value
	 * @return the number of rows
	 */
	int delete(String handle);

}
