package io.github.expandcontract.libraries.jpa;

import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.ExpandContractRepository;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.CriteriaDelete;
import jakarta.persistence.criteria.CriteriaQuery;
import jakarta.persistence.criteria.CriteriaUpdate;
import jakarta.persistence.criteria.Root;
import jakarta.persistence.criteria.Subquery;
import org.hibernate.ScrollableResults;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * What only JPA and Hibernate do.
 */
@Repository
@Transactional
@ExpandContractRepository
class JpaExtras {

	private final EntityManager entityManager;

	JpaExtras(EntityManager entityManager) {
		this.entityManager = entityManager;
	}

	void renameEach(String prefix, String suffix) {
		this.entityManager.createQuery("FROM JpaAccount WHERE handle LIKE :pattern", JpaAccount.class)
			.setParameter("pattern", prefix + "%")
			.getResultList()
			.forEach((account) -> account.handle += suffix);
	}

	List<JpaAccount> criteria(String prefix) {
		CriteriaBuilder builder = this.entityManager.getCriteriaBuilder();
		CriteriaQuery<JpaAccount> query = builder.createQuery(JpaAccount.class);
		Root<JpaAccount> account = query.from(JpaAccount.class);
		Subquery<Integer> badges = query.subquery(Integer.class);
		Root<JpaBadge> badge = badges.from(JpaBadge.class);
		badges.select(builder.literal(1))
			.where(builder.equal(badge.get("account"), account),
					builder.notEqual(badge.get("handle"), account.get("handle")));
		query.select(account)
			.where(builder.like(builder.lower(account.get("handle")), prefix + "%"),
					builder.not(builder.exists(badges)),
					builder.or(builder.isNotNull(account.get("handle")), builder.isNull(account.get("email"))))
			.orderBy(builder.desc(account.get("handle")));
		return this.entityManager.createQuery(query).getResultList();
	}

	int criteriaUpdate(String from, String to) {
		CriteriaBuilder builder = this.entityManager.getCriteriaBuilder();
		CriteriaUpdate<JpaAccount> update = builder.createCriteriaUpdate(JpaAccount.class);
		Root<JpaAccount> account = update.from(JpaAccount.class);
		update.set(account.<String>get("handle"), builder.concat(account.get("handle"), to))
			.where(builder.equal(account.get("handle"), from));
		return this.entityManager.createQuery(update).executeUpdate();
	}

	int criteriaDelete(String handle) {
		CriteriaBuilder builder = this.entityManager.getCriteriaBuilder();
		CriteriaDelete<JpaAccount> delete = builder.createCriteriaDelete(JpaAccount.class);
		delete.where(builder.equal(delete.from(JpaAccount.class).get("handle"), handle));
		return this.entityManager.createQuery(delete).executeUpdate();
	}

	int versionedUpdate(String from, String to) {
		return this.entityManager.createQuery("UPDATE VERSIONED JpaAccount SET handle = :to WHERE handle = :from")
			.setParameter("from", from)
			.setParameter("to", to)
			.executeUpdate();
	}

	int insertFromQuery(String prefix, String suffix) {
		return this.entityManager.createQuery("""
				INSERT INTO JpaAccount (handle, email, version)
				SELECT CONCAT(a.handle, :suffix), a.email, 0 FROM JpaAccount a WHERE a.handle LIKE :pattern""")
			.setParameter("pattern", prefix + "%")
			.setParameter("suffix", suffix)
			.executeUpdate();
	}

	@SuppressWarnings("unchecked")
	List<JpaAccount> nativeEntities(String prefix) {
		return this.entityManager
			.createNativeQuery("SELECT * FROM account WHERE handle LIKE :pattern ORDER BY handle", JpaAccount.class)
			.setParameter("pattern", prefix + "%")
			.getResultList();
	}

	int nativeUpdate(String from, String to) {
		return this.entityManager.createNativeQuery("UPDATE account SET handle = ?1 WHERE handle = ?2")
			.setParameter(1, to)
			.setParameter(2, from)
			.executeUpdate();
	}

	List<String> window(String prefix) {
		return this.entityManager.createQuery("""
				SELECT lag(a.handle, 1, 'none') OVER (ORDER BY a.handle) FROM JpaAccount a
				WHERE a.handle LIKE :pattern ORDER BY a.handle""", String.class)
			.setParameter("pattern", prefix + "%")
			.getResultList();
	}

