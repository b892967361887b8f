package io.github.expandcontract.phase;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FleetIntegrationTests {

	private static final Duration LEASE = Duration.ofSeconds(30);

	private static final RenameColumn RENAME = new RenameColumn("c", new TableName("public", "users"), "username",
			"handle", "User.handle");

	private final List<FleetMember> members = new ArrayList<>();

	private final TestDatabase database = TestDatabase.create();

	private HikariDataSource pool;

	private JdbcTemplate jdbc;

	private PhaseStore store;

	@BeforeEach
	void install() {
		this.pool = this.database.pool(8);
		this.jdbc = new JdbcTemplate(this.pool);
		this.jdbc.execute("CREATE SCHEMA expand_contract");
		PhaseStore.install(this.jdbc);
		PhaseStore.install(this.jdbc);
		this.store = new PhaseStore(this.pool);
		this.store.declare(RENAME, Phase.EXPAND);
	}

	@AfterEach
	void close() {
		this.members.forEach(FleetMember::leave);
		this.pool.close();
	}

	@Test
	void declaringAgainKeepsThePhase() {
		this.store.move(state(), Phase.DUAL_WRITE, UUID.randomUUID());
		this.store.declare(RENAME, Phase.EXPAND);
		assertThat(state().phase()).isEqualTo(Phase.DUAL_WRITE);
		assertThat(state().version()).isEqualTo(2);
	}

	@Test
	void strategyIsSwitchedWhereNothingOfTheOtherIsThere() {
		this.store.declare(RENAME.inPlace(), Phase.EXPAND);
		assertThat(description()).isEqualTo("rename public.users.username to handle in place");
		this.store.declare(RENAME, Phase.EXPAND);
		assertThat(description()).isEqualTo("rename public.users.username to handle");
		this.store.move(state(), Phase.DUAL_WRITE, UUID.randomUUID());
		assertThatExceptionOfType(StrategyMismatchException.class)
			.isThrownBy(() -> this.store.declare(RENAME.inPlace(), Phase.EXPAND))
			.withMessageContaining("'expand-contract.changes.c.strategy' asks for 'in-place'")
			.withMessageContaining("carried out by 'copy'")
			.withMessageContaining("phase dual-write");
	}

	@Test
	void strategyIsNotSwitchedUnderALiveInstance() {
		join(new Admission(Duration.ofSeconds(5)), LEASE);
		assertThatExceptionOfType(StrategyMismatchException.class)
			.isThrownBy(() -> new PhaseStore(this.pool).declare(RENAME.inPlace(), Phase.EXPAND))
			.withMessageContaining("live instances")
			.withMessageContaining("stop all instances");
		assertThat(description()).isEqualTo("rename public.users.username to handle");
	}

	@Test
	void instanceThatWasOvertakenByAnotherStrategyDoesNotJoin() {
		new PhaseStore(this.pool).declare(RENAME.inPlace(), Phase.EXPAND);
		assertThatExceptionOfType(StrategyMismatchException.class)
			.isThrownBy(() -> join(new Admission(Duration.ofSeconds(5)), LEASE))
			.withMessageContaining("Another instance has just begun so");
		assertThat(this.jdbc.queryForList("SELECT * FROM expand_contract.instance")).isEmpty();
	}

	@Test
	void tablesOfAFormerVersionAreBroughtUpToDate() {
		this.jdbc.execute("ALTER TABLE expand_contract.change DROP COLUMN in_place");
		PhaseStore.install(this.jdbc);
		PhaseStore.install(this.jdbc);
		this.store.declare(RENAME, Phase.EXPAND);
		assertThat(state().phase()).isEqualTo(Phase.EXPAND);
	}

	private String description() {
		return this.jdbc.queryForObject("SELECT description FROM expand_contract.change", String.class);
	}

	@Test
	void moveReachesEveryInstanceAndIsAcknowledgedWhenItHasDrained() {
		Admission first = new Admission(Duration.ofSeconds(5));
		Admission second = new Admission(Duration.ofSeconds(5));
		FleetMember leader = join(first, LEASE);
		join(second, LEASE);
		Ticket open = first.admit();
		this.store.move(state(), Phase.DUAL_WRITE, leader.id());
		await(() -> phase(first) == Phase.DUAL_WRITE && phase(second) == Phase.DUAL_WRITE);
		await(() -> acknowledged().contains(2L));
		assertThat(acknowledged()).containsExactlyInAnyOrder(1L, 2L);
		assertThatExceptionOfType(MoveRefusedException.class)
			.isThrownBy(() -> this.store.move(state(), Phase.BACKFILL, leader.id()))
			.withMessageContaining("has not acknowledged phase dual-write");
		open.close();
		await(() -> acknowledged().equals(List.of(2L, 2L)));
		this.store.move(state(), Phase.BACKFILL, leader.id());
		assertThat(state().phase()).isEqualTo(Phase.BACKFILL);
	}

	@Test
	void twoMovesFromTheSameKnowledgeTakeOneStep() {
		ChangeState known = state();
		this.store.move(known, Phase.DUAL_WRITE, UUID.randomUUID());
		assertThatExceptionOfType(MoveRefusedException.class)
			.isThrownBy(() -> this.store.move(known, Phase.DUAL_WRITE, UUID.randomUUID()));
		assertThat(state().phase()).isEqualTo(Phase.DUAL_WRITE);
	}

	@Test
	void deadInstanceDoesNotStopAMove() {
		this.jdbc.update("INSERT INTO expand_contract.instance VALUES (?, 'dead', now(), now() - interval '1 s')",
				UUID.randomUUID());
		this.jdbc.update("""
				INSERT INTO expand_contract.instance_change (instance_id, change_id, target, acknowledged)
				SELECT id, 'c', 'EXPAND', 0 FROM expand_contract.instance""");
		this.store.move(state(), Phase.DUAL_WRITE, UUID.randomUUID());
		assertThat(state().phase()).isEqualTo(Phase.DUAL_WRITE);
	}

	@Test
	void instanceThatDoesNotDeclareTheChangeKeepsItOutOfContract() {
		this.jdbc.update("INSERT INTO expand_contract.instance VALUES (?, 'former', now(), now() + interval '1 min')",
				UUID.randomUUID());
		this.store.move(state(), Phase.STOP_DUAL_WRITE, UUID.randomUUID());
		assertThatExceptionOfType(MoveRefusedException.class)
			.isThrownBy(() -> this.store.move(state(), Phase.CONTRACT, UUID.randomUUID()))
			.withMessageContaining("'former' does not declare");
		assertThat(state().phase()).isEqualTo(Phase.STOP_DUAL_WRITE);
	}

	@Test
	void heartbeatWaitsForAMoveThatHasLockedItAndThenReadsWhatTheMoveLeft() throws Exception {
		Admission admission = new Admission(Duration.ofSeconds(5));
		FleetMember member = join(admission, LEASE);
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(this.pool));
		transaction.executeWithoutResult((status) -> {
			this.store.move(this.jdbc, state(), Phase.DUAL_WRITE, member.id());
			// From outside: within a transaction the view stays as it was first read.
			JdbcTemplate outside = this.database.jdbc();
			await(() -> outside.queryForObject("""
					SELECT count(*) FROM pg_stat_activity
					 WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE expand_contract.instance%'""",
					Long.class) > 0);
			assertThat(phase(admission)).isEqualTo(Phase.EXPAND);
		});
		await(() -> phase(admission) == Phase.DUAL_WRITE);
	}

	@Test
	void holdIsConfirmedOnlyWhenIdleAndHeldCallsGoOnAfterTheMove() {
		Admission admission = new Admission(Duration.ofSeconds(20));
		FleetMember member = join(admission, LEASE);
		Ticket open = admission.admit();
		UUID token = this.store.announceHold("c", Duration.ofMillis(100), Duration.ofSeconds(20));
		await(admission::isHeld);
		assertThat(this.store.instances().get(0).held()).isEmpty();
		ChangeState held = state();
		assertThatExceptionOfType(MoveRefusedException.class)
			.isThrownBy(() -> this.store.move(held, Phase.DUAL_WRITE, member.id()))
			.withMessageContaining("does not hold");
		open.close();
		await(() -> token.equals(this.store.instances().get(0).held().get("c")));
		this.store.move(held, Phase.DUAL_WRITE, member.id());
		try (Ticket ticket = admission.admit()) {
			assertThat(ticket.snapshot().phases()).containsEntry("c", Phase.DUAL_WRITE);
		}
	}

	@Test
	void holdEndsByItselfAndAMoveThatComesTooLateChangesNothing() {
		Admission admission = new Admission(Duration.ofSeconds(20));
		FleetMember member = join(admission, LEASE);
		this.store.announceHold("c", Duration.ZERO, Duration.ofMillis(700));
		await(() -> !this.store.instances().get(0).held().isEmpty());
		ChangeState held = state();
		admission.admit().close();
		assertThatExceptionOfType(MoveRefusedException.class)
			.isThrownBy(() -> this.store.move(held, Phase.DUAL_WRITE, member.id()));
		assertThat(state().phase()).isEqualTo(Phase.EXPAND);
	}

	@Test
	void holdOfOneChangeIsNotLetGoByWhatAnotherChangeAnnounces() {
		this.store.declare(new RenameColumn("d", new TableName("public", "users"), "mail", "email", "User.email"),
				Phase.EXPAND);
		for (String first : List.of("c", "d")) {
			String second = first.equals("c") ? "d" : "c";
			Admission admission = new Admission(Duration.ofSeconds(20));
			FleetMember member = join(admission, LEASE, Map.of("c", Phase.CONTRACT, "d", Phase.CONTRACT), () -> {
			});
			UUID token = this.store.announceHold(first, Duration.ZERO, Duration.ofSeconds(20));
			await(() -> token.equals(this.store.instances().get(0).held().get(first)));
			UUID announced = this.store.announceHold(second, Duration.ofMillis(500), Duration.ofSeconds(20));
			await(() -> {
				assertThat(admission.isHeld()).isTrue();
				return announced.equals(this.store.instances().get(0).held().get(second));
			});
			this.store.endHold(first, token);
			await(() -> this.store.instances().get(0).held().get(first) == null);
			assertThat(admission.isHeld()).isTrue();
			this.store.endHold(second, announced);
			await(() -> !admission.isHeld());
			member.leave();
		}
	}

	@Test
	void heartbeatSurvivesAnError() {
		AtomicInteger failures = new AtomicInteger();
		Admission admission = new Admission(Duration.ofSeconds(20));
		FleetMember member = join(admission, LEASE, Map.of("c", Phase.CONTRACT), () -> {
			if (!admission.current().versions().isEmpty() && failures.incrementAndGet() == 1) {
				throw new NoClassDefFoundError("a class that cannot be loaded now");
			}
		});
		this.store.move(state(), Phase.DUAL_WRITE, member.id());
		await(() -> phase(admission) == Phase.DUAL_WRITE);
		assertThat(failures).hasValueGreaterThan(1);
	}

	@Test
	void forgottenInstanceRegistersAgainOnlyWhenNothingIsOpen() {
		Admission admission = new Admission(Duration.ofSeconds(20));
		join(admission, LEASE);
		Ticket open = admission.admit();
		this.jdbc.update("DELETE FROM expand_contract.instance");
		await(admission::isHeld);
		await(() -> isRevoked(open));
		assertThat(this.store.instances()).isEmpty();
		open.close();
		await(() -> this.store.instances().size() == 1);
		try (Ticket fresh = admission.admit()) {
			fresh.requireValid();
		}
	}

	@Test
	void leaveWithdrawsTheRegistration() {
		FleetMember member = join(new Admission(Duration.ofSeconds(1)), LEASE);
		member.leave();
		assertThat(this.store.instances()).isEmpty();
	}

	@Test
	void oneInstanceLeadsUntilItsLeaseRunsOut() {
		UUID first = UUID.randomUUID();
		UUID second = UUID.randomUUID();
		assertThat(this.store.lead("c", first, Duration.ofSeconds(30))).isTrue();
		assertThat(this.store.lead("c", second, Duration.ofSeconds(30))).isFalse();
		assertThat(this.store.lead("c", first, Duration.ofMillis(1))).isTrue();
		await(() -> this.store.lead("c", second, Duration.ofSeconds(30)));
	}

	@Test
	void leadIsKeptByTheHeartbeat() {
		FleetMember member = join(new Admission(Duration.ofSeconds(1)), LEASE);
		assertThat(member.leads("c")).isTrue();
		this.jdbc.update("UPDATE expand_contract.lead SET lead_until = clock_timestamp()");
		await(() -> this.jdbc.queryForObject("SELECT lead_until > clock_timestamp() FROM expand_contract.lead",
				Boolean.class));
	}

	@Test
	void overrideAndReasonsAreKept() {
		this.store.override("c", Phase.BACKFILL, "kim");
		this.store.waitFor("c", List.of("one", "two"));
		assertThat(state().override()).isEqualTo(Phase.BACKFILL);
		assertThat(state().overrideBy()).isEqualTo("kim");
		assertThat(state().waitsFor()).isEqualTo("one\ntwo");
		this.store.override("c", null, "kim");
		assertThat(state().override()).isNull();
	}

	private FleetMember join(Admission admission, Duration lease) {
		return join(admission, lease, Map.of("c", Phase.CONTRACT), () -> {
		});
	}

	private FleetMember join(Admission admission, Duration lease, Map<String, Phase> targets, Runnable beforeMove) {
		FleetMember member = new FleetMember(this.store, admission, "instance-" + this.members.size(), lease,
				Duration.ofMillis(50), beforeMove);
		this.members.add(member);
		member.join(targets);
		return member;
	}

	private ChangeState state() {
		return this.store.change("c").orElseThrow();
	}

	private static boolean isRevoked(Ticket ticket) {
		try {
			ticket.requireValid();
			return false;
		}
		catch (LeaseExpiredException ex) {
			return true;
		}
	}

	private static Phase phase(Admission admission) {
		return admission.current().phases().get("c");
	}

	private List<Long> acknowledged() {
		return this.store.instances().stream().map((instance) -> instance.acknowledged().get("c")).toList();
	}

	private static void await(BooleanSupplier condition) {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as("still waiting").isLessThan(deadline);
			Thread.onSpinWait();
		}
	}

}
