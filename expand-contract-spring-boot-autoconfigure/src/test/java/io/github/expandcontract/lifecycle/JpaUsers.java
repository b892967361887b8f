package io.github.expandcontract.lifecycle;

import java.util.List;

import io.github.expandcontract.ExpandContractRepository;
import jakarta.persistence.EntityManager;

/**
 * Persists by JPA and leaves the flush to the caller's transaction.
 */
@ExpandContractRepository
class JpaUsers {

	private final EntityManager entityManager;

	JpaUsers(EntityManager entityManager) {
		this.entityManager = entityManager;
	}

	void add(JpaUser user) {
		this.entityManager.persist(user);
	}

	List<JpaUser> named(String handle) {
		return this.entityManager.createQuery("FROM JpaUser WHERE handle = :handle", JpaUser.class)
			.setParameter("handle", handle)
			.getResultList();
	}

}
