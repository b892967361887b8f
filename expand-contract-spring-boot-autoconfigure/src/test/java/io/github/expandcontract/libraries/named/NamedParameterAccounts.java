package io.github.expandcontract.libraries.named;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.expandcontract.ExpandContractRepository;
import io.github.expandcontract.libraries.Account;
import io.github.expandcontract.libraries.Accounts;
import io.github.expandcontract.libraries.Badge;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SimplePropertySqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.support.GeneratedKeyHolder;

@ExpandContractRepository
class NamedParameterAccounts implements Accounts {

	private static final RowMapper<Account> ACCOUNT = new DataClassRowMapper<>(Account.class);

	private static final String INSERT = "INSERT INTO account (handle, email) VALUES (:handle, :email)";

	private final NamedParameterJdbcTemplate template;

	NamedParameterAccounts(NamedParameterJdbcTemplate template) {
		this.template = template;
	}

	@Override
	public long insert(@Nullable String handle, @Nullable String email) {
		GeneratedKeyHolder keys = new GeneratedKeyHolder();
		this.template.update(INSERT, new MapSqlParameterSource("handle", handle).addValue("email", email), keys,
				new String[] { "id" });
		return keys.getKeyAs(Long.class);
	}

	@Override
	public void insertAll(List<String> handles) {
		this.template.batchUpdate(INSERT,
				handles.stream()
					.map((handle) -> new MapSqlParameterSource("handle", handle).addValue("email", null))
					.toArray(SqlParameterSource[]::new));
	}

	@Override
	public Optional<Account> find(long id) {
		return this.template.query("SELECT * FROM account WHERE id = :id", Map.of("id", id), ACCOUNT)
			.stream()
			.findFirst();
	}

	@Override
	public Optional<Account> findByHandle(String handle) {
		return this.template.query("SELECT * FROM account WHERE handle = :handle", Map.of("handle", handle), ACCOUNT)
			.stream()
			.findFirst();
	}

	@Override
	public List<Account> findByHandles(Collection<String> handles) {
		return this.template.query("SELECT * FROM account WHERE (handle) IN (:handles)", Map.of("handles", handles),
				ACCOUNT);
	}

	@Override
	public List<Account> findStartingWith(String prefix) {
		return this.template.query(
				"SELECT * FROM public.account a WHERE lower(a.handle) LIKE lower(:pattern) ORDER BY a.handle ASC",
				Map.of("pattern", prefix + "%"), ACCOUNT);
	}

	@Override
	public List<Account> findBetween(String from, String to) {
		return this.template.query(
				"SELECT * FROM account WHERE handle BETWEEN SYMMETRIC CAST(:to AS varchar) AND :from::varchar",
				Map.of("from", from, "to", to), ACCOUNT);
	}

	@Override
	public List<Account> page(String prefix, int number, int size) {
		return this.template.query("""
				-- a page :number is not a parameter
				SELECT * FROM account /* nor is :this */ WHERE handle LIKE :pattern
				ORDER BY handle DESC LIMIT :size OFFSET :offset""",
				Map.of("pattern", prefix + "%", "size", size, "offset", number * size), ACCOUNT);
	}

	@Override
	public List<String> handles(String prefix) {
		return this.template.queryForList(
				"SELECT \"account\".\"handle\" FROM account WHERE handle LIKE :pattern ORDER BY \"handle\"",
				Map.of("pattern", prefix + "%"), String.class);
	}

	@Override
	public long count(String prefix) {
		return this.template.queryForObject("SELECT count(*) FILTER (WHERE handle LIKE :pattern) FROM account",
				Map.of("pattern", prefix + "%"), Long.class);
	}

	@Override
	public boolean exists(String handle) {
		return this.template.queryForObject("SELECT count(*) > 0 FROM account WHERE handle = :handle",
				Map.of("handle", handle), Boolean.class);
	}

	@Override
	public Map<String, Long> badgeCounts(String prefix) {
		Map<String, Long> counts = new HashMap<>();
		this.template.query("""
				SELECT handle, badges FROM (
					SELECT a.handle, (SELECT count(*) FROM badge b WHERE b.account = a.id) AS badges FROM account a
				) AS counted WHERE handle LIKE :pattern AND badges > 0""", Map.of("pattern", prefix + "%"), (row) -> {
			counts.put(row.getString("handle"), row.getLong("badges"));
		});
		return counts;
	}

	@Override
	public List<Badge> badges(String handle) {
		return this.template.query("""
				SELECT a.handle AS holder, b.handle AS handle FROM badge b LEFT JOIN account a ON a.id = b.account
				WHERE b.handle = :handle ORDER BY holder""", Map.of("handle", handle),
				new DataClassRowMapper<>(Badge.class));
	}

	@Override
	public void save(Account account) {
		int rows = this.template.update("""
				UPDATE account SET version = version + 1, email = :email, handle = :handle
				WHERE id = :id AND version = :version""", new SimplePropertySqlParameterSource(account));
		if (rows != 1) {
			throw new OptimisticLockingFailureException("Account " + account.id() + " has changed");
		}
	}

	@Override
	public int changeEmail(String handle, String email) {
		return this.template.update("UPDATE account SET email = :email WHERE handle = :handle",
				Map.of("handle", handle, "email", email));
	}

	@Override
	public int rename(String from, String to) {
		return this.template.update("UPDATE account SET handle = :to WHERE handle = :from",
				Map.of("from", from, "to", to));
	}

	@Override
	public int clear(String handle) {
		return this.template.update("UPDATE account SET handle = nullif(handle, :handle) WHERE handle = :handle",
				Map.of("handle", handle));
	}

	@Override
	public void upsert(String handle, String email) {
		this.template.update(INSERT + " ON CONFLICT (handle) DO UPDATE SET email = :email",
				Map.of("handle", handle, "email", email));
	}

	@Override
	public int delete(String handle) {
		return this.template.update(
				"DELETE FROM account USING (VALUES (:handle)) AS gone (name) WHERE account.handle = gone.name",
				Map.of("handle", handle));
	}

}
