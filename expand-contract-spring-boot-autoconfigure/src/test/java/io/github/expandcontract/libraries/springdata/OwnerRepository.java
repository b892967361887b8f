package io.github.expandcontract.libraries.springdata;

import java.util.List;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.data.repository.ListCrudRepository;

@ExpandContractRepository
interface OwnerRepository extends ListCrudRepository<Owner, Long> {

	List<Owner> findByHandleStartingWithOrderByHandleDesc(String prefix);

}
