package io.github.expandcontract.lifecycle;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.expandcontract.Phase;
import io.github.expandcontract.actuate.BackfillDescriptor;
import io.github.expandcontract.actuate.ChangeDescriptor;
import io.github.expandcontract.actuate.ExpandContractEndpoint;
import io.github.expandcontract.actuate.ExpandContractHealthIndicator;
import io.github.expandcontract.actuate.InstanceDescriptor;
import io.github.expandcontract.actuate.OverviewDescriptor;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What an operator sees of a running application and may do.
 */
class OperatorIntegrationTests {

	private static final String EXPOSED = "management.endpoints.web.exposure.include=expandcontract";

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	@Test
	void endpointShowsChangeInstanceAndUnannotatedStatement() {
		Instant start = Instant.now().minusSeconds(60);
		try (ConfigurableApplicationContext context = start()) {
			context.getBean(JdbcTemplate.class).queryForList("SELECT username FROM users");
			OverviewDescriptor overview = endpoint(context).overview();
			assertThat(overview.changes()).singleElement().satisfies((change) -> {
				assertThat(change.id()).isEqualTo("users-handle");
				assertThat(change.description()).contains("username", "handle");
				assertThat(change.phase()).isEqualTo("expand");
				assertThat(change.target()).isEqualTo("expand");
				assertThat(change.enteredAt()).isAfter(start);
				assertThat(change.override()).isNull();
				assertThat(change.waitsFor()).isEmpty();
				assertThat(change.heldCutover()).isTrue();
				assertThat(change.verification()).isNull();
				assertThat(change.backfill().state()).isEqualTo("idle");
			});
			assertThat(overview.instances()).singleElement().satisfies((instance) -> {
				assertThat(instance.live()).isTrue();
				assertThat(instance.leaseSeconds()).isBetween(1.0, 10.0);
				assertThat(instance.targets()).containsExactly(Map.entry("users-handle", "expand"));
			});
			assertThat(overview.unannotated()).singleElement().satisfies((statement) -> {
				assertThat(statement.sql()).isEqualTo("SELECT username FROM users");
				assertThat(statement.count()).isOne();
				assertThat(statement.lastSeen()).isAfter(start);
			});
			assertThat(endpoint(context).change("users-name")).isNull();
		}
	}

	@Test
	void pauseStopsTheBackfillAndResumeLetsItGoOn() {
		seed(30_000);
		try (ConfigurableApplicationContext context = start("expand-contract.backfill.batch-size=10",
				"expand-contract.backfill.max-batch-size=10")) {
			ExpandContractEndpoint endpoint = endpoint(context);
			endpoint.act("users-handle", "target", Phase.SWITCH_READS, "ada", null);
			ChangeWalk.await(() -> filled() > 100, () -> "the backfill does not begin");
			ChangeDescriptor paused = endpoint.act("users-handle", "pause", null, null, null);
			assertThat(paused.backfill().paused()).isTrue();
			assertThat(paused.backfill().state()).isEqualTo("paused");
			assertThat(paused.override().by()).isEqualTo("ada");
			ChangeWalk.await(() -> String.join(" ", change(context).waitsFor()).contains("paused"),
					() -> String.valueOf(change(context)));
			long before = settled();
			assertThat(before).isLessThan(30_000);
			endpoint.act("users-handle", "target", Phase.BACKFILL, "ada", null);
			ChangeWalk.await(() -> change(context).waitsFor().isEmpty(), () -> String.valueOf(change(context)));
			assertThat(filled()).isEqualTo(before);

			assertThat(endpoint.act("users-handle", "resume", null, null, null).backfill().paused()).isFalse();
			ChangeWalk.await(() -> filled() > before, () -> "the backfill does not go on");
		}
	}

