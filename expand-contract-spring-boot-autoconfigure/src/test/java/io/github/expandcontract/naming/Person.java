package io.github.expandcontract.naming;

import io.github.expandcontract.RenamedFrom;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table("people")
record Person(@Id @Nullable Long id, String firstName, @Nullable String lastName,
		@RenamedFrom("nick") @Nullable String handle) {

}
