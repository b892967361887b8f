package io.github.expandcontract.sample;

import java.math.BigDecimal;

import io.github.expandcontract.RequiredColumn;
import io.github.expandcontract.TypeChangedFrom;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * An order, as the final schema has it.
 *
 * @param id the key, {@code null} before the first save
 * @param customer who ordered
 * @param priceDecimal the price of one piece, {@code price} in cents in the former schema
 * @param quantity how many pieces
 * @param shippingMethod how it is shipped, which the former schema does not know
 */
@Table("orders")
public record Order(@Id @Nullable Long id, String customer,
		@TypeChangedFrom(value = "price", type = "numeric(10,2)", up = "price / 100.0",
				down = "round(price_decimal * 100)::int") BigDecimal priceDecimal,
		int quantity, @RequiredColumn(type = "text",
				fill = "CASE WHEN quantity > 10 THEN 'freight' ELSE 'standard' END") String shippingMethod) {

}
