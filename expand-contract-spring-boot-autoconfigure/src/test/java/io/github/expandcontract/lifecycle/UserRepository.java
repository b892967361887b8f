package io.github.expandcontract.lifecycle;

import java.util.List;
import java.util.Optional;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

@ExpandContractRepository
interface UserRepository extends ListCrudRepository<User, Long> {

	Optional<User> findByHandle(String handle);

	List<User> findByHandleStartingWithOrderByHandle(String prefix);

	Page<User> findByHandleStartingWith(String prefix, Pageable pageable);

	boolean existsByHandle(String handle);

	@Query("SELECT * FROM users WHERE lower(handle) = lower(:handle)")
	Optional<User> findIgnoringCase(String handle);

	@Modifying
	@Query("UPDATE users SET handle = upper(handle) WHERE id = :id")
	int shout(long id);

}