	@Test
	void targetStandsAboveTheConfigurationUntilItIsCleared() {
		try (ConfigurableApplicationContext context = start()) {
			ExpandContractEndpoint endpoint = endpoint(context);
			ChangeDescriptor change = endpoint.act("users-handle", "target", Phase.DUAL_WRITE, null, null);
			assertThat(change.target()).isEqualTo("dual-write");
			assertThat(change.override().phase()).isEqualTo("dual-write");
			assertThat(change.override().by()).isEqualTo("an operator");
			assertThat(change.override().at()).isNotNull();
			ChangeWalk.await(() -> LifecycleApplication.WALK.phase(context) == Phase.DUAL_WRITE,
					() -> String.valueOf(change(context)));
			ChangeDescriptor cleared = endpoint.act("users-handle", "clear-target", null, null, null);
			assertThat(cleared.override()).isNull();
			assertThat(cleared.target()).isEqualTo("expand");
			ChangeWalk.await(() -> LifecycleApplication.WALK.phase(context) == Phase.EXPAND,
					() -> String.valueOf(change(context)));
		}
	}

	@Test
	void refusesWhatItDoesNotKnow() {
		try (ConfigurableApplicationContext context = start()) {
			ExpandContractEndpoint endpoint = endpoint(context);
			for (String action : List.of("pause", "resume", "clear-target")) {
				assertThat(endpoint.act("users-name", action, null, null, null)).isNull();
			}
			assertThat(endpoint.act("users-name", "target", Phase.EXPAND, null, null)).isNull();
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.act("users-handle", "explode", null, null, null))
				.withMessageContaining("explode");
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.act("users-handle", "target", null, null, null))
				.withMessageContaining("phase");
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.act("users-handle", "accept", null, "ada", null))
				.withMessageContaining("evidence");
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.act("users-handle", "accept", null, "ada", "verification"))
				.withMessageContaining("verification")
				.withMessageContaining("there is none now");
			assertThat(endpoint.act("users-name", "accept", null, "ada", "statements")).isNull();
		}
	}

	@Test
	void backfillAndVerificationAreShownWhenTheyAreThrough() {
		seed(500);
		try (ConfigurableApplicationContext context = start()) {
			LifecycleApplication.WALK.to(Phase.SWITCH_READS, context);
			ChangeDescriptor change = change(context);
			BackfillDescriptor backfill = change.backfill();
			assertThat(backfill.state()).isEqualTo("complete");
			assertThat(backfill.rowsDone()).isEqualTo(500);
			assertThat(backfill.rowsTotal()).isEqualTo(500);
			assertThat(backfill.errors()).isEmpty();
			assertThat(backfill.startedAt()).isBeforeOrEqualTo(backfill.finishedAt());
			assertThat(change.verification().rows()).isEqualTo(500);
			assertThat(change.verification().mismatches()).isZero();
		}
	}

	@Test
	void metersHaveTheirNamesAndCount() {
		seed(500);
		try (ConfigurableApplicationContext context = start()) {
			MeterRegistry registry = new SimpleMeterRegistry();
			context.getBeansOfType(MeterBinder.class)
				.values()
				.stream()
				.filter((binder) -> binder.getClass().getName().startsWith("io.github.expandcontract"))
				.forEach((binder) -> binder.bindTo(registry));
			assertThat(registry.get("expandcontract.phase").tag("change", "users-handle").gauge().value()).isZero();
			context.getBean(UserRepository.class).save(new User(null, "ada", null));
			assertThat(catchThrowable(() -> context.getBean(UserQueries.class).nonsense())).isNotNull();
			context.getBean(JdbcTemplate.class).queryForList("SELECT username FROM users");
			assertThat(registry.get("expandcontract.statements.rewritten").functionCounter().count()).isPositive();
			assertThat(registry.get("expandcontract.statements.refused").functionCounter().count()).isOne();
			assertThat(registry.get("expandcontract.statements.unannotated").functionCounter().count()).isOne();
			LifecycleApplication.WALK.to(Phase.SWITCH_READS, context);
			assertThat(registry.get("expandcontract.phase").tag("change", "users-handle").gauge().value()).isEqualTo(3);
			assertThat(registry.get("expandcontract.backfill.rows")
				.tag("change", "users-handle")
				.functionCounter()
				.count()).isEqualTo(501);
			assertThat(registry.get("expandcontract.backfill.remaining").tag("change", "users-handle").gauge().value())
				.isZero();
		}
	}

	@Test
	void healthIsUpWhileChangeWaitsAndSaysWhatFor() {
		seed(500);
		try (ConfigurableApplicationContext context = start()) {
			ExpandContractHealthIndicator indicator = context.getBean(ExpandContractHealthIndicator.class);
			assertThat(indicator.health().getDetails()).isEqualTo(Map.of("users-handle", Map.of("phase", "expand")));
			endpoint(context).act("users-handle", "pause", null, null, null);
			endpoint(context).act("users-handle", "target", Phase.SWITCH_READS, null, null);
			ChangeWalk.await(() -> String.valueOf(indicator.health().getDetails()).contains("paused"),
					() -> String.valueOf(indicator.health()));
			Health health = indicator.health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(String.valueOf(health.getDetails())).contains("phase=backfill").contains("waitsFor=[");
		}
	}

	@Test
	void healthIsDownWhenTheLeaseHasRunOut() {
		try (ConfigurableApplicationContext context = start("expand-contract.lease-duration=1s")) {
			ExpandContractHealthIndicator indicator = context.getBean(ExpandContractHealthIndicator.class);
			assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
			this.plain.execute("ALTER TABLE expand_contract.instance RENAME TO instance_away");
			try {
				ChangeWalk.await(() -> context.getBean(Admission.class).leaseExpired(),
						() -> "the lease is still good");
				Health health = indicator.health();
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				assertThat(health.getDetails()).containsKey("lease");
			}
			finally {
				this.plain.execute("ALTER TABLE expand_contract.instance_away RENAME TO instance");
			}
			ChangeWalk.await(() -> indicator.health().getStatus().equals(Status.UP), () -> "" + indicator.health());
		}
	}

	@Test
	void instanceThatEndsDeregistersItself() {
		try (ConfigurableApplicationContext first = start()) {
			try (ConfigurableApplicationContext second = start()) {
				assertThat(endpoint(second).overview().instances()).hasSize(2);
			}
			assertThat(endpoint(first).overview().instances()).extracting(InstanceDescriptor::live)
				.isEqualTo(List.of(true));
		}
		assertThat(this.plain.queryForObject("SELECT count(*) FROM expand_contract.instance", Long.class)).isZero();
	}

	@Test
	void lazyInitializationStillStartsTheWork() {
		try (ConfigurableApplicationContext context = start("spring.main.lazy-initialization=true")) {
			LifecycleApplication.WALK.to(Phase.DUAL_WRITE, context);
			assertThat(endpoint(context).overview().changes()).hasSize(1);
		}
	}

	private ConfigurableApplicationContext start(String... properties) {
		String[] all = new String[properties.length + 1];
		System.arraycopy(properties, 0, all, 1, properties.length);
		all[0] = EXPOSED;
		return LifecycleApplication.start(this.database, all);
	}

	private void seed(int rows) {
		LifecycleApplication.start(this.database, "expand-contract.enabled=false").close();
		this.plain.execute("INSERT INTO users (username) SELECT 'seed' || i FROM generate_series(1, " + rows + ") i");
		this.plain.execute("ANALYZE users");
	}

	private long filled() {
		return this.plain.queryForObject("SELECT count(handle) FROM users", Long.class);
	}

	/**
	 * What is filled when the batch that each worker had begun before has ended.
	 */
	private long settled() {
		ChangeWalk.await(() -> this.plain.queryForObject("""
				SELECT count(*) FROM pg_locks
				 WHERE relation = 'users'::regclass AND mode = 'RowExclusiveLock'""", Long.class) == 0,
				() -> "batches are still running");
		return filled();
	}

	private static ExpandContractEndpoint endpoint(ConfigurableApplicationContext context) {
		return context.getBean(ExpandContractEndpoint.class);
	}

	private static ChangeDescriptor change(ConfigurableApplicationContext context) {
		return endpoint(context).change("users-handle");
	}

}
