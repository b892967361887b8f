package io.github.expandcontract.plans;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

@ExpandContractRepository
interface AccountRepository extends ListCrudRepository<Account, Long> {

	long countByHandle(String handle);

	@Modifying
	@Query("UPDATE accounts SET handle = :to WHERE handle = :from")
	int rename(String from, String to);

}
