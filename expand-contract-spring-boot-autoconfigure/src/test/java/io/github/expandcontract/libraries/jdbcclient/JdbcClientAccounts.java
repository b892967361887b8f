package io.github.expandcontract.libraries.jdbcclient;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.expandcontract.ExpandContractRepository;
import io.github.expandcontract.libraries.Account;
import io.github.expandcontract.libraries.Accounts;
import io.github.expandcontract.libraries.Badge;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;

@ExpandContractRepository
class JdbcClientAccounts implements Accounts {

	private final JdbcClient client;

	JdbcClientAccounts(JdbcClient client) {
		this.client = client;
	}

	@Override
	public long insert(@Nullable String handle, @Nullable String email) {
		GeneratedKeyHolder keys = new GeneratedKeyHolder();
		this.client.sql("INSERT INTO account (email, handle) VALUES (:email, :handle)")
			.param("email", email)
			.param("handle", handle)
			.update(keys);
		return (Long) keys.getKeys().get("id");
	}

	@Override
	public void insertAll(List<String> handles) {
		this.client.sql("INSERT INTO account (handle) SELECT unnest(:handles::varchar[])")
			.param("handles", handles.toArray(String[]::new))
			.update();
	}

	@Override
	public Optional<Account> find(long id) {
		return this.client.sql("SELECT * FROM account WHERE id = :id").param("id", id).query(Account.class).optional();
	}

	@Override
	public Optional<Account> findByHandle(String handle) {
		return this.client.sql("SELECT * FROM account WHERE account.handle = ?")
			.param(handle)
			.query(Account.class)
			.optional();
	}

	@Override
	public List<Account> findByHandles(Collection<String> handles) {
		return this.client.sql("SELECT * FROM account WHERE handle IN (:handles)")
			.param("handles", handles)
			.query(Account.class)
			.list();
	}

	@Override
	public List<Account> findStartingWith(String prefix) {
		return this.client
			.sql("SELECT id, handle, email, version FROM account WHERE handle LIKE :p || '%' ORDER BY handle")
			.param("p", prefix)
			.query(Account.class)
			.list();
	}

	@Override
	public List<Account> findBetween(String from, String to) {
		return this.client.sql("SELECT * FROM account WHERE handle >= :from AND handle <= :to")
			.param("from", from)
			.param("to", to)
			.query(Account.class)
			.list();
	}

	@Override
	public List<Account> page(String prefix, int number, int size) {
		return this.client.sql("""
				SELECT * FROM account WHERE starts_with(handle, :prefix)
				ORDER BY account.handle DESC NULLS LAST OFFSET :offset FETCH NEXT :size ROWS ONLY""")
			.param("prefix", prefix)
			.param("offset", number * size)
			.param("size", size)
			.query(Account.class)
			.list();
	}

	@Override
	public List<String> handles(String prefix) {
		try (Stream<String> handles = this.client
			.sql("SELECT DISTINCT handle FROM account WHERE handle LIKE ? ORDER BY handle")
			.param(prefix + "%")
			.query(String.class)
			.stream()) {
			return handles.toList();
		}
	}

	@Override
	public long count(String prefix) {
		return this.client.sql("SELECT count(handle) FROM account WHERE handle LIKE ?")
			.param(prefix + "%")
			.query(Long.class)
			.single();
	}

	@Override
	public boolean exists(String handle) {
		return this.client.sql("SELECT 1 FROM account WHERE handle = :handle LIMIT 1")
			.param("handle", handle)
			.query()
			.optionalValue()
			.isPresent();
	}

	@Override
	public Map<String, Long> badgeCounts(String prefix) {
		return this.client.sql("""
				WITH held AS (SELECT account, count(*) AS badges FROM badge GROUP BY account)
				SELECT a.handle AS key, sum(held.badges)::bigint AS value FROM account a
				JOIN held ON held.account = a.id WHERE a.handle LIKE :prefix GROUP BY 1 ORDER BY key""")
			.param("prefix", prefix + "%")
			.query((row, number) -> Map.entry(row.getString("key"), row.getLong("value")))
			.list()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

	@Override
	public List<Badge> badges(String handle) {
		return this.client.sql("""
				SELECT account.handle AS holder, badge.handle FROM badge, account
				WHERE badge.account = account.id AND badge.handle = :handle""")
			.param("handle", handle)
			.query(Badge.class)
			.list();
	}

	@Override
	public void save(Account account) {
		int rows = this.client.sql("""
				UPDATE account SET (handle, email, version) = ROW (:handle, :email, :version + 1)
				WHERE id = :id AND version = :version""").paramSource(account).update();
		if (rows != 1) {
			throw new OptimisticLockingFailureException("Account " + account.id() + " has changed");
		}
	}

	@Override
	public int changeEmail(String handle, String email) {
		return this.client.sql("UPDATE account AS a SET email = :email WHERE a.handle = :handle")
			.param("handle", handle)
			.param("email", email)
			.update();
	}

	@Override
	public int rename(String from, String to) {
		return this.client.sql("UPDATE account SET handle = :to WHERE handle = :from RETURNING handle")
			.param("from", from)
			.param("to", to)
			.query(String.class)
			.list()
			.size();
	}

	@Override
	public int clear(String handle) {
		return this.client.sql("UPDATE account SET handle = ? WHERE handle = ?")
			.param(1, null)
			.param(2, handle)
			.update();
	}

	@Override
	public void upsert(String handle, String email) {
		this.client.sql("""
				INSERT INTO account AS a (handle, email) VALUES (:handle, :email)
				ON CONFLICT (handle) DO UPDATE SET handle = EXCLUDED.handle, email = :email, version = a.version + 1""")
			.param("handle", handle)
			.param("email", email)
			.update();
	}

	@Override
	public int delete(String handle) {
		return this.client.sql("DELETE FROM account WHERE handle = :handle").param("handle", handle).update();
	}

}
