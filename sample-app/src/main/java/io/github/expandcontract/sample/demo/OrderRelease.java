package io.github.expandcontract.sample.demo;

import java.util.List;
import java.util.Optional;

/**
 * What both releases can do with orders. Every call is one request. Prices are in cents
 * here, whatever the release takes them for.
 */
interface OrderRelease {

	/**
	 * How an order is shipped that is made by this release.
	 * @param quantity how many pieces it has
	 * @return the method, which the column must hold
	 */
	String shippingMethod(int quantity);

	SeenOrder create(String customer, int cents, int quantity);

	Optional<SeenOrder> findById(long id);

	List<SeenOrder> page(long after, int size);

	boolean setPrice(long id, int cents);

}
