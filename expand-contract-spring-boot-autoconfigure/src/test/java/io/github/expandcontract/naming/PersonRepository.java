package io.github.expandcontract.naming;

import io.github.expandcontract.ExpandContractRepository;
import org.jspecify.annotations.Nullable;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

@ExpandContractRepository
interface PersonRepository extends ListCrudRepository<Person, Long> {

	@Query("SELECT count(*) FROM people WHERE first_name = :first AND last_name IS NOT DISTINCT FROM :last::text AND id = :id")
	long countByNames(String first, @Nullable String last, long id);

	@Modifying
	@Query("UPDATE people SET last_name = :last WHERE id = :id")
	int marry(@Nullable String last, long id);

}
