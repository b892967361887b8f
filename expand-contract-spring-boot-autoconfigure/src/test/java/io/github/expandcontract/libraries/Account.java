package io.github.expandcontract.libraries;

import org.jspecify.annotations.Nullable;

/**
 * A row of the table whose column {@code username} becomes {@code handle}.
 *
 * @param id the generated key
 * @param handle the renamed column
 * @param email a column beside it
 * @param version grows by one with every {@link Accounts#save}
 */
public record Account(long id, @Nullable String handle, @Nullable String email, int version) {

	/**
	 * The same row with another value of the renamed column.
	 * @param handle the value
	 * @return the changed copy
	 */
	public Account withHandle(@Nullable String handle) {
		return new Account(this.id, handle, this.email, this.version);
	}

}
