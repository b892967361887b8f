package io.github.expandcontract.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.Ticket;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every phase, forwards and back, with the same behaviour asked of the application in
 * each.
 */
class LifecycleIntegrationTests {

	private static final List<Phase> WAY = List.of(Phase.EXPAND, Phase.DUAL_WRITE, Phase.BACKFILL, Phase.SWITCH_READS,
			Phase.BACKFILL, Phase.DUAL_WRITE, Phase.EXPAND, Phase.SWITCH_READS, Phase.STOP_DUAL_WRITE,
			Phase.SWITCH_READS, Phase.STOP_DUAL_WRITE);

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	private int step;

	@ParameterizedTest
	@EnumSource(names = "APPLICATION", mode = EnumSource.Mode.EXCLUDE)
	void behavesTheSameInEveryPhaseToContractAndBackAgain(SyncMode sync) {
		try (ConfigurableApplicationContext context = start(sync)) {
			List<Phase> way = new ArrayList<>(WAY);
			way.addAll(List.of(Phase.CONTRACT, Phase.BACKFILL, Phase.STOP_DUAL_WRITE, Phase.CONTRACT));
			for (Phase phase : way) {
				LifecycleApplication.WALK.to(phase, context);
				behaves(context, true);
				if (phase != Phase.CONTRACT) {
					legacyWriterStaysInStep(context);
					columnsAgree();
				}
			}
			assertThat(columns()).containsExactly("id", "handle", "email");
		}
	}

