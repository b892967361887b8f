package io.github.expandcontract.ordering;

import java.math.BigDecimal;

import io.github.expandcontract.RequiredColumn;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table("orders")
record Order(@Id @Nullable Long id, BigDecimal price, int quantity,
		@RequiredColumn(type = "text", fill = "'standard'") String shippingMethod,
		@RequiredColumn(type = "numeric(12,2)", fill = "price * quantity") BigDecimal total) {

	String describe() {
		return this.price + "|" + this.quantity + "|" + this.shippingMethod + "|" + this.total;
	}

}
