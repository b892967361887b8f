package io.github.expandcontract.lifecycle;

import io.github.expandcontract.RenamedFrom;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table("users")
record User(@Id @Nullable Long id, @RenamedFrom("username") String handle, @Nullable String email) {

	User withHandle(String handle) {
		return new User(this.id, handle, this.email);
	}

}
