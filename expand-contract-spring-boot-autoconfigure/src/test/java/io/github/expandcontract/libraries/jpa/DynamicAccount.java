package io.github.expandcontract.libraries.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.DynamicInsert;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.OptimisticLockType;
import org.hibernate.annotations.OptimisticLocking;
import org.jspecify.annotations.Nullable;

/**
 * Has keys from an identity column, writes only what has changed, and only if that is
 * still what it was.
 */
@Entity
@Table(name = "account")
@DynamicInsert
@DynamicUpdate
@OptimisticLocking(type = OptimisticLockType.DIRTY)
class DynamicAccount {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	@Nullable Long id;

	@Nullable String handle;

	@Nullable String email;

}
