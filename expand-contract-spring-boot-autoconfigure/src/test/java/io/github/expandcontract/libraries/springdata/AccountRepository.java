package io.github.expandcontract.libraries.springdata;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.expandcontract.ExpandContractRepository;
import io.github.expandcontract.libraries.Badge;
import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Limit;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Slice;
import org.springframework.data.domain.Sort;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.relational.core.sql.LockMode;
import org.springframework.data.relational.repository.Lock;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.data.repository.ListPagingAndSortingRepository;
import org.springframework.data.repository.query.ListQueryByExampleExecutor;

@ExpandContractRepository
interface AccountRepository extends ListCrudRepository<AccountEntity, Long>,
		ListPagingAndSortingRepository<AccountEntity, Long>, ListQueryByExampleExecutor<AccountEntity> {

	Optional<AccountEntity> findByHandle(String handle);

	List<AccountEntity> findByHandleIn(Collection<String> handles);

	List<AccountEntity> findByHandleStartingWithOrderByHandle(String prefix);

	List<AccountEntity> findByHandleBetween(String from, String to);

	Page<AccountEntity> findByHandleStartingWith(String prefix, Pageable pageable);

	Slice<AccountEntity> findSliceByHandleContaining(String part, Pageable pageable);

	List<AccountEntity> findByHandleLikeIgnoreCaseOrEmailIsNullAndHandleNot(String pattern, String not, Limit limit,
			Sort sort);

	Optional<AccountEntity> findFirstByHandleStartingWithOrderByHandleDesc(String prefix);

	List<Named> findNamedByHandleStartingWithOrderByHandle(String prefix);

	Stream<OnlyHandle> streamByHandleStartingWithOrderByHandle(String prefix);

	@Lock(LockMode.PESSIMISTIC_WRITE)
	List<AccountEntity> findByHandleGreaterThanEqualAndHandleLessThan(String from, String to);

	List<AccountEntity> findByHandleIsNullAndEmail(String email);

	long countByHandleStartingWith(String prefix);

	boolean existsByHandle(String handle);

	int deleteByHandle(String handle);

	@Query("SELECT * FROM account WHERE lower(handle) = lower(:handle)")
	Optional<AccountEntity> findIgnoringCase(String handle);

	@Query("SELECT handle FROM account WHERE id = :#{#id}")
	@Nullable String handleOf(long id);

	@Query("""
			SELECT a.handle AS holder, count(*) AS badges FROM account a JOIN badge b ON b.account = a.id
			WHERE a.handle LIKE :pattern GROUP BY a.handle""")
	List<BadgeCount> badgeCounts(String pattern);

	@Query("SELECT a.handle AS holder, b.handle FROM account a JOIN badge b ON b.account = a.id WHERE b.handle = :handle")
	List<Badge> badges(String handle);

	@Modifying
	@Query("UPDATE account SET email = :email WHERE handle = :handle")
	int changeEmail(String handle, String email);

	@Modifying
	@Query("UPDATE account SET handle = :to WHERE handle = :from")
	int rename(String from, String to);

	@Modifying
	@Query("UPDATE account SET handle = NULL WHERE handle = :handle")
	int clear(String handle);

	@Modifying
	@Query("""
			INSERT INTO account (handle, email) VALUES (:handle, :email)
			ON CONFLICT (handle) DO UPDATE SET email = EXCLUDED.email""")
	void upsert(String handle, String email);

	interface Named {

		String getHandle();

	}

	record OnlyHandle(String handle) {
	}

	record BadgeCount(String holder, long badges) {
	}

}
