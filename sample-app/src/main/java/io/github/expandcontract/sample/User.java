package io.github.expandcontract.sample;

import java.time.Instant;

import io.github.expandcontract.RenamedFrom;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.ReadOnlyProperty;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A user, as the final schema has it.
 *
 * @param id the key, {@code null} before the first save
 * @param handle the unique name, {@code username} in the former schema
 * @param email the address
 * @param visits how often the user signed in, counted by the database
 * @param createdAt when the row was made, set by the database
 */
@Table("users")
public record User(@Id @Nullable Long id, @RenamedFrom("username") String handle, String email,
		@ReadOnlyProperty int visits, @ReadOnlyProperty @Nullable Instant createdAt) {

	static User create(String handle, String email) {
		return new User(null, handle, email, 0, null);
	}

	User with(String handle, String email) {
		return new User(this.id, handle, email, this.visits, this.createdAt);
	}

}
