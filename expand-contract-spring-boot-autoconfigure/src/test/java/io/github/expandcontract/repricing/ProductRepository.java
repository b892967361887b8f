package io.github.expandcontract.repricing;

import java.math.BigDecimal;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

@ExpandContractRepository
interface ProductRepository extends ListCrudRepository<Product, Long> {

	@Query("SELECT count(*) FROM products WHERE price = :price AND id = :id")
	long countByPrice(BigDecimal price, long id);

	@Query("SELECT 1")
	int ping();

	@Modifying
	@Query("UPDATE products SET price = :price WHERE id = :id")
	int reprice(BigDecimal price, long id);

}
