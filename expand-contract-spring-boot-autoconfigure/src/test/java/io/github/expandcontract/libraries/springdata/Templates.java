package io.github.expandcontract.libraries.springdata;

import java.util.List;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.data.domain.Sort;
import org.springframework.data.jdbc.core.JdbcAggregateOperations;
import org.springframework.data.relational.core.query.Criteria;
import org.springframework.data.relational.core.query.Query;

/**
 * Uses the operations below the repositories.
 */
@ExpandContractRepository
class Templates {

	private final JdbcAggregateOperations operations;

	Templates(JdbcAggregateOperations operations) {
		this.operations = operations;
	}

	AccountEntity insert(AccountEntity account) {
		return this.operations.insert(account);
	}

	List<String> handles(String prefix) {
		return this.operations
			.findAll(Query.query(Criteria.where("handle").like(prefix + "%")).sort(Sort.by("handle")).limit(5),
					AccountEntity.class)
			.stream()
			.map(AccountEntity::handle)
			.toList();
	}

}
