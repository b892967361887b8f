package io.github.expandcontract.plans;

import io.github.expandcontract.RenamedFrom;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table("accounts")
record Account(@Id @Nullable Long id, @RenamedFrom("username") String handle) {

}
