package io.github.expandcontract.libraries.springdata;

import io.github.expandcontract.RenamedFrom;
import io.github.expandcontract.libraries.Account;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.Table;

@Table("account")
record AccountEntity(@Id @Nullable Long id, @RenamedFrom("username") @Nullable String handle, @Nullable String email,
		@Version @Nullable Integer version) {

	static AccountEntity of(@Nullable String handle, @Nullable String email) {
		return new AccountEntity(null, handle, email, null);
	}

	Account account() {
		return new Account(this.id, this.handle, this.email, this.version);
	}

}
