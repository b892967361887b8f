package io.github.expandcontract.libraries.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/**
 * The root of a hierarchy over two tables.
 */
@Entity
@Table(name = "account")
@Inheritance(strategy = InheritanceType.JOINED)
class Member {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	@Nullable Long id;

	@Nullable String handle;

	@Nullable String email;

}
