package io.github.expandcontract.plans;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.schema.MissingPrivilegeException;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * A change of every kind where the application's user may only read and write.
 */
class RolesOfEveryKindIntegrationTests {

	private static final String TABLES = "accounts, badges, boxes, cups, dishes, fares, forks, hosts, items, knives, "
			+ "letters, parcels, persons, rides, shelves, streets, tariffs, ticks, tolls, visits, zones";

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	private final String url = this.database.url().replaceFirst("\\?.*", "");

	private final String name = this.url.replaceFirst(".*/", "");

	private final String owner = this.database.role("owner");

	private final String application = this.database.role("application");

	@BeforeEach
	void roles() {
		this.plain.execute("CREATE ROLE " + this.owner + " LOGIN PASSWORD 'o'; CREATE ROLE " + this.application
				+ " LOGIN PASSWORD 'a'; REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO "
				+ this.application);
	}

	private String[] as(String... more) {
		return Stream
			.concat(Stream.of("spring.datasource.username=" + this.application, "spring.datasource.password=a"),
					Stream.of(more))
			.toArray(String[]::new);
	}

	@Test
	void theOwnerMakesThemAndTheApplicationReadsAndWrites() {
		this.plain.execute("GRANT CREATE ON DATABASE " + this.name + " TO " + this.owner
				+ "; GRANT CREATE, USAGE ON SCHEMA public TO " + this.owner);
		EveryKind
			.start(this.url, "spring.datasource.username=" + this.owner, "spring.datasource.password=o",
					"expand-contract.enabled=false")
			.close();
		this.plain.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON " + TABLES + " TO " + this.application);
		try (ConfigurableApplicationContext context = EveryKind.start(this.url,
				as("spring.flyway.user=" + this.owner, "spring.flyway.password=o"))) {
			for (Phase phase : List.of(Phase.EXPAND, Phase.BACKFILL, Phase.CONTRACT)) {
				to(phase, context);
				readAndWrite(phase == Phase.CONTRACT);
			}
			assertThat(phases()).containsExactly("CONTRACT");
			walk(Phase.EXPAND, returning(context), context);
			readAndWrite(true);
			assertThat(this.plain.queryForList("SELECT id FROM expand_contract.change WHERE phase = 'EXPAND'"))
				.hasSizeGreaterThan(12);
			assertThat(this.plain.update("UPDATE persons SET full_name = 'Bert Alfred' WHERE first_name = 'Mary'"))
				.as("a person of before the way back")
				.isPositive();
		}
	}

	private List<String> phases() {
		return this.plain.queryForList("SELECT DISTINCT phase FROM expand_contract.change", String.class);
	}

	private static List<String> returning(ConfigurableApplicationContext context) {
		Operations operations = context.getBean(Operations.class);
		return operations.declared()
			.stream()
			.map(Change::id)
			.filter((id) -> Journey.goesBack(operations.plan(id).orElseThrow()))
			.toList();
	}

	/**
	 * As a release before it does, which names what is there before and after.
	 */
	private void readAndWrite(boolean contracted) {
		JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(this.url, this.application, "a"));
		for (String table : TABLES.split(", ", -1)) {
			if (contracted && table.equals("knives")) {
				continue;
			}
			String first = "(SELECT min(id) FROM " + table + ")";
			assertThat(jdbc.queryForList("SELECT * FROM " + table + " LIMIT 5")).as(table).isNotEmpty();
			if (!List.of("hosts", "zones").contains(table)) {
				assertThat(jdbc.update("DELETE FROM " + table + " WHERE id = " + first)).as(table).isPositive();
			}
		}
		if (!contracted) {
			jdbc.update("INSERT INTO persons (full_name) VALUES ('Mary Poppins')");
			jdbc.update("UPDATE streets SET house = '7'");
			jdbc.update("INSERT INTO parcels (price, pieces) VALUES (1, 2)");
			jdbc.update("UPDATE tariffs SET amount = amount + 1");
			jdbc.update("INSERT INTO forks DEFAULT VALUES");
		}
	}

	private static void to(Phase phase, ConfigurableApplicationContext context) {
		walk(phase, context.getBean(Operations.class).declared().stream().map(Change::id).toList(), context);
	}

	private static void walk(Phase phase, List<String> changes, ConfigurableApplicationContext context) {
		List<ChangeWalk> walks = changes.stream().map(ChangeWalk::new).toList();
		walks.forEach((walk) -> context.getBean(Operations.class).override(walk.change(), phase, "test"));
		walks.forEach((walk) -> walk.to(phase, context));
	}

	@Test
	void whatIsMissingIsNamedAtOnceAndExactlyAndIsEnoughWhereThereIsNoOtherUser() {
		EveryKind.migrate(this.plain);
		this.plain.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON " + TABLES + " TO " + this.application);
		List<String> before = catalog();
		List<String> expected = new ArrayList<>(List.of("GRANT CREATE ON DATABASE " + this.name + " TO ",
				"GRANT CREATE ON SCHEMA \"public\" TO ", "GRANT REFERENCES ON \"public\".\"hosts\" TO ",
				"GRANT REFERENCES ON \"public\".\"zones\" TO ", "ALTER TABLE \"public\".\"ticks_1\" OWNER TO ",
				"ALTER TABLE \"public\".\"ticks_2\" OWNER TO "));
		for (String table : TABLES.split(", ", -1)) {
			if (!List.of("hosts", "zones").contains(table)) {
				expected.add("ALTER TABLE \"public\".\"" + table + "\" OWNER TO ");
			}
		}
		List<String> statements = new ArrayList<>();
		assertThatException().isThrownBy(() -> EveryKind.start(this.url, as("spring.flyway.enabled=false")))
			.satisfies((failure) -> statements.addAll(statements(failure)));
		assertThat(statements)
			.containsExactlyInAnyOrderElementsOf(expected.stream().map((one) -> one + this.application).toList());
		assertThat(catalog()).isEqualTo(before);
		statements.forEach(this.plain::execute);
		try (ConfigurableApplicationContext context = EveryKind.start(this.url, as("spring.flyway.enabled=false"))) {
			to(Phase.CONTRACT, context);
		}
	}

	private static List<String> statements(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof MissingPrivilegeException missing) {
				String action = missing.getAction();
				return List.of(action.substring(action.indexOf(": ") + 2).replaceFirst(";$", "").split("; ", -1));
			}
		}
		throw new AssertionError("Not for a privilege", failure);
	}

	private List<String> catalog() {
		return this.plain.queryForList(
				"""
						SELECT nspname || '.' || relname || ' ' || c.xmin FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
						WHERE nspname NOT LIKE 'pg_%' AND nspname <> 'information_schema'
						UNION ALL SELECT nspname::text FROM pg_namespace WHERE nspname NOT LIKE 'pg_%'
						UNION ALL SELECT attrelid::regclass || '.' || attname || ' ' || xmin FROM pg_attribute
						WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
						ORDER BY 1
						""",
				String.class);
	}

}
