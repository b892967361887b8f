package io.github.expandcontract.libraries;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.jdbc.StatementCounts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * How code behaves that was written once against the final schema, in every phase on the
 * way to contract and back again. One application takes the whole way, so that what is
 * written in one phase is read in the later ones.
 */
@ParameterizedClass
@FieldSource("WAY")
public abstract class AbstractAccountsIntegrationTests {

	static final List<Phase> WAY = List.of(Phase.EXPAND, Phase.DUAL_WRITE, Phase.BACKFILL, Phase.SWITCH_READS,
			Phase.STOP_DUAL_WRITE, Phase.CONTRACT, Phase.BACKFILL);

	private static LibraryApplication application;

	@Parameter
	Phase phase;

	private Accounts accounts;

	private String name;

	private long refused;

	@BeforeAll
	static void start(TestInfo test) {
		application = LibraryApplication.start(test.getTestClass().orElseThrow());
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@BeforeEach
	void walk() {
		application.walk(this.phase);
		this.accounts = application.bean(Accounts.class);
		this.name = application.unusedName();
		this.refused = application.bean(StatementCounts.class).refused();
	}

	@AfterEach
	void columnsAgreeAndNothingWasRefused() {
		StatementCounts counts = application.bean(StatementCounts.class);
		assertThat(counts.refused()).isEqualTo(this.refused);
		assertThat(counts.unannotated()).isZero();
		if (writesBoth()) {
			assertThat(plain().queryForList("""
					SELECT id FROM account WHERE handle IS NOT NULL AND handle IS DISTINCT FROM username""")).isEmpty();
		}
		if (sync().hasTrigger() && this.phase != Phase.CONTRACT) {
			// To older rows the backfill has to come first.
			assertThat(plain().queryForList("SELECT id FROM account WHERE handle IS DISTINCT FROM username AND id > ?",
					application.lastOfFormerPhase()))
				.isEmpty();
		}
	}

	@Test
	void insertsARowAndGivesItsKey() {
		long id = this.accounts.insert(this.name + "a", "a@x");
		assertThat(this.accounts.find(id)).contains(new Account(id, this.name + "a", "a@x", 0));
		assertThat(this.accounts.findByHandle(this.name + "a")).contains(new Account(id, this.name + "a", "a@x", 0));
		assertStored(id, this.name + "a");
	}

	@Test
	void insertsNull() {
		long id = this.accounts.insert(null, this.name);
		assertThat(this.accounts.find(id)).contains(new Account(id, null, this.name, 0));
		assertStored(id, null);
	}

	@Test
	void insertsABatch() {
		List<String> handles = IntStream.range(0, 25).mapToObj((i) -> this.name + (char) ('a' + i)).toList();
		this.accounts.insertAll(handles);
		assertThat(this.accounts.handles(this.name)).isEqualTo(handles);
		handles.forEach(this::assertStored);
	}

	@Test
	void savesAWholeRow() {
		long id = this.accounts.insert(this.name + "a", "a@x");
		this.accounts.save(new Account(id, this.name + "b", "b@x", 0));
		assertThat(this.accounts.find(id)).contains(new Account(id, this.name + "b", "b@x", 1));
		assertThat(this.accounts.findByHandle(this.name + "a")).isEmpty();
		assertStored(id, this.name + "b");
		this.accounts.save(new Account(id, this.name + "b", "c@x", 1));
		assertThat(this.accounts.find(id)).contains(new Account(id, this.name + "b", "c@x", 2));
		this.accounts.save(new Account(id, null, "c@x", 2));
		assertThat(this.accounts.find(id)).contains(new Account(id, null, "c@x", 3));
		assertStored(id, null);
	}

	@Test
	void savesNoRowThatHasChangedSince() {
		long id = this.accounts.insert(this.name + "a", "a@x");
		Account read = this.accounts.find(id).orElseThrow();
		this.accounts.save(read.withHandle(this.name + "b"));
		assertThatExceptionOfType(OptimisticLockingFailureException.class)
			.isThrownBy(() -> this.accounts.save(read.withHandle(this.name + "c")));
		assertStored(id, this.name + "b");
	}

	@Test
	void changesTheColumnByItself() {
		long id = this.accounts.insert(this.name + "a", "a@x");
		assertThat(this.accounts.rename(this.name + "a", this.name + "b")).isOne();
		assertThat(this.accounts.rename(this.name + "a", this.name + "c")).isZero();
		assertThat(this.accounts.find(id).orElseThrow().handle()).isEqualTo(this.name + "b");
		assertStored(id, this.name + "b");
	}

	@Test
	void changesAnotherColumn() {
		long id = this.accounts.insert(this.name + "a", "a@x");
		assertThat(this.accounts.changeEmail(this.name + "a", "b@x")).isOne();
		Account changed = this.accounts.find(id).orElseThrow();
		assertThat(changed.email()).isEqualTo("b@x");
		assertThat(changed.handle()).isEqualTo(this.name + "a");
		assertStored(id, this.name + "a");
	}

	@Test
	void setsNull() {
		long id = this.accounts.insert(this.name + "a", "a@x");
		assertThat(this.accounts.clear(this.name + "a")).isOne();
		assertThat(this.accounts.find(id).orElseThrow().handle()).isNull();
		assertThat(this.accounts.exists(this.name + "a")).isFalse();
		assertStored(id, null);
	}

	@Test
	void insertsOrUpdates() {
		assumeTrue(isUnique(), "an upsert needs a unique column");
		this.accounts.upsert(this.name + "a", "a@x");
		long id = this.accounts.findByHandle(this.name + "a").orElseThrow().id();
		this.accounts.upsert(this.name + "a", "b@x");
		assertThat(this.accounts.find(id).orElseThrow().email()).isEqualTo("b@x");
		assertThat(this.accounts.count(this.name)).isOne();
		assertStored(id, this.name + "a");
	}

	@Test
	void searches() {
		this.accounts.insertAll(List.of(this.name + "c", this.name + "a", this.name + "d", this.name + "b"));
		assertThat(this.accounts.findStartingWith(this.name)).extracting(Account::handle)
			.containsExactly(this.name + "a", this.name + "b", this.name + "c", this.name + "d");
		assertThat(this.accounts.findByHandles(List.of(this.name + "a", this.name + "d", "nobody")))
			.extracting(Account::handle)
			.containsExactlyInAnyOrder(this.name + "a", this.name + "d");
		assertThat(this.accounts.findBetween(this.name + "b", this.name + "c")).extracting(Account::handle)
			.containsExactlyInAnyOrder(this.name + "b", this.name + "c");
	}

	@Test
	void ordersAndPages() {
		this.accounts.insertAll(List.of(this.name + "c", this.name + "a", this.name + "d", this.name + "b"));
		assertThat(this.accounts.page(this.name, 0, 3)).extracting(Account::handle)
			.containsExactly(this.name + "d", this.name + "c", this.name + "b");
		assertThat(this.accounts.page(this.name, 1, 3)).extracting(Account::handle).containsExactly(this.name + "a");
		assertThat(this.accounts.page("seed", 0, 2)).extracting(Account::handle).containsExactly("seed99", "seed98");
	}

	@Test
	void countsAndGroups() {
		this.accounts.insertAll(List.of(this.name + "a", this.name + "b", this.name + "c"));
		award(this.name + "a", "gold", "silver");
		award(this.name + "b", "gold");
		assertThat(this.accounts.count(this.name)).isEqualTo(3);
		assertThat(this.accounts.exists(this.name + "c")).isTrue();
		assertThat(this.accounts.exists(this.name + "d")).isFalse();
		assertThat(this.accounts.badgeCounts(this.name)).isEqualTo(Map.of(this.name + "a", 2L, this.name + "b", 1L));
	}

	@Test
	void joinsWithAnotherColumnOfTheName() {
		this.accounts.insertAll(List.of(this.name + "a", this.name + "b"));
		award(this.name + "a", this.name + "gold");
		award(this.name + "b", this.name + "a");
		assertThat(this.accounts.badges(this.name + "a")).containsExactly(new Badge(this.name + "b", this.name + "a"));
	}

	@Test
	void deletes() {
		this.accounts.insertAll(List.of(this.name + "a", this.name + "b"));
		assertThat(this.accounts.delete(this.name + "a")).isOne();
		assertThat(this.accounts.delete(this.name + "a")).isZero();
		assertThat(this.accounts.handles(this.name)).containsExactly(this.name + "b");
	}

	@Test
	void takesPartInATransaction() {
		TransactionTemplate transaction = new TransactionTemplate(application.bean(PlatformTransactionManager.class));
		transaction.executeWithoutResult((status) -> {
			long id = this.accounts.insert(this.name + "a", "a@x");
			assertThat(this.accounts.rename(this.name + "a", this.name + "b")).isOne();
			this.accounts.insertAll(List.of(this.name + "c", this.name + "d"));
			assertThat(this.accounts.find(id).orElseThrow().handle()).isEqualTo(this.name + "b");
			this.accounts.save(this.accounts.find(id).orElseThrow().withHandle(this.name + "e"));
		});
		assertThat(this.accounts.handles(this.name)).containsExactly(this.name + "c", this.name + "d", this.name + "e");
		transaction.executeWithoutResult((status) -> {
			this.accounts.rename(this.name + "c", this.name + "f");
			status.setRollbackOnly();
		});
		assertThat(this.accounts.exists(this.name + "c")).isTrue();
		assertStored(this.name + "e");
	}

	@Test
	void readsWhatWasWrittenInEarlierPhasesAndByOthers() {
		Map<Long, String> kept = application.kept();
		kept.put(this.accounts.insert(this.name + "kept", null), this.name + "kept");
		long changed = this.accounts.insert(this.name + "before", null);
		this.accounts.rename(this.name + "before", this.name + "after");
		kept.put(changed, this.name + "after");
		String seed = "seed" + application.kept().size() * 10;
		if (this.accounts.rename(seed, this.name + "seed") == 1) {
			kept.put(this.accounts.findByHandle(this.name + "seed").orElseThrow().id(), this.name + "seed");
		}
		if (legacyWritersAreFollowed()) {
			kept.put(plain().queryForObject("INSERT INTO account (username) VALUES (?) RETURNING id", Long.class,
					this.name + "legacy"), this.name + "legacy");
		}
		kept.forEach((id, handle) -> {
			assertThat(this.accounts.find(id).orElseThrow().handle()).isEqualTo(handle);
			assertThat(this.accounts.findByHandle(handle).orElseThrow().id()).isEqualTo(id);
		});
		assertThat(this.accounts.findByHandles(kept.values())).extracting(Account::handle)
			.containsExactlyInAnyOrderElementsOf(kept.values());
		long renamed = kept.values().stream().filter((handle) -> handle.endsWith("seed")).count();
		assertThat(this.accounts.count("seed")).isEqualTo(LibraryApplication.SEEDS - renamed);
	}

	private void award(String handle, String... badges) {
		long id = this.accounts.findByHandle(handle).orElseThrow().id();
		for (String badge : badges) {
			plain().update("INSERT INTO badge (account, handle, username) VALUES (?, ?, 'other')", id, badge);
		}
	}

	/**
	 * The application's bean of a type.
	 * @param <T> the type
	 * @param type the type
	 * @return the bean
	 */
	protected static <T> T bean(Class<T> type) {
		return application.bean(type);
	}

	/**
	 * A beginning of handles that no row has yet.
	 * @return the beginning
	 */
	protected final String name() {
		return this.name;
	}

	/**
	 * The phase in which the test runs.
	 * @return the phase
	 */
	protected final Phase phase() {
		return this.phase;
	}

	/**
	 * The database without anything of ours in between.
	 * @return a template
	 */
	protected static JdbcTemplate plain() {
		return application.plain();
	}

	/**
	 * Checks a row in the database, found by its value.
	 * @param handle what the column that counts holds
	 */
	protected final void assertStored(String handle) {
		assertStored(plain().queryForObject("SELECT id FROM account WHERE %s = ?".formatted(columns().get(0)),
				Long.class, handle), handle);
	}

	/**
	 * Checks that every column that is to be written in this phase holds a value.
	 * @param id the key of the row
	 * @param handle the value
	 */
	protected final void assertStored(long id, @Nullable String handle) {
		for (String column : columns()) {
			assertThat(
					plain().queryForObject("SELECT %s FROM account WHERE id = ?".formatted(column), String.class, id))
				.as(column)
				.isEqualTo(handle);
		}
	}

	private List<String> columns() {
		if (this.phase == Phase.CONTRACT) {
			return List.of("handle");
		}
		if (sync().hasTrigger()) {
			return List.of("username", "handle");
		}
		return switch (this.phase) {
			case EXPAND -> List.of("username");
			case STOP_DUAL_WRITE -> List.of("handle");
			default -> List.of("username", "handle");
		};
	}

	private boolean writesBoth() {
		return this.phase != Phase.CONTRACT && columns().size() == 2;
	}

	private static boolean isUnique() {
		return sync().hasTrigger();
	}

	private boolean legacyWritersAreFollowed() {
		return switch (this.phase) {
			case EXPAND, DUAL_WRITE, BACKFILL -> true;
			case SWITCH_READS, STOP_DUAL_WRITE -> sync().hasTrigger();
			case CONTRACT -> false;
		};
	}

	private static SyncMode sync() {
		return application.sync();
	}

}
