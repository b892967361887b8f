package io.github.expandcontract.libraries.springdata;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.github.expandcontract.libraries.Account;
import io.github.expandcontract.libraries.Accounts;
import io.github.expandcontract.libraries.Badge;
import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;

/**
 * Calls the repository, which is the annotated one.
 */
class SpringDataAccounts implements Accounts {

	private final AccountRepository repository;

	SpringDataAccounts(AccountRepository repository) {
		this.repository = repository;
	}

	@Override
	public long insert(@Nullable String handle, @Nullable String email) {
		return this.repository.save(AccountEntity.of(handle, email)).id();
	}

	@Override
	public void insertAll(List<String> handles) {
		this.repository.saveAll(handles.stream().map((handle) -> AccountEntity.of(handle, null)).toList());
	}

	@Override
	public Optional<Account> find(long id) {
		return this.repository.findById(id).map(AccountEntity::account);
	}

	@Override
	public Optional<Account> findByHandle(String handle) {
		return this.repository.findByHandle(handle).map(AccountEntity::account);
	}

	@Override
	public List<Account> findByHandles(Collection<String> handles) {
		return accounts(this.repository.findByHandleIn(handles));
	}

	@Override
	public List<Account> findStartingWith(String prefix) {
		return accounts(this.repository.findByHandleStartingWithOrderByHandle(prefix));
	}

	@Override
	public List<Account> findBetween(String from, String to) {
		return accounts(this.repository.findByHandleBetween(from, to));
	}

	@Override
	public List<Account> page(String prefix, int number, int size) {
		return accounts(this.repository
			.findByHandleStartingWith(prefix, PageRequest.of(number, size, Sort.by("handle").descending()))
			.getContent());
	}

	@Override
	public List<String> handles(String prefix) {
		return this.repository.findNamedByHandleStartingWithOrderByHandle(prefix)
			.stream()
			.map(AccountRepository.Named::getHandle)
			.toList();
	}

	@Override
	public long count(String prefix) {
		return this.repository.countByHandleStartingWith(prefix);
	}

	@Override
	public boolean exists(String handle) {
		return this.repository.existsByHandle(handle);
	}

	@Override
	public Map<String, Long> badgeCounts(String prefix) {
		return this.repository.badgeCounts(prefix + "%")
			.stream()
			.collect(Collectors.toMap(AccountRepository.BadgeCount::holder, AccountRepository.BadgeCount::badges));
	}

	@Override
	public List<Badge> badges(String handle) {
		return this.repository.badges(handle);
	}

	@Override
	public void save(Account account) {
		this.repository.save(new AccountEntity(account.id(), account.handle(), account.email(), account.version()));
	}

	@Override
	public int changeEmail(String handle, String email) {
		return this.repository.changeEmail(handle, email);
	}

	@Override
	public int rename(String from, String to) {
		return this.repository.rename(from, to);
	}

	@Override
	public int clear(String handle) {
		return this.repository.clear(handle);
	}

	@Override
	public void upsert(String handle, String email) {
		this.repository.upsert(handle, email);
	}

	@Override
	public int delete(String handle) {
		return this.repository.deleteByHandle(handle);
	}

	private static List<Account> accounts(List<AccountEntity> entities) {
		return entities.stream().map(AccountEntity::account).toList();
	}

}
