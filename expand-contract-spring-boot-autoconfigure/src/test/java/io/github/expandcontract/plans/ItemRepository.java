package io.github.expandcontract.plans;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.data.repository.ListCrudRepository;

@ExpandContractRepository
interface ItemRepository extends ListCrudRepository<Item, Long> {

}
