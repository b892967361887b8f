package io.github.expandcontract.libraries.mybatis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.github.expandcontract.libraries.Account;
import io.github.expandcontract.libraries.Accounts;
import io.github.expandcontract.libraries.Badge;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.OptimisticLockingFailureException;

/**
 * Calls the mapper, which is the annotated one.
 */
class MybatisAccounts implements Accounts {

	private final AccountMapper mapper;

	MybatisAccounts(AccountMapper mapper) {
		this.mapper = mapper;
	}

	@Override
	public long insert(@Nullable String handle, @Nullable String email) {
		NewAccount account = new NewAccount(handle, email);
		this.mapper.insert(account);
		return account.getId();
	}

	@Override
	public void insertAll(List<String> handles) {
		this.mapper.insertAll(handles);
	}

	@Override
	public Optional<Account> find(long id) {
		return this.mapper.find(id);
	}

	@Override
	public Optional<Account> findByHandle(String handle) {
		return this.mapper.findByHandle(handle);
	}

	@Override
	public List<Account> findByHandles(Collection<String> handles) {
		return this.mapper.search(handles, null, null);
	}

	@Override
	public List<Account> findStartingWith(String prefix) {
		return this.mapper.findStartingWith(prefix);
	}

	@Override
	public List<Account> findBetween(String from, String to) {
		return this.mapper.search(null, from, to);
	}

	@Override
	public List<Account> page(String prefix, int number, int size) {
		return this.mapper.page(prefix, number * size, size);
	}

	@Override
	public List<String> handles(String prefix) {
		return this.mapper.handles(prefix + "%");
	}

	@Override
	public long count(String prefix) {
		return this.mapper.count(prefix + "%");
	}

	@Override
	public boolean exists(String handle) {
		return this.mapper.exists(handle);
	}

	@Override
	public Map<String, Long> badgeCounts(String prefix) {
		return this.mapper.badgeCounts(prefix + "%")
			.stream()
			.collect(Collectors.toMap((row) -> (String) row.get("handle"), (row) -> (Long) row.get("badges")));
	}

	@Override
	public List<Badge> badges(String handle) {
		return this.mapper.badges(handle);
	}

	@Override
	public void save(Account account) {
		if (this.mapper.update(account) != 1) {
			throw new OptimisticLockingFailureException("Account " + account.id() + " has changed");
		}
	}

	@Override
	public int changeEmail(String handle, String email) {
		return this.mapper.changeEmail(handle, email);
	}

	@Override
	public int rename(String from, String to) {
		return this.mapper.rename(from, to);
	}

	@Override
	public int clear(String handle) {
		return this.mapper.clear(handle);
	}

	@Override
	public void upsert(String handle, String email) {
		this.mapper.upsert(handle, email);
	}

	@Override
	public int delete(String handle) {
		return this.mapper.delete(handle);
	}

}
