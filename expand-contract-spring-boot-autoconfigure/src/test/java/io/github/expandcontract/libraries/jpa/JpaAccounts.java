package io.github.expandcontract.libraries.jpa;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.github.expandcontract.ExpandContractRepository;
import io.github.expandcontract.libraries.Account;
import io.github.expandcontract.libraries.Accounts;
import io.github.expandcontract.libraries.Badge;
import jakarta.persistence.EntityManager;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional
@ExpandContractRepository
class JpaAccounts implements Accounts {

	private final EntityManager entityManager;

	JpaAccounts(EntityManager entityManager) {
		this.entityManager = entityManager;
	}

	@Override
	public long insert(@Nullable String handle, @Nullable String email) {
		JpaAccount account = JpaAccount.of(handle, email);
		this.entityManager.persist(account);
		return account.id;
	}

	@Override
	public void insertAll(List<String> handles) {
		handles.forEach((handle) -> this.entityManager.persist(JpaAccount.of(handle, null)));
	}

	@Override
	public Optional<Account> find(long id) {
		return Optional.ofNullable(this.entityManager.find(JpaAccount.class, id)).map(JpaAccount::account);
	}

	@Override
	public Optional<Account> findByHandle(String handle) {
		return accounts(this.entityManager.createQuery("FROM JpaAccount WHERE handle = ?1", JpaAccount.class)
			.setParameter(1, handle)
			.getResultList()).stream().findFirst();
	}

	@Override
	public List<Account> findByHandles(Collection<String> handles) {
		return accounts(this.entityManager
			.createQuery("SELECT a FROM JpaAccount a WHERE a.handle IN :handles", JpaAccount.class)
			.setParameter("handles", handles)
			.getResultList());
	}

	@Override
	public List<Account> findStartingWith(String prefix) {
		return accounts(this.entityManager
			.createQuery("FROM JpaAccount a WHERE a.handle LIKE CONCAT(:prefix, '%') ORDER BY a.handle",
					JpaAccount.class)
			.setParameter("prefix", prefix)
			.getResultList());
	}

	@Override
	public List<Account> findBetween(String from, String to) {
		return accounts(
				this.entityManager.createQuery("FROM JpaAccount WHERE handle BETWEEN :from AND :to", JpaAccount.class)
					.setParameter("from", from)
					.setParameter("to", to)
					.getResultList());
	}

	@Override
	public List<Account> page(String prefix, int number, int size) {
		return accounts(this.entityManager
			.createQuery("FROM JpaAccount WHERE handle LIKE :pattern ESCAPE '!' ORDER BY handle DESC", JpaAccount.class)
			.setParameter("pattern", prefix + "%")
			.setFirstResult(number * size)
			.setMaxResults(size)
			.getResultList());
	}

	@Override
	public List<String> handles(String prefix) {
		return this.entityManager
			.createQuery("SELECT a.handle FROM JpaAccount a WHERE a.handle LIKE :pattern ORDER BY 1", String.class)
			.setParameter("pattern", prefix + "%")
			.getResultList();
	}

	@Override
	public long count(String prefix) {
		return this.entityManager
			.createQuery("SELECT count(a) FROM JpaAccount a WHERE a.handle LIKE :pattern", Long.class)
			.setParameter("pattern", prefix + "%")
			.getSingleResult();
	}

	@Override
	public boolean exists(String handle) {
		return !this.entityManager.createQuery("SELECT 1 FROM JpaAccount a WHERE a.handle = :handle", Integer.class)
			.setParameter("handle", handle)
			.setMaxResults(1)
			.getResultList()
			.isEmpty();
	}

	@Override
	public Map<String, Long> badgeCounts(String prefix) {
		return this.entityManager
			.createQuery("""
					SELECT b.account.handle, count(*) FROM JpaBadge b
					WHERE b.account.handle LIKE :pattern GROUP BY b.account.handle ORDER BY count(*) DESC""",
					Object[].class)
			.setParameter("pattern", prefix + "%")
			.getResultStream()
			.collect(Collectors.toMap((row) -> (String) row[0], (row) -> (Long) row[1]));
	}

	@Override
	public List<Badge> badges(String handle) {
		return this.entityManager.createQuery("""
				SELECT new io.github.expandcontract.libraries.Badge(a.handle, b.handle)
				FROM JpaBadge b JOIN b.account a WHERE b.handle = :handle""", Badge.class)
			.setParameter("handle", handle)
			.getResultList();
	}

	@Override
	public void save(Account account) {
		JpaAccount detached = JpaAccount.of(account.handle(), account.email());
		detached.id = account.id();
		detached.version = account.version();
		this.entityManager.merge(detached);
		this.entityManager.flush();
	}

	@Override
	public int changeEmail(String handle, String email) {
		List<JpaAccount> found = this.entityManager
			.createQuery("FROM JpaAccount WHERE handle = :handle", JpaAccount.class)
			.setParameter("handle", handle)
			.getResultList();
		found.forEach((account) -> account.email = email);
		return found.size();
	}

	@Override
	public int rename(String from, String to) {
		// Does not see rows that were read before in the same transaction.
		this.entityManager.flush();
		this.entityManager.clear();
		return this.entityManager.createQuery("UPDATE JpaAccount SET handle = :to WHERE handle = :from")
			.setParameter("from", from)
			.setParameter("to", to)
			.executeUpdate();
	}

	@Override
	public int clear(String handle) {
		return this.entityManager.createQuery("UPDATE JpaAccount a SET a.handle = NULL WHERE a.handle = :handle")
			.setParameter("handle", handle)
			.executeUpdate();
	}

	@Override
	public void upsert(String handle, String email) {
		this.entityManager.createQuery("""
				INSERT INTO JpaAccount (handle, email, version) VALUES (:handle, :email, 0)
				ON CONFLICT (handle) DO UPDATE SET email = excluded.email""")
			.setParameter("handle", handle)
			.setParameter("email", email)
			.executeUpdate();
	}

	@Override
	public int delete(String handle) {
		return this.entityManager.createQuery("DELETE FROM JpaAccount WHERE handle = :handle")
			.setParameter("handle", handle)
			.executeUpdate();
	}

	private static List<Account> accounts(List<JpaAccount> entities) {
		return entities.stream().map(JpaAccount::account).toList();
	}

}
