package io.github.expandcontract.pricing;

import java.math.BigDecimal;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

@ExpandContractRepository
interface ProductRepository extends ListCrudRepository<Product, Long> {

	@Query("SELECT count(*) FROM products WHERE price_decimal = :price AND id = :id")
	long countByPrice(BigDecimal price, long id);

	@Modifying
	@Query("UPDATE products SET price_decimal = :price WHERE id = :id")
	int reprice(BigDecimal price, long id);

}
