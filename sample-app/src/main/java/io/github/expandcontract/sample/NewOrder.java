package io.github.expandcontract.sample;

import java.math.BigDecimal;

/**
 * What a client says about an order.
 *
 * @param customer who orders
 * @param price the price of one piece
 * @param quantity how many pieces
 * @param shippingMethod how to ship it
 */
record NewOrder(String customer, BigDecimal price, int quantity, String shippingMethod) {

}
