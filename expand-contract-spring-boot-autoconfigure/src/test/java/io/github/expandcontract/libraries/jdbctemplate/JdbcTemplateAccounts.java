package io.github.expandcontract.libraries.jdbctemplate;

import java.sql.PreparedStatement;
import java.util.Collection;
import java.util.Collections;
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
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.support.GeneratedKeyHolder;

@ExpandContractRepository
class JdbcTemplateAccounts implements Accounts {

	private static final RowMapper<Account> ACCOUNT = (row, number) -> new Account(row.getLong("id"),
			row.getString("handle"), row.getString("email"), row.getInt("version"));

	private final JdbcTemplate template;

	JdbcTemplateAccounts(JdbcTemplate template) {
		this.template = template;
	}

	@Override
	public long insert(@Nullable String handle, @Nullable String email) {
		GeneratedKeyHolder keys = new GeneratedKeyHolder();
		this.template.update((connection) -> {
			PreparedStatement statement = connection
				.prepareStatement("INSERT INTO account (handle, email) VALUES (?, ?)", new String[] { "id" });
			statement.setString(1, handle);
			statement.setString(2, email);
			return statement;
		}, keys);
		return keys.getKey().longValue();
	}

	@Override
	public void insertAll(List<String> handles) {
		this.template.batchUpdate("INSERT INTO account (handle, email) VALUES (?, ?)", handles, 10,
				(statement, handle) -> {
					statement.setString(1, handle);
					statement.setString(2, handle + "@example.org");
				});
	}

	@Override
	public Optional<Account> find(long id) {
		return this.template.query("SELECT * FROM account WHERE id = ?", ACCOUNT, id).stream().findFirst();
	}

	@Override
	public Optional<Account> findByHandle(String handle) {
		return this.template.query("SELECT id, handle, email, version FROM account WHERE handle = ?", ACCOUNT, handle)
			.stream()
			.findFirst();
	}

	@Override
	public List<Account> findByHandles(Collection<String> handles) {
		String marks = String.join(", ", Collections.nCopies(handles.size(), "?"));
		return this.template.query("SELECT * FROM account WHERE handle IN (" + marks + ")", ACCOUNT, handles.toArray());
	}

	@Override
	public List<Account> findStartingWith(String prefix) {
		return this.template.query("SELECT a.* FROM account a WHERE a.handle LIKE ? ORDER BY a.handle", ACCOUNT,
				prefix + "%");
	}

	@Override
	public List<Account> findBetween(String from, String to) {
		return this.template.query("SELECT * FROM account WHERE handle BETWEEN ? AND ?", ACCOUNT, from, to);
	}

	@Override
	public List<Account> page(String prefix, int number, int size) {
		return this.template.query(
				"SELECT * FROM account WHERE handle LIKE ? ORDER BY handle COLLATE \"C\" DESC LIMIT ? OFFSET ?",
				ACCOUNT, prefix + "%", size, number * size);
	}

	@Override
	public List<String> handles(String prefix) {
		return this.template.queryForList("SELECT handle FROM account WHERE handle LIKE ? ORDER BY 1", String.class,
				prefix + "%");
	}

	@Override
	public long count(String prefix) {
		return this.template.queryForObject("SELECT count(*) FROM account WHERE handle LIKE ?", Long.class,
				prefix + "%");
	}

	@Override
	public boolean exists(String handle) {
		return this.template.queryForObject("SELECT EXISTS (SELECT 1 FROM account WHERE handle = ?)", Boolean.class,
				handle);
	}

	@Override
	public Map<String, Long> badgeCounts(String prefix) {
		Map<String, Long> counts = new HashMap<>();
		this.template.query("""
				SELECT account.handle, count(*) AS badges FROM account JOIN badge ON badge.account = account.id
				WHERE account.handle LIKE ? GROUP BY account.handle HAVING count(badge.handle) > 0""", (row) -> {
			counts.put(row.getString("handle"), row.getLong("badges"));
		}, prefix + "%");
		return counts;
	}

	@Override
	public List<Badge> badges(String handle) {
		return this.template.query("""
				SELECT a.handle, b.handle FROM account a JOIN badge b ON b.account = a.id
				WHERE b.handle = ? AND b.username <> a.handle""",
				(row, number) -> new Badge(row.getString(1), row.getString(2)), handle);
	}

	@Override
	public void save(Account account) {
		int rows = this.template.update(
				"UPDATE account SET handle = ?, email = ?, version = version + 1 WHERE id = ? AND version = ?",
				account.handle(), account.email(), account.id(), account.version());
		if (rows != 1) {
			throw new OptimisticLockingFailureException("Account " + account.id() + " has changed");
		}
	}

	@Override
	public int changeEmail(String handle, String email) {
		return this.template.update("UPDATE account SET email = ? WHERE handle = ?", email, handle);
	}

	@Override
	public int rename(String from, String to) {
		return this.template.update("UPDATE account SET handle = ? WHERE handle = ?", to, from);
	}

	@Override
	public int clear(String handle) {
		return this.template.update("UPDATE account SET handle = NULL WHERE handle = ?", handle);
	}

	@Override
	public void upsert(String handle, String email) {
		this.template.update("""
				INSERT INTO account (handle, email) VALUES (?, ?)
				ON CONFLICT (handle) DO UPDATE SET email = EXCLUDED.email""", handle, email);
	}

	@Override
	public int delete(String handle) {
		return this.template.update("DELETE FROM account WHERE handle = ?", handle);
	}

}
