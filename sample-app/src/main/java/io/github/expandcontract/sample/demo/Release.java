package io.github.expandcontract.sample.demo;

import java.util.List;
import java.util.Optional;

/**
 * What both releases of the service can do. Every call is one request.
 */
interface Release {

	Seen create(String handle, String email);

	List<Seen> createAll(List<String> handles);

	Seen signIn(String handle, String email);

	Optional<Seen> findById(long id);

	Optional<Seen> findByHandle(String handle);

	List<Seen> page(String after, int size);

	boolean replace(long id, String handle, String email);

	boolean updateHandle(long id, String handle);

	boolean updateEmail(long id, String email);

	boolean delete(long id);

	OrderRelease orders();

	/**
	 * The address that a user gets who did not say one.
	 * @param handle the first handle
	 * @return the address
	 */
	static String emailOf(String handle) {
		return handle + Seed.EMAIL_SUFFIX;
	}

}
