package io.github.expandcontract.plans;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillSettings;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.coordination.ChangePlan;
import io.github.expandcontract.coordination.CoordinationSettings;
import io.github.expandcontract.coordination.Courses;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.coordination.PlannedMove;
import io.github.expandcontract.coordination.Planner;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.FleetMember;
import io.github.expandcontract.phase.PhaseStore;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.schema.Step;
import io.github.expandcontract.testing.ChangeWalk;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a plan says before anything has begun is what the server then executes.
 */
class PlanIntegrationTests {

	private static final Pattern SCHEMA = Pattern.compile(
			"(CREATE|ALTER|DROP|COMMENT|GRANT|LOCK TABLE|ANALYZE|(INSERT INTO|DELETE FROM) expand_contract\\.former_)"
					+ "(?s:.*)");

	// What is tried out and rolled back, and what is ours before any change begins
	private static final Pattern OTHER = Pattern
		.compile("(?s).*pg_temp.*|CREATE SCHEMA IF NOT EXISTS.*|CREATE INDEX IF NOT EXISTS backfill_.*"
				+ "|CREATE TABLE IF NOT EXISTS expand_contract\\.(?!former_).*");

	@ParameterizedTest
	@EnumSource(value = SyncMode.class, names = { "BOTH", "APPLICATION" })
	void whatIsPlannedIsWhatTheServerExecutes(SyncMode sync) throws Exception {
		try (ServerLog log = new ServerLog()) {
			String sample = database(log, "sample");
			String subject = database(log, "subject");
			List<Change> changes;
			try (ConfigurableApplicationContext context = PlansApplication.start(sample)) {
				changes = context.getBean(Operations.class).declared();
			}
			PlansApplication.start(subject, "expand-contract.enabled=false").close();
			DataSource dataSource = log.server().getDatabase("postgres", "subject");
			List<ChangePlan> plans = planner(dataSource, sync).preview(changes);
			assertThat(new JdbcTemplate(dataSource)
				.queryForList("SELECT 1 FROM pg_namespace WHERE nspname = 'expand_contract'")).isEmpty();
			int begun = log.statements("subject").size();

			List<String> expected = new ArrayList<>();
			plans.forEach((plan) -> expected.addAll(sql(plan, Phase.EXPAND, Phase.EXPAND)));
			try (ConfigurableApplicationContext context = PlansApplication.start(subject,
					"expand-contract.sync=" + sync.name().toLowerCase(Locale.ROOT), "expand-contract.lock.timeout=10s",
					"expand-contract.cutover-timeout=4s")) {
				for (ChangePlan plan : plans) {
					ChangeWalk walk = new ChangeWalk(plan.id());
					Phase phase = Phase.EXPAND;
					for (Phase next : way(plan)) {
						walk.to(next, context);
						if (next == Phase.BACKFILL) {
							ChangeWalk.await(() -> walk.status(context).verification() != null,
									() -> "not verified: " + walk.status(context));
						}
						expected.addAll(sql(plan, phase, next));
						phase = next;
					}
				}
			}
			List<String> executed = log.statements("subject").subList(begun, log.statements("subject").size());
			assertThat(executed.stream()
				.filter((statement) -> SCHEMA.matcher(statement).matches() && !OTHER.matcher(statement).matches())
				.toList()).containsExactlyElementsOf(
						expected.stream().filter((statement) -> SCHEMA.matcher(statement).matches()).toList());
			assertThat(executed).containsAll(expected.stream()
				.filter((statement) -> !SCHEMA.matcher(statement).matches() && !statement.startsWith("VACUUM"))
				.toList());
		}
	}

	private static List<Phase> way(ChangePlan plan) {
		List<Phase> way = new ArrayList<>();
		for (Phase phase = Phase.EXPAND; phase != Phase.CONTRACT; phase = way.get(way.size() - 1)) {
			way.add(phase.toward(Phase.CONTRACT).orElseThrow());
		}
		Phase back = plan.moves()
			.stream()
			.filter((move) -> move.from() == Phase.CONTRACT)
			.map(PlannedMove::to)
			.findFirst()
			.orElseThrow();
		way.add(back);
		for (Phase phase = back; phase != Phase.EXPAND; phase = way.get(way.size() - 1)) {
			way.add(phase.toward(Phase.EXPAND).orElseThrow());
		}
		return way;
	}

	private static List<String> sql(ChangePlan plan, Phase from, Phase to) {
		return plan.moves()
			.stream()
			.filter((move) -> move.from() == from && move.to() == to)
			.flatMap((move) -> move.steps().stream())
			.map(Step::sql)
			.map(PlanIntegrationTests::numbered)
			.toList();
	}

	private static String numbered(String sql) {
		Matcher parameters = Pattern.compile("\\?").matcher(sql.stripTrailing());
		int[] number = { 0 };
		return parameters.replaceAll((parameter) -> "\\$" + ++number[0]);
	}

	private static Planner planner(DataSource dataSource, SyncMode sync) {
		PhaseStore store = new PhaseStore(dataSource);
		FleetMember nobody = new FleetMember(store, new Admission(Duration.ofSeconds(1)), "planner",
				Duration.ofSeconds(10), Duration.ofSeconds(1), () -> {
				});
		return new Planner(store,
				new Courses(store, nobody, new Ddl(dataSource, LockRetry.defaults()),
						new Backfill(dataSource, BackfillSettings.defaults()),
						new CoordinationSettings(sync, Duration.ofSeconds(2), Duration.ofMillis(500), false)));
	}

	private static String database(ServerLog log, String name) {
		new JdbcTemplate(log.server().getPostgresDatabase()).execute("CREATE DATABASE " + name);
		return log.server().getJdbcUrl("postgres", name);
	}

}