	List<String> union(String one, String other) {
		return this.entityManager.createQuery("""
				SELECT a.handle AS h FROM JpaAccount a WHERE a.handle = :one
				UNION ALL SELECT b.handle AS h FROM JpaBadge b WHERE b.handle = :other ORDER BY h""", String.class)
			.setParameter("one", one)
			.setParameter("other", other)
			.getResultList();
	}

	List<String> commonTable(String prefix) {
		return this.entityManager.createQuery("""
				WITH named AS (SELECT a.handle AS handle, a.id AS id FROM JpaAccount a WHERE a.handle LIKE :pattern)
				SELECT n.handle FROM named n ORDER BY n.handle LIMIT 2""", String.class)
			.setParameter("pattern", prefix + "%")
			.getResultList();
	}

	List<String> badgesOfFetched(String prefix) {
		return this.entityManager.createQuery("""
				FROM JpaBadge b LEFT JOIN FETCH b.account a WHERE a.handle LIKE :pattern ORDER BY a.handle, b.handle""",
				JpaBadge.class)
			.setParameter("pattern", prefix + "%")
			.getResultStream()
			.map((badge) -> badge.account.handle + "/" + badge.handle)
			.toList();
	}

	List<String> scrolled(String prefix) {
		try (ScrollableResults<String> rows = this.entityManager.unwrap(Session.class)
			.createQuery("SELECT handle FROM JpaAccount WHERE handle LIKE :pattern ORDER BY handle", String.class)
			.setParameter("pattern", prefix + "%")
			.setFetchSize(1)
			.scroll()) {
			List<String> handles = new ArrayList<>();
			while (rows.next()) {
				handles.add(rows.get());
			}
			return handles;
		}
	}

	void lockAndRename(long id, String handle) {
		JpaAccount account = this.entityManager.find(JpaAccount.class, id, LockModeType.PESSIMISTIC_WRITE);
		account.handle = handle;
		this.entityManager.flush();
		this.entityManager.refresh(account, LockModeType.PESSIMISTIC_FORCE_INCREMENT);
	}

	List<JpaAccount> multiple(List<Long> ids) {
		return this.entityManager.unwrap(Session.class).findMultiple(JpaAccount.class, ids);
	}

	void stateless(String handle, String changed) {
		try (StatelessSession session = this.entityManager.getEntityManagerFactory()
			.unwrap(SessionFactory.class)
			.openStatelessSession()) {
			session.getTransaction().begin();
			JpaAccount account = JpaAccount.of(handle, null);
			session.insert(account);
			account.handle = changed;
			session.update(account);
			session.upsert(account);
			session.getTransaction().commit();
		}
	}

	long addDynamic(String handle) {
		DynamicAccount account = new DynamicAccount();
		account.handle = handle;
		this.entityManager.persist(account);
		return account.id;
	}

	void changeDynamic(long id, @Nullable String handle) {
		this.entityManager.find(DynamicAccount.class, id).handle = handle;
	}

	void changeDynamicEmail(long id, String email) {
		this.entityManager.find(DynamicAccount.class, id).email = email;
	}

	void removeDynamic(long id) {
		this.entityManager.remove(this.entityManager.find(DynamicAccount.class, id));
	}

	long addPremium(String handle, int level) {
		PremiumMember member = new PremiumMember();
		member.handle = handle;
		member.level = level;
		this.entityManager.persist(member);
		return member.id;
	}

	List<Member> members(String prefix) {
		return this.entityManager
			.createQuery("FROM Member m WHERE m.handle LIKE :pattern ORDER BY m.handle", Member.class)
			.setParameter("pattern", prefix + "%")
			.getResultList();
	}

	List<PremiumMember> premium(String prefix) {
		return this.entityManager
			.createQuery("FROM PremiumMember m WHERE m.handle LIKE :pattern AND m.level > 1", PremiumMember.class)
			.setParameter("pattern", prefix + "%")
			.getResultList();
	}

	void changePremium(long id, String handle, int level) {
		PremiumMember member = this.entityManager.find(PremiumMember.class, id);
		member.handle = handle;
		member.level = level;
	}

	int changePremiumAtOnce(String prefix, String handle, int level) {
		return this.entityManager
			.createQuery("UPDATE PremiumMember SET handle = :handle, level = :level WHERE handle LIKE :pattern")
			.setParameter("handle", handle)
			.setParameter("level", level)
			.setParameter("pattern", prefix + "%")
			.executeUpdate();
	}

	int removeMembersAtOnce(String prefix) {
		return this.entityManager.createQuery("DELETE FROM Member WHERE handle LIKE :pattern")
			.setParameter("pattern", prefix + "%")
			.executeUpdate();
	}

}
