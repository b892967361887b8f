package io.github.expandcontract.sample;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

/**
 * Users by Spring Data JDBC: what it derives, and one query of our own.
 */
@ExpandContractRepository
public interface UserRepository extends ListCrudRepository<User, Long> {

	/**
	 * Finds the user with a handle.
	 * @param handle the handle
	 * @return the user, if there is one
	 */
	Optional<User> findByHandle(String handle);

	/**
	 * Finds the users with any of some handles.
	 * @param handles the handles
	 * @return those that exist, in no order
	 */
	List<User> findByHandleIn(Collection<String> handles);

	/**
	 * Gives a user another handle and leaves the rest of the row alone.
	 * @param id the user's key
	 * @param handle the new handle
	 * @return whether there is such a user
	 */
	@Modifying
	@Query("UPDATE users SET handle = :handle WHERE id = :id")
	boolean updateHandle(long id, String handle);

}
