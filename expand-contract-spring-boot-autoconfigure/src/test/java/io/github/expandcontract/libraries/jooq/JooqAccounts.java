package io.github.expandcontract.libraries.jooq;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.expandcontract.ExpandContractRepository;
import io.github.expandcontract.libraries.Account;
import io.github.expandcontract.libraries.Accounts;
import io.github.expandcontract.libraries.Badge;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.exception.DataChangedException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.transaction.annotation.Transactional;

import static io.github.expandcontract.libraries.jooq.Tables.ACCOUNT;
import static io.github.expandcontract.libraries.jooq.Tables.BADGE;

@Transactional
@ExpandContractRepository
class JooqAccounts implements Accounts {

	private final DSLContext dsl;

	JooqAccounts(DSLContext dsl) {
		this.dsl = dsl;
	}

	@Override
	public long insert(@Nullable String handle, @Nullable String email) {
		return this.dsl.insertInto(ACCOUNT, ACCOUNT.handle, ACCOUNT.email)
			.values(handle, email)
			.returningResult(ACCOUNT.id)
			.fetchSingle()
			.value1();
	}

	@Override
	public void insertAll(List<String> handles) {
		this.dsl.batchInsert(handles.stream().map((handle) -> {
			Tables.AccountRecord account = this.dsl.newRecord(ACCOUNT);
			account.set(ACCOUNT.handle, handle);
			return account;
		}).toList()).execute();
	}

	@Override
	public Optional<Account> find(long id) {
		return this.dsl.fetchOptional(ACCOUNT, ACCOUNT.id.eq(id)).map((account) -> account.into(Account.class));
	}

	@Override
	public Optional<Account> findByHandle(String handle) {
		return this.dsl.selectFrom(ACCOUNT).where(ACCOUNT.handle.eq(handle)).fetchOptionalInto(Account.class);
	}

	@Override
	public List<Account> findByHandles(Collection<String> handles) {
		return this.dsl.selectFrom(ACCOUNT).where(ACCOUNT.handle.in(handles)).fetchInto(Account.class);
	}

	@Override
	public List<Account> findStartingWith(String prefix) {
		Tables.AccountTable a = ACCOUNT.as("a");
		return this.dsl.select(a.id, a.handle, a.email, a.version)
			.from(a)
			.where(a.handle.startsWith(prefix))
			.orderBy(a.handle.asc().nullsLast())
			.fetch(Records.mapping(Account::new));
	}

	@Override
	public List<Account> findBetween(String from, String to) {
		return this.dsl.selectFrom(ACCOUNT).where(ACCOUNT.handle.between(from).and(to)).fetchInto(Account.class);
	}

	@Override
	public List<Account> page(String prefix, int number, int size) {
		return this.dsl.selectFrom(ACCOUNT)
			.where(ACCOUNT.handle.like(prefix + "%"))
			.orderBy(ACCOUNT.handle.desc())
			.limit(size)
			.offset(number * size)
			.fetchInto(Account.class);
	}

	@Override
	public List<String> handles(String prefix) {
		return this.dsl.select(ACCOUNT.handle)
			.from(ACCOUNT)
			.where(ACCOUNT.handle.likeIgnoreCase(prefix + "%"))
			.orderBy(ACCOUNT.handle)
			.fetch(ACCOUNT.handle);
	}

	@Override
	public long count(String prefix) {
		return this.dsl.fetchCount(ACCOUNT, ACCOUNT.handle.like(prefix + "%"));
	}

	@Override
	public boolean exists(String handle) {
		return this.dsl.fetchExists(ACCOUNT, ACCOUNT.handle.eq(handle));
	}

	@Override
	public Map<String, Long> badgeCounts(String prefix) {
		return this.dsl.select(ACCOUNT.handle, DSL.count().cast(Long.class).as("badges"))
			.from(ACCOUNT.join(BADGE).on(BADGE.account.eq(ACCOUNT.id)))
			.where(ACCOUNT.handle.startsWith(prefix))
			.groupBy(ACCOUNT.handle)
			.having(DSL.count().gt(0))
			.fetchMap(ACCOUNT.handle, DSL.field(DSL.name("badges"), Long.class));
	}

	@Override
	public List<Badge> badges(String handle) {
		return this.dsl.select(ACCOUNT.handle, BADGE.handle)
			.from(ACCOUNT)
			.join(BADGE)
			.on(BADGE.account.eq(ACCOUNT.id))
			.where(BADGE.handle.eq(handle))
			.fetch(Records.mapping(Badge::new));
	}

	@Override
	public void save(Account account) {
		Tables.AccountRecord row = this.dsl.newRecord(ACCOUNT);
		row.set(ACCOUNT.id, account.id());
		row.set(ACCOUNT.version, account.version());
		row.changed(false);
		row.set(ACCOUNT.handle, account.handle());
		row.set(ACCOUNT.email, account.email());
		try {
			row.update();
		}
		catch (DataChangedException ex) {
			throw new OptimisticLockingFailureException(ex.getMessage(), ex);
		}
	}

	@Override
	public int changeEmail(String handle, String email) {
		return this.dsl.update(ACCOUNT).set(ACCOUNT.email, email).where(ACCOUNT.handle.eq(handle)).execute();
	}

	@Override
	public int rename(String from, String to) {
		return this.dsl.update(ACCOUNT).set(ACCOUNT.handle, to).where(ACCOUNT.handle.eq(from)).execute();
	}

	@Override
	public int clear(String handle) {
		return this.dsl.update(ACCOUNT).setNull(ACCOUNT.handle).where(ACCOUNT.handle.eq(handle)).execute();
	}

	@Override
	public void upsert(String handle, String email) {
		this.dsl.insertInto(ACCOUNT)
			.set(ACCOUNT.handle, handle)
			.set(ACCOUNT.email, email)
			.onConflict(ACCOUNT.handle)
			.doUpdate()
			.set(ACCOUNT.email, DSL.excluded(ACCOUNT.email))
			.execute();
	}

	@Override
	public int delete(String handle) {
		return this.dsl.deleteFrom(ACCOUNT).where(ACCOUNT.handle.eq(handle)).execute();
	}

}
