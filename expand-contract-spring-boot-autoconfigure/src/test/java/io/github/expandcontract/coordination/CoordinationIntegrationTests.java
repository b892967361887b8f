package io.github.expandcontract.coordination;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillSettings;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.FleetMember;
import io.github.expandcontract.phase.PhaseStore;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.schema.ColumnSteps;
import io.github.expandcontract.testing.TestDatabase;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What other instances do at the same moment.
 */
class CoordinationIntegrationTests {

	private static final RenameColumn CHANGE = new RenameColumn("users-handle", new TableName("public", "users"),
			"username", "handle", "User.handle");

	private final TestDatabase database = TestDatabase.create();

	private final DataSource dataSource = this.database.dataSource();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private final PhaseStore store = new PhaseStore(this.dataSource);

	private final Admission admission = new Admission(Duration.ofSeconds(5));

	private final FleetMember member = new FleetMember(this.store, this.admission, "instance", Duration.ofSeconds(30),
			Duration.ofMillis(50), () -> {
			});

	@BeforeEach
	void table() {
		this.jdbc.execute("CREATE TABLE users (id bigint PRIMARY KEY, username text)");
		this.jdbc.execute("CREATE SCHEMA expand_contract");
		PhaseStore.install(this.jdbc);
	}

	@Test
	void startIsNotRefusedBecauseTheChangeEntersContractMeanwhile() throws Exception {
		try (Connection other = this.dataSource.getConnection(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("""
					INSERT INTO expand_contract.change (id, description, phase)
					VALUES ('users-handle', 'rename', 'CONTRACT')""");
			CompletableFuture<Void> start = CompletableFuture
				.runAsync(() -> startup().run(List.of(CHANGE), Map.of(CHANGE.id(), Phase.CONTRACT)));
			awaitBlocked("%INSERT INTO expand_contract.change%");
			statement.execute("ALTER TABLE users RENAME COLUMN username TO handle");
			other.commit();
			start.get(30, TimeUnit.SECONDS);
			assertThat(this.admission.current().phases()).containsEntry(CHANGE.id(), Phase.CONTRACT);
		}
		finally {
			this.member.leave();
		}
	}

	@Test
	void cutoverStepsNotFromAPhaseThatAnotherLeaderHasLeft() {
		this.store.declare(CHANGE, Phase.STOP_DUAL_WRITE);
		ChangeState known = this.store.change(CHANGE.id()).orElseThrow();
		this.store.move(known, Phase.SWITCH_READS, UUID.randomUUID());
		AtomicBoolean stepped = new AtomicBoolean();
		assertThatExceptionOfType(CutoverTimeoutException.class)
			.isThrownBy(() -> new Cutover(this.store, this.member, Duration.ofSeconds(2)).run(known,
					(held) -> stepped.set(true)));
		assertThat(stepped).isFalse();
		assertThat(this.store.change(CHANGE.id()).orElseThrow().hold()).isEmpty();
	}

	@Test
	void backfillRestsWhileTheLeaseHasRunOutAndItsThreadsSurviveAnError() {
		Ddl ddl = new Ddl(this.dataSource, LockRetry.defaults());
		ColumnSteps steps = new ColumnSteps(ddl, SyncMode.BOTH);
		Backfill backfill = new Backfill(this.dataSource, BackfillSettings.defaults());
		backfill.install();
		this.store.declare(CHANGE, Phase.BACKFILL);
		this.jdbc.execute("INSERT INTO users SELECT i, 'user' || i FROM generate_series(1, 100) i");
		steps.expand(CHANGE);
		backfill.prepare(CHANGE);
		this.admission.publish(Map.of(CHANGE.id(), Phase.BACKFILL), Map.of(CHANGE.id(), 1L));
		this.admission.renewLease(System.nanoTime(), Duration.ZERO);
		AtomicInteger rounds = new AtomicInteger();
		Courses courses = courses(ddl, backfill);
		Coordinator coordinator = new Coordinator(this.store, this.member, courses);
		Engine engine = new Engine(coordinator, courses, this.admission, Duration.ofMillis(20), 1, () -> {
			if (rounds.incrementAndGet() == 1) {
				throw new NoClassDefFoundError("a class that cannot be loaded now");
			}
		});
		engine.start(List.of(CHANGE));
		try {
			await(() -> rounds.get() > 40);
			assertThat(filled()).isZero();
			this.admission.renewLease(System.nanoTime(), Duration.ofMinutes(5));
			await(() -> filled() == 100);
		}
		finally {
			engine.stop();
		}
	}

	private long filled() {
		return this.jdbc.queryForObject("SELECT count(handle) FROM users", Long.class);
	}

	private Startup startup() {
		Ddl ddl = new Ddl(this.dataSource, LockRetry.defaults());
		Backfill backfill = new Backfill(this.dataSource, BackfillSettings.defaults());
		return new Startup(ddl, this.store, courses(ddl, backfill), backfill, this.member);
	}

	private Courses courses(Ddl ddl, Backfill backfill) {
		return new Courses(this.store, this.member, ddl, backfill,
				new CoordinationSettings(SyncMode.BOTH, Duration.ofSeconds(2), Duration.ofMillis(500), false));
	}

	private void awaitBlocked(String query) {
		await(() -> this.jdbc.queryForObject("""
				SELECT count(*) FROM pg_stat_activity
				 WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE ?""", Long.class,
				query) > 0);
	}

	private static void await(BooleanSupplier condition) {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as("still waiting").isLessThan(deadline);
			Thread.onSpinWait();
		}
	}

}
