package io.github.expandcontract.libraries.jooq;

import java.util.List;

import io.github.expandcontract.libraries.AbstractAccountsIntegrationTests;
import io.github.expandcontract.libraries.Library;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

@Library(value = JooqApplication.class, autoConfigurations = JooqAutoConfiguration.class)
class JooqIntegrationTests extends AbstractAccountsIntegrationTests {

	private final JooqExtras extras = bean(JooqExtras.class);

	@BeforeEach
	void insertSome() {
		assertThat(this.extras.insertRows(List.of(some("a"), some("b"), some("c")))).isEqualTo(3);
	}

	private String some(String end) {
		return "some-" + name() + end;
	}

	@Test
	void storesRecords() {
		Tables.AccountRecord account = this.extras.store(name() + "a");
		assertStored(account.get(Tables.ACCOUNT.id), name() + "a");
		this.extras.rename(account, name() + "b");
		assertThat(account.get(Tables.ACCOUNT.handle)).isEqualTo(name() + "b");
		assertStored(account.get(Tables.ACCOUNT.id), name() + "b");
		this.extras.delete(account);
		assertThat(this.extras.deleteReturning(name())).isEmpty();
	}

	@Test
	void storesABatchOfRecords() {
		List<Tables.AccountRecord> accounts = this.extras.insertReturning(List.of(name() + "a", name() + "b"));
		assertThat(accounts).extracting((account) -> account.get(Tables.ACCOUNT.handle))
			.containsExactly(name() + "a", name() + "b");
		this.extras.storeAll(accounts, "!");
		assertStored(name() + "a!");
		assertThat(this.extras.batch(List.of(name() + "a!", name() + "b!"), "?")).containsExactly(1, 1);
		assertStored(name() + "b!?");
	}

	@Test
	void insertsFromAQuery() {
		assertThat(this.extras.insertFromQuery(some(""), "!")).isEqualTo(3);
		assertStored(some("a!"));
		assertStored(some("c!"));
	}

	@Test
	void insertsUnlessThereIsOne() {
		assertThat(this.extras.insertIgnoring(some("a"))).isZero();
		assertThat(this.extras.insertIgnoring(some("z"))).isOne();
		assertStored(some("z"));
		assertThat(this.extras.insertOnKey(some("z"), "z@x")).isOne();
		assertThat(this.extras.insertOnKey(some("y"), "y@x")).isOne();
		assertStored(some("y"));
	}

	@Test
	void merges() {
		assertThat(this.extras.merge(some("a"), "m@x")).isOne();
		assertThat(this.extras.merge(some("z"), "m@x")).isOne();
		assertStored(some("z"));
	}

	@Test
	void writesAndReturns() {
		assertThat(this.extras.updateReturning(some("a"), "!")).containsExactly(some("a!"));
		assertStored(some("a!"));
		assertThat(this.extras.updateRow(some("b"), some("d"), "d@x")).isOne();
		assertStored(some("d"));
		assertThat(this.extras.deleteReturning(some(""))).containsExactlyInAnyOrder(some("a!"), some("c"), some("d"));
	}

	@Test
	void asksForWhatSqlHas() {
		assertThat(this.extras.seek(some(""), some("b"), 5)).containsExactly(some("b"), some("c"));
		assertThat(this.extras.ranks(some(""))).containsExactly(3, 2, 1);
		assertThat(this.extras.commonTable(some(""))).containsExactly(some("a"), some("b"), some("c"));
		assertThat(this.extras.lazily(some(""))).containsExactly(some("a"), some("b"), some("c"));
		assertThat(this.extras.locked(some(""))).containsExactly(some("a"), some("b"), some("c"));
		assertThat(this.extras.plainSql(some("a"))).containsExactly(some("a") + 4);
	}

	@Test
	void nestsCollections() {
		plain().update("""
				INSERT INTO badge (account, handle)
				SELECT id, b FROM account, (VALUES ('gold'), ('silver')) AS v (b) WHERE email = ?""", some("a") + "@x");
		assertThat(this.extras.nested(some(""))).containsExactly(some("a") + "[gold, silver]", some("b") + "[]",
				some("c") + "[]");
	}

}
