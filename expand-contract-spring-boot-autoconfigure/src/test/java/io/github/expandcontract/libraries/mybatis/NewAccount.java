package io.github.expandcontract.libraries.mybatis;

import org.jspecify.annotations.Nullable;

/**
 * Takes the generated key.
 */
class NewAccount {

	private @Nullable Long id;

	private @Nullable String handle;

	private @Nullable String email;

	NewAccount() {
	}

	NewAccount(@Nullable String handle, @Nullable String email) {
		this.handle = handle;
		this.email = email;
	}

	@Nullable Long getId() {
		return this.id;
	}

	void setId(@Nullable Long id) {
		this.id = id;
	}

	@Nullable String getHandle() {
		return this.handle;
	}

	@Nullable String getEmail() {
		return this.email;
	}

}
