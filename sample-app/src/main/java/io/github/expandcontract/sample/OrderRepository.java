package io.github.expandcontract.sample;

import java.math.BigDecimal;
import java.util.List;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

/**
 * Orders by Spring Data JDBC.
 */
@ExpandContractRepository
public interface OrderRepository extends ListCrudRepository<Order, Long> {

	/**
	 * One page of orders in the order of their keys.
	 * @param after the key to begin after
	 * @param size the greatest number of orders
	 * @return the orders
	 */
	@Query("SELECT * FROM orders WHERE id > :after ORDER BY id LIMIT :size")
	List<Order> page(long after, int size);

	/**
	 * Gives an order another price and leaves the rest of the row alone.
	 * @param id the order's key
	 * @param price the new price
	 * @return whether there is such an order
	 */
	@Modifying
	@Query("UPDATE orders SET price_decimal = :price WHERE id = :id")
	boolean setPrice(long id, BigDecimal price);

}
