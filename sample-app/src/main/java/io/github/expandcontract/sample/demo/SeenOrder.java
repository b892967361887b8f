package io.github.expandcontract.sample.demo;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;

/**
 * An order as one of the releases shows it.
 *
 * @param id the key
 * @param customer who ordered
 * @param cents the price in cents
 * @param quantity how many pieces
 * @param shippingMethod how it is shipped, {@code null} where the release does not know
 */
record SeenOrder(long id, String customer, int cents, int quantity, @Nullable String shippingMethod) {

	/**
	 * The price as the new release has it.
	 * @param cents the price in cents
	 * @return the price with two decimals
	 */
	static BigDecimal price(int cents) {
		return BigDecimal.valueOf(cents, 2);
	}

	/**
	 * The price as the previous release has it.
	 * @param price the price with decimals
	 * @return the price in cents
	 */
	static int cents(BigDecimal price) {
		try {
			return price.movePointRight(2).intValueExact();
		}
		catch (ArithmeticException ex) {
			throw new WrongValueException("The price " + price + " is not a whole number of cents");
		}
	}

}