	@ParameterizedTest
	@EnumSource(names = "APPLICATION")
	void behavesTheSameInEveryPhaseWithoutATrigger(SyncMode sync) {
		try (ConfigurableApplicationContext context = start(sync)) {
			List<Phase> way = new ArrayList<>(WAY);
			way.addAll(List.of(Phase.CONTRACT, Phase.BACKFILL, Phase.STOP_DUAL_WRITE, Phase.CONTRACT));
			for (Phase phase : way) {
				LifecycleApplication.WALK.to(phase, context);
				behaves(context, false);
			}
			assertThat(this.plain.queryForObject("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal", Long.class))
				.isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void explicitNullNeverBecomesTheDefaultAndTheDefaultNeverNull(SyncMode sync) {
		LifecycleApplication.start(this.database, "expand-contract.enabled=false").close();
		this.plain.execute("""
				ALTER TABLE users DROP CONSTRAINT users_username_key, ALTER username DROP NOT NULL,
				ALTER username SET DEFAULT 'anonymous'""");
		try (ConfigurableApplicationContext context = LifecycleApplication.start(this.database, sync(sync))) {
			for (Phase phase : List.of(Phase.EXPAND, Phase.DUAL_WRITE, Phase.BACKFILL, Phase.SWITCH_READS,
					Phase.STOP_DUAL_WRITE, Phase.CONTRACT, Phase.BACKFILL, Phase.STOP_DUAL_WRITE)) {
				LifecycleApplication.WALK.to(phase, context);
				UserQueries queries = context.getBean(UserQueries.class);
				assertThat(queries.insertExplicitly(null)).as(phase + " null").isNull();
				assertThat(queries.insertExplicitly("given")).as(phase + " value").isEqualTo("given");
				assertThat(queries.insertWithDefault()).as(phase + " default").isEqualTo("anonymous");
				assertThat(queries.insertWithoutHandle()).as(phase + " left out").isEqualTo("anonymous");
			}
		}
	}

	@Test
	void withoutATriggerOldIsFilledAgainOnlyWhenNobodyWritesNewAlone() {
		try (ConfigurableApplicationContext context = start(SyncMode.APPLICATION)) {
			Backfill backfill = context.getBean(Backfill.class);
			ColumnChange change = (ColumnChange) context.getBean(Operations.class).declared().get(0);
			LifecycleApplication.WALK.to(Phase.STOP_DUAL_WRITE, context);
			try (Ticket late = context.getBean(Admission.class).admit()) {
				assertThat(late.snapshot().phases()).containsValue(Phase.STOP_DUAL_WRITE);
				LifecycleApplication.WALK.to(Phase.SWITCH_READS, context);
				context.getBean(Operations.class).override(LifecycleApplication.WALK.change(), Phase.BACKFILL, "test");
				ChangeWalk.await(
						() -> LifecycleApplication.WALK.status(context).state().waitsFor().contains("still have calls"),
						() -> String.valueOf(LifecycleApplication.WALK.status(context)));
				assertThat(backfill.reverseComplete(change)).isFalse();
				this.plain.update("UPDATE users SET handle = 'late' WHERE id = 77");
			}
			LifecycleApplication.WALK.to(Phase.BACKFILL, context);
			assertThat(context.getBean(UserRepository.class).findByHandle("late")).isPresent();
		}
	}

	@Test
	void whatJpaFlushesWithTheCommitIsWrittenToBothColumnsWithoutATrigger() {
		try (ConfigurableApplicationContext context = start(SyncMode.APPLICATION)) {
			JpaUsers users = context.getBean(JpaUsers.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			for (Phase phase : List.of(Phase.EXPAND, Phase.DUAL_WRITE, Phase.SWITCH_READS)) {
				LifecycleApplication.WALK.to(phase, context);
				transaction.executeWithoutResult((status) -> users.add(JpaUser.of("jpa-" + phase)));
				transaction
					.executeWithoutResult((status) -> users.named("jpa-" + phase).get(0).handle = "new-" + phase);
				transaction.executeWithoutResult((status) -> assertThat(users.named("new-" + phase)).hasSize(1));
				assertThat(this.plain.queryForObject("SELECT count(*) FROM users WHERE username = ?", Long.class,
						"new-" + phase))
					.isOne();
			}
			columnsAgree();
		}
	}

	private static String sync(SyncMode sync) {
		return "expand-contract.sync=" + sync.name().toLowerCase(Locale.ROOT);
	}

	@Test
	void withoutATriggerRowsAreVerifiedAfterTheLastInstanceThatKnowsOnlyOld() {
		try (ConfigurableApplicationContext context = start(SyncMode.APPLICATION)) {
			LifecycleApplication.WALK.to(Phase.BACKFILL, context);
			this.plain.update("""
					INSERT INTO expand_contract.instance (id, name, lease_until)
					VALUES (gen_random_uuid(), 'former release', now() + interval '1 hour')""");
			context.getBean(Operations.class).override(LifecycleApplication.WALK.change(), Phase.SWITCH_READS, "test");
			ChangeWalk.await(
					() -> LifecycleApplication.WALK.status(context).state().waitsFor().contains("former release"),
					() -> String.valueOf(LifecycleApplication.WALK.status(context)));
			this.plain.update("INSERT INTO users (username) VALUES ('written by the former release')");
			this.plain.update("DELETE FROM expand_contract.instance WHERE name = 'former release'");
			LifecycleApplication.WALK.to(Phase.SWITCH_READS, context);
			assertThat(context.getBean(UserRepository.class).findByHandle("written by the former release")).isPresent();
		}
	}

	private ConfigurableApplicationContext start(SyncMode sync) {
		try (ConfigurableApplicationContext before = LifecycleApplication.start(this.database,
				"expand-contract.enabled=false")) {
			if (!sync.hasTrigger()) {
				// Without a trigger a unique column is refused.
				this.plain.execute("ALTER TABLE users DROP CONSTRAINT users_username_key");
			}
			before.getBean(JdbcTemplate.class)
				.execute("INSERT INTO users (username) SELECT 'seed' || i FROM generate_series(1, 5000) i");
		}
		return LifecycleApplication.start(this.database, sync(sync));
	}

	private void behaves(ConfigurableApplicationContext context, boolean unique) {
		UserRepository users = context.getBean(UserRepository.class);
		UserQueries queries = context.getBean(UserQueries.class);
		String name = "user" + ++this.step + "-";

		User saved = users.save(new User(null, name + "a", "a@example.org"));
		assertThat(users.findById(saved.id())).contains(saved);
		assertThat(users.findByHandle(name + "a")).contains(saved);
		assertThat(users.findIgnoringCase(name.toUpperCase(Locale.ROOT) + "A")).contains(saved);
		assertThat(users.existsByHandle(name + "a")).isTrue();

		User renamed = users.save(saved.withHandle(name + "b"));
		assertThat(users.findByHandle(name + "a")).isEmpty();
		assertThat(users.findById(saved.id())).contains(renamed);
		assertThat(users.shout(saved.id())).isOne();
		assertThat(users.findById(saved.id()).orElseThrow().handle()).isEqualTo((name + "b").toUpperCase(Locale.ROOT));

		Map<String, Object> row = queries.insertAndReturnRow(name + "c");
		hasFinalColumns(row, unique);
		assertThat(row).containsEntry("handle", name + "c");
		if (unique) {
			long id = queries.upsert(name + "c", "new@example.org");
			assertThat(row).containsEntry("id", id);
			assertThat(users.findByHandle(name + "c").orElseThrow().email()).isEqualTo("new@example.org");
		}

		assertThat(queries.insertBatch(List.of(name + "d", name + "e"))).containsExactly(1, 1);
		assertThat(queries.rename(name + "d", name + "f")).isOne();
		assertThat(users.findByHandleStartingWithOrderByHandle(name)).extracting(User::handle)
			.containsExactly(name + "c", name + "e", name + "f");
		assertThat(users.findByHandleStartingWith(name, PageRequest.of(0, 2, Sort.by(Sort.Direction.DESC, "handle")))
			.getContent()).extracting(User::handle).containsExactly(name + "f", name + "e");
		assertThat(queries.delete(name + "e")).isOne();

		assertThat(users.findByHandle("seed77")).isPresent();
		users.save(users.findByHandle("seed77").orElseThrow());
		Map<String, Object> seeded = queries.all().get(4999);
		hasFinalColumns(seeded, unique);
		assertThat(seeded).containsEntry("handle", "seed5000");
	}

	private static void hasFinalColumns(Map<String, Object> row, boolean inOrder) {
		// Without a trigger it is the copy that stays, at the end of the table.
		assertThat(row.keySet()).containsExactlyInAnyOrder("id", "handle", "email");
		if (inOrder) {
			assertThat(row.keySet()).containsExactly("id", "handle", "email");
		}
	}

	private void legacyWriterStaysInStep(ConfigurableApplicationContext context) {
		UserRepository users = context.getBean(UserRepository.class);
		String name = "legacy" + ++this.step;
		this.plain.update("INSERT INTO users (username) VALUES (?)", name);
		assertThat(users.findByHandle(name)).isPresent();
		this.plain.update("UPDATE users SET username = ? WHERE username = ?", name + "-renamed", name);
		User found = users.findByHandle(name + "-renamed").orElseThrow();
		users.save(found.withHandle(name + "-back"));
		assertThat(
				this.plain.queryForObject("SELECT count(*) FROM users WHERE username = ?", Long.class, name + "-back"))
			.isOne();
	}

	private void columnsAgree() {
		assertThat(this.plain.queryForList("""
				SELECT id FROM users WHERE handle IS NOT NULL AND handle IS DISTINCT FROM username""")).isEmpty();
	}

	private List<String> columns() {
		return this.plain.queryForList("""
				SELECT attname FROM pg_attribute
				 WHERE attrelid = 'users'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum""",
				String.class);
	}

}
