package io.github.expandcontract.libraries.mybatis;

import java.util.List;
import java.util.Map;

import io.github.expandcontract.libraries.AbstractAccountsIntegrationTests;
import io.github.expandcontract.libraries.Account;
import io.github.expandcontract.libraries.Library;
import org.apache.ibatis.cursor.Cursor;
import org.apache.ibatis.session.RowBounds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mybatis.spring.boot.autoconfigure.MybatisAutoConfiguration;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

@Library(value = MybatisApplication.class, autoConfigurations = MybatisAutoConfiguration.class,
		properties = { "mybatis.mapper-locations=classpath:libraries/AccountXmlMapper.xml",
				"mybatis.configuration.arg-name-based-constructor-auto-mapping=true",
				"mybatis.configuration.map-underscore-to-camel-case=true" })
class MybatisIntegrationTests extends AbstractAccountsIntegrationTests {

	private final AccountMapper mapper = bean(AccountMapper.class);

	private final AccountXmlMapper xml = bean(AccountXmlMapper.class);

	private final BatchingAccounts batching = bean(BatchingAccounts.class);

	@BeforeEach
	void insertSome() {
		List<NewAccount> accounts = List.of(new NewAccount(some("a"), "a@x"), new NewAccount(some("b"), null));
		assertThat(this.xml.insertAll(accounts)).isEqualTo(2);
		assertThat(accounts).allSatisfy((account) -> assertStored(account.getId(), account.getHandle()));
	}

	private String some(String end) {
		return "some-" + name() + end;
	}

	@Test
	void takesKeysFromASequence() {
		NewAccount account = new NewAccount(name() + "a", null);
		this.xml.insertWithSelectedKey(account);
		assertStored(account.getId(), name() + "a");
	}

	@Test
	void insertsByASelectThatReturns() {
		assertStored(this.xml.insertReturning(new NewAccount(name() + "a", null)), name() + "a");
	}

	@Test
	void updatesWhatIsGiven() {
		long id = this.mapper.findByHandle(some("a")).orElseThrow().id();
		assertThat(this.xml.updateSelective(id, null, "new@x")).isOne();
		assertStored(id, some("a"));
		assertThat(this.xml.updateSelective(id, some("z"), null)).isOne();
		assertStored(id, some("z"));
		assertThat(this.mapper.find(id)).contains(new Account(id, some("z"), "new@x", 2));
	}

	@Test
	void updatesManyRowsByCases() {
		assertThat(this.xml.updateCases(Map.of("renames", Map.of(some("a"), some("y"), some("b"), some("z")))))
			.isEqualTo(2);
		assertStored(some("y"));
		assertStored(some("z"));
	}

	@Test
	void choosesWhatToAsk() {
		assertThat(this.xml.choose(some("a"), null)).extracting(Account::handle).containsExactly(some("a"));
		assertThat(this.xml.choose(null, some(""))).extracting(Account::handle).containsExactly(some("a"), some("b"));
		assertThat(this.mapper.bounded(some(""), "handle", new RowBounds(1, 1))).extracting(Account::handle)
			.containsExactly(some("b"));
	}

	@Test
	void nestsResults() {
		plain().update("INSERT INTO badge (account, handle) VALUES (?, 'gold'), (?, 'silver')",
				this.mapper.findByHandle(some("a")).orElseThrow().id(),
				this.mapper.findByHandle(some("a")).orElseThrow().id());
		List<AccountXmlMapper.Holder> holders = this.xml.holders(some("%"));
		assertThat(holders).extracting((holder) -> holder.name).containsExactly(some("a"), some("b"));
		assertThat(holders.get(0).badges).containsExactly("gold", "silver");
	}

	@Test
	void readsByACursor() {
		new TransactionTemplate(bean(PlatformTransactionManager.class)).executeWithoutResult((status) -> {
			Cursor<String> cursor = this.mapper.cursor(some("%"));
			assertThat(cursor).containsExactly(some("a"), some("b"));
		});
	}

	@Test
	void batches() {
		this.batching.insertAll(List.of(name() + "a", name() + "b", name() + "c"));
		assertThat(this.mapper.count(name() + "%")).isEqualTo(3);
		assertStored(name() + "b");
		this.batching.renameAll(List.of(name() + "a", name() + "b"), "!");
		assertThat(this.mapper.handles(name() + "%")).containsExactly(name() + "a!", name() + "b!", name() + "c");
		assertStored(name() + "a!");
	}

}
