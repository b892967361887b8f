package io.github.expandcontract.slice;

import java.util.Optional;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.data.repository.ListCrudRepository;

@ExpandContractRepository
interface AccountRepository extends ListCrudRepository<Account, Long> {

	Optional<Account> findByHandle(String handle);

}
