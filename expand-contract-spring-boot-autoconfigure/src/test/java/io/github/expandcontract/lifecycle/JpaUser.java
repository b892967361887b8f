package io.github.expandcontract.lifecycle;

import io.github.expandcontract.RenamedFrom;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "users")
class JpaUser {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	@Nullable Long id;

	@RenamedFrom("username")
	@Nullable String handle;

	@Nullable String email;

	static JpaUser of(String handle) {
		JpaUser user = new JpaUser();
		user.handle = handle;
		return user;
	}

}
