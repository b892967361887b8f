package io.github.expandcontract.libraries.jpa;

import java.util.List;

import io.github.expandcontract.libraries.AbstractAccountsIntegrationTests;
import io.github.expandcontract.libraries.Account;
import io.github.expandcontract.libraries.Accounts;
import io.github.expandcontract.libraries.Library;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

@Library(value = JpaApplication.class, autoConfigurations = HibernateJpaAutoConfiguration.class,
		properties = { "spring.jpa.hibernate.ddl-auto=none", "spring.jpa.open-in-view=false",
				"spring.jpa.properties.hibernate.jdbc.batch_size=10",
				"spring.jpa.properties.hibernate.order_updates=true" })
class JpaIntegrationTests extends AbstractAccountsIntegrationTests {

	private final JpaExtras extras = bean(JpaExtras.class);

	private final Accounts accounts = bean(Accounts.class);

	@BeforeEach
	void insertSome() {
		this.accounts.insertAll(List.of(some("a"), some("b"), some("c")));
	}

	private String some(String end) {
		return "some-" + name() + end;
	}

	private long id(String handle) {
		return this.accounts.findByHandle(handle).map(Account::id).orElseThrow();
	}

	@Test
	void updatesABatch() {
		this.extras.renameEach(some(""), "!");
		assertThat(this.accounts.handles(some(""))).containsExactly(some("a!"), some("b!"), some("c!"));
		assertStored(some("a!"));
		assertStored(some("c!"));
	}

	@Test
	void asksByCriteria() {
		plain().update("INSERT INTO badge (account, handle) VALUES (?, 'x'), (?, ?)", id(some("a")), id(some("b")),
				some("b"));
		assertThat(this.extras.criteria(some(""))).extracting((account) -> account.handle)
			.containsExactly(some("c"), some("b"));
	}

	@Test
	void writesByCriteria() {
		assertThat(this.extras.criteriaUpdate(some("a"), "!")).isOne();
		assertStored(some("a!"));
		assertThat(this.extras.criteriaDelete(some("a!"))).isOne();
		assertThat(this.accounts.handles(some(""))).containsExactly(some("b"), some("c"));
	}

	@Test
	void updatesWithTheVersion() {
		assertThat(this.extras.versionedUpdate(some("a"), some("z"))).isOne();
		assertThat(this.accounts.findByHandle(some("z")).orElseThrow().version()).isOne();
		assertStored(some("z"));
	}

	@Test
	void insertsFromAQuery() {
		assertThat(this.extras.insertFromQuery(some(""), "-copy")).isEqualTo(3);
		assertThat(this.accounts.handles(some("a"))).containsExactly(some("a"), some("a-copy"));
		assertStored(some("a-copy"));
	}

	@Test
	void runsNativeStatements() {
		assertThat(this.extras.nativeEntities(some(""))).extracting((account) -> account.handle)
			.containsExactly(some("a"), some("b"), some("c"));
		assertThat(this.extras.nativeUpdate(some("a"), some("z"))).isOne();
		assertStored(some("z"));
	}

	@Test
	void asksInTheQueryLanguageForWhatSqlHas() {
		assertThat(this.extras.window(some(""))).containsExactly("none", some("a"), some("b"));
		plain().update("INSERT INTO badge (account, handle) VALUES (?, ?)", id(some("a")), name() + "gold");
		assertThat(this.extras.union(some("b"), name() + "gold")).containsExactlyInAnyOrder(some("b"), name() + "gold");
		assertThat(this.extras.commonTable(some(""))).containsExactly(some("a"), some("b"));
		assertThat(this.extras.badgesOfFetched(some(""))).containsExactly(some("a") + "/" + name() + "gold");
		assertThat(this.extras.scrolled(some(""))).containsExactly(some("a"), some("b"), some("c"));
	}

	@Test
	void locksAndRefreshes() {
		long id = id(some("a"));
		this.extras.lockAndRename(id, some("z"));
		assertStored(id, some("z"));
		assertThat(this.extras.multiple(List.of(id, id(some("b"))))).extracting((account) -> account.handle)
			.containsExactly(some("z"), some("b"));
	}

	@Test
	void writesWithoutAPersistenceContext() {
		this.extras.stateless(name() + "a", name() + "b");
		assertStored(name() + "b");
	}

	@Test
	void writesOnlyWhatHasChanged() {
		long id = this.extras.addDynamic(name() + "a");
		assertStored(id, name() + "a");
		this.extras.changeDynamicEmail(id, "e@x");
		assertStored(id, name() + "a");
		this.extras.changeDynamic(id, name() + "b");
		assertStored(id, name() + "b");
		this.extras.changeDynamic(id, null);
		assertStored(id, null);
		this.extras.removeDynamic(id);
		assertThat(this.accounts.find(id)).isEmpty();
	}

	@Test
	void writesAHierarchyOverTwoTables() {
		long id = this.extras.addPremium(name() + "a", 1);
		assertStored(id, name() + "a");
		this.extras.changePremium(id, name() + "b", 2);
		assertStored(id, name() + "b");
		assertThat(this.extras.members(name())).singleElement().isInstanceOf(PremiumMember.class);
		assertThat(this.extras.members(some(""))).hasSize(3).noneMatch(PremiumMember.class::isInstance);
		assertThat(this.extras.premium(name())).extracting((member) -> member.handle).containsExactly(name() + "b");
	}

	@Test
	void changesAHierarchyAtOnce() {
		long id = this.extras.addPremium(name() + "a", 1);
		assertThat(this.extras.changePremiumAtOnce(name(), name() + "z", 3)).isOne();
		assertStored(id, name() + "z");
		assertThat(this.extras.premium(name() + "z")).hasSize(1);
		assertThat(this.extras.removeMembersAtOnce(name())).isOne();
		assertThat(this.accounts.find(id)).isEmpty();
	}

}
