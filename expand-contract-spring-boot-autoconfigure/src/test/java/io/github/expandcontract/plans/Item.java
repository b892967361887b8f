package io.github.expandcontract.plans;

import java.math.BigDecimal;

import io.github.expandcontract.TypeChangedFrom;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table("items")
record Item(@Id @Nullable Long id, @TypeChangedFrom(value = "cost", type = "numeric(10,2)", up = "cost / 100.0",
		down = "round(price * 100)::int", lossless = true) BigDecimal price) {

}
