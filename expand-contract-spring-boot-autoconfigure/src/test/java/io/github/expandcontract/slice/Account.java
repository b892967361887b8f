package io.github.expandcontract.slice;

import io.github.expandcontract.RenamedFrom;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table("users")
record Account(@Id @Nullable Long id, @RenamedFrom("username") String handle, @Nullable String email) {

}
