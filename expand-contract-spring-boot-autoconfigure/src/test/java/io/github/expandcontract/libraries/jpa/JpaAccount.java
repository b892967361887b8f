package io.github.expandcontract.libraries.jpa;

import io.github.expandcontract.RenamedFrom;
import io.github.expandcontract.libraries.Account;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/**
 * Has keys from a sequence, so that its inserts are batched.
 */
@Entity
@Table(name = "account")
class JpaAccount {

	@Id
	@GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "account")
	@SequenceGenerator(name = "account", sequenceName = "account_id_seq", allocationSize = 1)
	@Nullable Long id;

	@RenamedFrom("username")
	@Column(length = 100)
	@Nullable String handle;

	@Nullable String email;

	@Version
	int version;

	static JpaAccount of(@Nullable String handle, @Nullable String email) {
		JpaAccount account = new JpaAccount();
		account.handle = handle;
		account.email = email;
		return account;
	}

	Account account() {
		return new Account(this.id, this.handle, this.email, this.version);
	}

}
