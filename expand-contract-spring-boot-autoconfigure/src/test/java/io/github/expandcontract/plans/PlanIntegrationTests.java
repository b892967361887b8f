package io.github.expandcontract.plans;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.zaxxer.hikari.HikariDataSource;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.coordination.ChangePlan;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.plans.ServerLog.Logged;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a plan says before anything has begun is what the server then executes, for every
 * kind of change, forwards through all phases and back again.
 */
class PlanIntegrationTests {

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

	@ParameterizedTest
	@EnumSource(value = SyncMode.class, names = { "BOTH", "APPLICATION" })
	void whatIsPlannedIsWhatTheServerExecutes(SyncMode sync) throws Exception {
		String mode = "expand-contract.sync=" + sync.name().toLowerCase(Locale.ROOT);
		try (ServerLog log = new ServerLog("subject")) {
			JdbcTemplate server = new JdbcTemplate(log.server().getPostgresDatabase());
			server.execute("CREATE DATABASE subject");
			EveryKind.start(log.server().getJdbcUrl("postgres", "subject"), "expand-contract.enabled=false").close();
			server.execute("CREATE DATABASE sample TEMPLATE subject");
			List<Change> changes;
			try (ConfigurableApplicationContext context = EveryKind.start(log.server().getJdbcUrl("postgres", "sample"),
					mode)) {
				changes = context.getBean(Operations.class).declared();
			}
			List<ChangePlan> plans = preview(log.server().getJdbcUrl("postgres", "subject"), sync, changes);
			List<Journey> journeys = new ArrayList<>();
			for (int i = 0; i < plans.size(); i++) {
				journeys.add(new Journey(changes.get(i).table().name(), plans.get(i)));
			}
			walk(log, journeys, mode);
		}
	}

	private static List<ChangePlan> preview(String url, SyncMode sync, List<Change> changes) {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl(url);
			pool.setMaximumPoolSize(2);
			List<ChangePlan> plans = Planning.planner(pool, sync).preview(changes);
			assertThat(
					new JdbcTemplate(pool).queryForList("SELECT 1 FROM pg_namespace WHERE nspname = 'expand_contract'"))
				.isEmpty();
			return plans;
		}
	}

	private static void walk(ServerLog log, List<Journey> journeys, String mode) {
		SoftAssertions differences = new SoftAssertions();
		Set<String> sharedPlanned = new LinkedHashSet<>();
		List<String> sharedExecuted = new ArrayList<>();
		int begun = end(log.statements(0));
		try (ConfigurableApplicationContext context = EveryKind.start(log.server().getJdbcUrl("postgres", "subject"),
				mode, "expand-contract.lock.timeout=10s", "expand-contract.cutover-timeout=4s",
				"expand-contract.heartbeat-interval=200ms")) {
			while (journeys.stream().anyMatch(Journey::goesOn)) {
				List<Journey> going = journeys.stream().filter(Journey::goesOn).toList();
				going.forEach((journey) -> journey.set(context));
				going.forEach((journey) -> journey.arrive(context));
				List<Logged> executed = awaitPlanned(log, begun, going);
				begun = end(executed);
				for (Journey journey : journeys) {
					journey.compare(executed, differences);
					sharedPlanned.addAll(journey.sharedTables());
				}
				executed.stream()
					.filter(Journey::changes)
					.map(Logged::sql)
					.filter(Journey::isSharedTable)
					.forEach(sharedExecuted::add);
				going.forEach(Journey::next);
			}
		}
		differences.assertThat(sharedExecuted)
			.as("tables of ours that changes share")
			.containsExactlyInAnyOrderElementsOf(sharedPlanned);
		differences.assertAll();
	}

	private static int end(List<Logged> executed) {
		return executed.get(executed.size() - 1).number() + 1;
	}

	/**
	 * The statements of a move, once all that was planned for it is among them, or has
	 * not come for a long time.
	 */
	private static List<Logged> awaitPlanned(ServerLog log, int begun, List<Journey> journeys) {
		long deadline = System.nanoTime() + PATIENCE;
		while (true) {
			List<Logged> executed = log.statements(begun);
			List<String> texts = executed.stream().map(Logged::sql).toList();
			if (System.nanoTime() - deadline > 0
					|| journeys.stream().allMatch((journey) -> texts.containsAll(journey.certain()))) {
				return executed;
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
		}
	}

}
