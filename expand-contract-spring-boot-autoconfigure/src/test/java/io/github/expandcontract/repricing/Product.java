package io.github.expandcontract.repricing;

import java.math.BigDecimal;

import io.github.expandcontract.TypeChangedFrom;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table("products")
record Product(@Id @Nullable Long id, String name, @TypeChangedFrom(value = "price", type = "numeric(10,2)",
		up = "price / 100.0", down = "round(price * 100)::int") BigDecimal price) {

}
