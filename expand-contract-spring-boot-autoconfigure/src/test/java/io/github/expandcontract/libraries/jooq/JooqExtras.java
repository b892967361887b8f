package io.github.expandcontract.libraries.jooq;

import java.util.List;

import io.github.expandcontract.ExpandContractRepository;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

import org.springframework.transaction.annotation.Transactional;

import static io.github.expandcontract.libraries.jooq.Tables.ACCOUNT;
import static io.github.expandcontract.libraries.jooq.Tables.BADGE;

/**
 * What only jOOQ does.
 */
@Transactional
@ExpandContractRepository
class JooqExtras {

	private final DSLContext dsl;

	JooqExtras(DSLContext dsl) {
		this.dsl = dsl;
	}

	Tables.AccountRecord store(String handle) {
		Tables.AccountRecord account = this.dsl.newRecord(ACCOUNT);
		account.set(ACCOUNT.handle, handle);
		account.store();
		return account;
	}

	void rename(Tables.AccountRecord account, String handle) {
		account.set(ACCOUNT.handle, handle);
		account.store();
		account.refresh();
	}

	void delete(Tables.AccountRecord account) {
		account.delete();
	}

	int insertRows(List<String> handles) {
		return this.dsl.insertInto(ACCOUNT, ACCOUNT.handle, ACCOUNT.email)
			.valuesOfRows(handles.stream().map((handle) -> DSL.row(handle, handle + "@x")).toList())
			.execute();
	}

	List<Tables.AccountRecord> insertReturning(List<String> handles) {
		return this.dsl.insertInto(ACCOUNT, ACCOUNT.handle)
			.valuesOfRows(handles.stream().map(DSL::row).toList())
			.returning()
			.fetch();
	}

	int insertFromQuery(String prefix, String suffix) {
		return this.dsl.insertInto(ACCOUNT, ACCOUNT.handle, ACCOUNT.email)
			.select(this.dsl.select(ACCOUNT.handle.concat(suffix), ACCOUNT.email)
				.from(ACCOUNT)
				.where(ACCOUNT.handle.startsWith(prefix)))
			.execute();
	}

	int[] storeAll(List<Tables.AccountRecord> accounts, String suffix) {
		accounts.forEach((account) -> account.set(ACCOUNT.handle, account.get(ACCOUNT.handle) + suffix));
		return this.dsl.batchStore(accounts).execute();
	}

	int[] batch(List<String> from, String suffix) {
		var batch = this.dsl
			.batch(this.dsl.update(ACCOUNT).set(ACCOUNT.handle, (String) null).where(ACCOUNT.handle.eq((String) null)));
		for (String handle : from) {
			batch = batch.bind(handle + suffix, handle);
		}
		return batch.execute();
	}

	int insertIgnoring(String handle) {
		return this.dsl.insertInto(ACCOUNT, ACCOUNT.handle).values(handle).onConflictDoNothing().execute();
	}

	int insertOnKey(String handle, String email) {
		return this.dsl.insertInto(ACCOUNT, ACCOUNT.handle, ACCOUNT.email)
			.values(handle, email)
			.onConflict(ACCOUNT.handle)
			.doUpdate()
			.setAllToExcluded()
			.execute();
	}

	int merge(String handle, String email) {
		return this.dsl.mergeInto(ACCOUNT)
			.using(this.dsl.selectOne())
			.on(ACCOUNT.handle.eq(handle))
			.whenMatchedThenUpdate()
			.set(ACCOUNT.email, email)
			.whenNotMatchedThenInsert(ACCOUNT.handle, ACCOUNT.email)
			.values(handle, email)
			.execute();
	}

	List<String> updateReturning(String prefix, String suffix) {
		return this.dsl.update(ACCOUNT)
			.set(ACCOUNT.handle, ACCOUNT.handle.concat(suffix))
			.where(ACCOUNT.handle.startsWith(prefix))
			.returning(ACCOUNT.handle)
			.fetch(ACCOUNT.handle);
	}

	int updateRow(String handle, String to, String email) {
		return this.dsl.update(ACCOUNT)
			.set(DSL.row(ACCOUNT.handle, ACCOUNT.email), DSL.row(to, email))
			.where(ACCOUNT.handle.eq(handle))
			.execute();
	}

	List<String> deleteReturning(String prefix) {
		return this.dsl.deleteFrom(ACCOUNT)
			.where(ACCOUNT.handle.startsWith(prefix))
			.returningResult(ACCOUNT.handle)
			.fetch(ACCOUNT.handle);
	}

	List<String> seek(String prefix, String after, int size) {
		return this.dsl.select(ACCOUNT.handle, ACCOUNT.id)
			.from(ACCOUNT)
			.where(ACCOUNT.handle.startsWith(prefix))
			.orderBy(ACCOUNT.handle, ACCOUNT.id)
			.seek(after, 0L)
			.limit(size)
			.fetch(ACCOUNT.handle);
	}

	List<Integer> ranks(String prefix) {
		return this.dsl.select(DSL.rowNumber().over(DSL.orderBy(ACCOUNT.handle.desc())))
			.from(ACCOUNT)
			.where(ACCOUNT.handle.startsWith(prefix))
			.orderBy(ACCOUNT.handle)
			.fetch(0, Integer.class);
	}

	List<String> nested(String prefix) {
		return this.dsl.select(ACCOUNT.handle, DSL.multiset(
				this.dsl.select(BADGE.handle).from(BADGE).where(BADGE.account.eq(ACCOUNT.id)).orderBy(BADGE.handle)))
			.from(ACCOUNT)
			.where(ACCOUNT.handle.startsWith(prefix))
			.orderBy(ACCOUNT.handle)
			.fetch((row) -> row.value1() + row.value2().map((badge) -> badge.value1()));
	}

	List<String> commonTable(String prefix) {
		var named = DSL.name("named")
			.fields("handle", "n")
			.as(this.dsl.select(ACCOUNT.handle, DSL.length(ACCOUNT.handle))
				.from(ACCOUNT)
				.where(ACCOUNT.handle.startsWith(prefix)));
		return this.dsl.with(named)
			.select(named.field("handle", String.class))
			.from(named)
			.orderBy(1)
			.fetch(0, String.class);
	}

	List<String> lazily(String prefix) {
		try (Cursor<Tables.AccountRecord> cursor = this.dsl.selectFrom(ACCOUNT)
			.where(ACCOUNT.handle.startsWith(prefix))
			.orderBy(ACCOUNT.handle)
			.fetchSize(2)
			.fetchLazy()) {
			return cursor.stream().map((account) -> account.get(ACCOUNT.handle)).toList();
		}
	}

	List<String> locked(String prefix) {
		return this.dsl.selectFrom(ACCOUNT)
			.where(ACCOUNT.handle.startsWith(prefix))
			.orderBy(ACCOUNT.handle)
			.forUpdate()
			.of(ACCOUNT)
			.skipLocked()
			.fetch(ACCOUNT.handle);
	}

	List<String> plainSql(String prefix) {
		return this.dsl.fetch("SELECT * FROM account WHERE handle LIKE {0} ORDER BY handle", DSL.val(prefix + "%"))
			.map((row) -> row.get("handle", String.class) + row.size());
	}

}
