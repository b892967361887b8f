package io.github.expandcontract.ordering;

import java.math.BigDecimal;
import java.util.List;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

@ExpandContractRepository
interface OrderRepository extends ListCrudRepository<Order, Long> {

	@Query("SELECT * FROM orders WHERE shipping_method = :method AND total = :total AND id = :id")
	List<Order> find(String method, BigDecimal total, long id);

	@Modifying
	@Query("UPDATE orders SET shipping_method = :method, total = :total WHERE id = :id")
	int ship(String method, BigDecimal total, long id);

}
