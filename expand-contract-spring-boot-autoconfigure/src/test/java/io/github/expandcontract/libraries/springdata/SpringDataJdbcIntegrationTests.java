package io.github.expandcontract.libraries.springdata;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import io.github.expandcontract.libraries.AbstractAccountsIntegrationTests;
import io.github.expandcontract.libraries.Library;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.data.domain.Example;
import org.springframework.data.domain.ExampleMatcher;
import org.springframework.data.domain.Limit;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Slice;
import org.springframework.data.domain.Sort;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

@Library(value = SpringDataApplication.class, autoConfigurations = DataJdbcRepositoriesAutoConfiguration.class)
class SpringDataJdbcIntegrationTests extends AbstractAccountsIntegrationTests {

	private final AccountRepository repository = bean(AccountRepository.class);

	private final OwnerRepository owners = bean(OwnerRepository.class);

	@BeforeEach
	void insertSome() {
		this.repository.saveAll(Stream.of("a", "b", "c").map((end) -> AccountEntity.of(some(end), some(end))).toList());
	}

	private String some(String end) {
		return "some-" + name() + end;
	}

	@Test
	void savesAnAggregateWithItsChildren() {
		Owner owner = this.owners.save(new Owner(null, name() + "a",
				Set.of(Owner.Medal.of(name() + "gold"), Owner.Medal.of(name() + "silver"))));
		assertStored(owner.id(), name() + "a");
		assertThat(this.owners.findById(owner.id())).contains(owner);
		Owner changed = this.owners
			.save(new Owner(owner.id(), name() + "b", Set.of(Owner.Medal.of(name() + "bronze"))));
		assertStored(owner.id(), name() + "b");
		assertThat(this.owners.findByHandleStartingWithOrderByHandleDesc(name())).containsExactly(changed);
		assertThat(plain().queryForList("SELECT username FROM badge WHERE account = ?", String.class, owner.id()))
			.containsExactly("other");
		this.owners.delete(changed);
		assertThat(this.owners.existsById(owner.id())).isFalse();
	}

	@Test
	void pagesCountTheirRows() {
		Page<AccountEntity> page = this.repository.findByHandleStartingWith(some(""),
				PageRequest.of(0, 2, Sort.by("handle")));
		assertThat(page.getTotalElements()).isEqualTo(3);
		assertThat(page.getContent()).extracting(AccountEntity::handle).containsExactly(some("a"), some("b"));
		Slice<AccountEntity> slice = this.repository.findSliceByHandleContaining(name(),
				PageRequest.of(0, 2, Sort.by(Sort.Order.desc("handle").ignoreCase())));
		assertThat(slice.hasNext()).isTrue();
		assertThat(slice.getContent()).extracting(AccountEntity::handle).containsExactly(some("c"), some("b"));
		assertThat(this.repository.findAll(PageRequest.of(0, 1, Sort.by("handle"))).getContent()).hasSize(1);
		assertThat(this.repository.findAll(Sort.by(Sort.Order.desc("handle").nullsFirst()))).hasSizeGreaterThan(3);
	}

	@Test
	void derivesQueries() {
		assertThat(this.repository.findFirstByHandleStartingWithOrderByHandleDesc(some("")).orElseThrow().handle())
			.isEqualTo(some("c"));
		assertThat(this.repository.findByHandleLikeIgnoreCaseOrEmailIsNullAndHandleNot(
				some("%").toUpperCase(Locale.ROOT), some("x"), Limit.of(2), Sort.by("email")))
			.hasSize(2);
		assertThat(this.repository.findByHandleIsNullAndEmail(some("a"))).isEmpty();
	}

	@Test
	void projects() {
		try (Stream<AccountRepository.OnlyHandle> handles = this.repository
			.streamByHandleStartingWithOrderByHandle(some(""))) {
			assertThat(handles.map(AccountRepository.OnlyHandle::handle)).containsExactly(some("a"), some("b"),
					some("c"));
		}
	}

	@Test
	void queriesByText() {
		AccountEntity found = this.repository.findIgnoringCase(some("A")).orElseThrow();
		assertThat(found.handle()).isEqualTo(some("a"));
		assertThat(this.repository.handleOf(found.id())).isEqualTo(some("a"));
	}

	@Test
	void queriesByExample() {
		ExampleMatcher matcher = ExampleMatcher.matching().withIgnoreNullValues();
		assertThat(this.repository.findOne(Example.of(AccountEntity.of(some("b"), null), matcher))).isPresent();
		assertThat(this.repository.count(Example.of(AccountEntity.of(some("b"), some("b")), matcher))).isOne();
		assertThat(this.repository.exists(Example.of(AccountEntity.of(some("A"), null),
				matcher.withMatcher("handle", ExampleMatcher.GenericPropertyMatchers.ignoreCase()))))
			.isTrue();
		List<AccountRepository.OnlyHandle> handles = this.repository.findBy(
				Example.of(AccountEntity.of(some("b"), null), matcher),
				(query) -> query.sortBy(Sort.by("handle")).as(AccountRepository.OnlyHandle.class).all());
		assertThat(handles).containsExactly(new AccountRepository.OnlyHandle(some("b")));
	}

	@Test
	void locks() {
		new TransactionTemplate(bean(PlatformTransactionManager.class)).executeWithoutResult((status) -> assertThat(
				this.repository.findByHandleGreaterThanEqualAndHandleLessThan(some("a"), some("c")))
			.extracting(AccountEntity::handle)
			.containsExactlyInAnyOrder(some("a"), some("b")));
	}

	@Test
	void deletesByKeysAndAggregates() {
		List<AccountEntity> some = this.repository.findByHandleStartingWithOrderByHandle(some(""));
		this.repository.delete(some.get(0));
		this.repository.deleteAllById(List.of(some.get(1).id()));
		assertThat(this.repository.findAllById(some.stream().map(AccountEntity::id).toList()))
			.containsExactly(some.get(2));
	}

	@Test
	void insertsAndUpdatesByTheTemplate() {
		Templates templates = bean(Templates.class);
		AccountEntity inserted = templates.insert(AccountEntity.of(name() + "a", null));
		assertStored(inserted.id(), name() + "a");
		assertThat(templates.handles(name())).containsExactly(name() + "a");
	}

}
