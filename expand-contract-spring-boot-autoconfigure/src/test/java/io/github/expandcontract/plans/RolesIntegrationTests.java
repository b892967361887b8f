package io.github.expandcontract.plans;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.expandcontract.Phase;
import io.github.expandcontract.schema.MissingPrivilegeException;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Flyway is the owner, and the application may only read and write what it was granted.
 */
class RolesIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	private final String name = this.database.url().replaceFirst(".*/(\\w+)\\?.*", "$1");

	private final String owner = "owner_" + this.name;

	private final String application = "application_" + this.name;

	private final String url = this.database.url().replaceFirst("\\?.*", "");

	@BeforeEach
	void roles() {
		this.plain.execute("CREATE ROLE " + this.owner + " LOGIN PASSWORD 'o'; CREATE ROLE " + this.application
				+ " LOGIN PASSWORD 'a'; GRANT CREATE ON DATABASE " + this.name + " TO " + this.owner
				+ "; REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT CREATE, USAGE ON SCHEMA public TO "
				+ this.owner);
		// The migrations, as the owner
		start("spring.datasource.username=" + this.owner, "spring.datasource.password=o",
				"expand-contract.enabled=false")
			.close();
		this.plain.execute("GRANT SELECT (id, username, note), INSERT (username), UPDATE (username) ON accounts TO "
				+ this.application + "; GRANT SELECT, INSERT, UPDATE, DELETE ON items TO " + this.application
				+ "; ALTER TABLE items ENABLE ROW LEVEL SECURITY; CREATE POLICY everything ON items TO "
				+ this.application + " USING (true) WITH CHECK (true)");
	}

	@Test
	void goesThroughAllPhasesAndBackWhereTheApplicationMayOnlyReadAndWrite() {
		try (ConfigurableApplicationContext context = start("spring.datasource.username=" + this.application,
				"spring.datasource.password=a", "spring.flyway.user=" + this.owner, "spring.flyway.password=o")) {
			List<Phase> way = new ArrayList<>(Arrays.asList(Phase.values()));
			way.addAll(List.of(Phase.EXPAND, Phase.CONTRACT));
			for (Phase phase : way) {
				for (ChangeWalk walk : List.of(PlansApplication.ACCOUNTS, PlansApplication.ITEMS)) {
					walk.to(phase, context);
				}
				readAndWrite(context, way.indexOf(phase) + "-" + phase.propertyName());
			}
		}
		assertThat(this.plain.queryForObject("SELECT count(*) FROM accounts WHERE handle LIKE 'renamed%'", Long.class))
			.isEqualTo(way());
		assertThat(this.plain.queryForObject(
				"SELECT tableowner FROM pg_tables WHERE schemaname = 'expand_contract' AND tablename = 'change'",
				String.class))
			.isEqualTo(this.owner);
	}

	private static long way() {
		return Phase.values().length + 2L;
	}

	private void readAndWrite(ConfigurableApplicationContext context, String mark) {
		AccountRepository accounts = context.getBean(AccountRepository.class);
		accounts.save(new Account(null, "new-" + mark));
		assertThat(accounts.countByHandle("new-" + mark)).isPositive();
		assertThat(accounts.rename("new-" + mark, "renamed-" + mark)).isPositive();
		assertThat(accounts.findAll()).extracting(Account::handle).contains("renamed-" + mark);
		ItemRepository items = context.getBean(ItemRepository.class);
		Item item = items.save(new Item(null, new BigDecimal("12.50")));
		items.save(new Item(item.id(), new BigDecimal("13.75")));
		assertThat(items.findById(item.id())).contains(new Item(item.id(), new BigDecimal("13.75")));
		items.deleteById(item.id());
	}

	@Test
	void namesTheStatementsThatAreMissingWhereThereIsNoOtherUser() {
		assertThatException()
			.isThrownBy(() -> start("spring.datasource.username=" + this.application, "spring.datasource.password=a",
					"spring.flyway.enabled=false"))
			.satisfies((failure) -> assertThat(missing(failure).getAction())
				.contains("ALTER TABLE \"public\".\"accounts\" OWNER TO " + this.application)
				.contains("GRANT CREATE ON DATABASE " + this.name + " TO " + this.application));
		assertThat(this.plain.queryForList("SELECT 1 FROM pg_namespace WHERE nspname = 'expand_contract'")).isEmpty();
	}

	@Test
	void refusesRowsThatTheOwnerCannotSee() {
		this.plain.execute("ALTER TABLE items FORCE ROW LEVEL SECURITY");
		assertThatException()
			.isThrownBy(() -> start("spring.datasource.username=" + this.application, "spring.datasource.password=a",
					"spring.flyway.user=" + this.owner, "spring.flyway.password=o"))
			.satisfies((failure) -> assertThat(missing(failure).getAction())
				.contains("ALTER ROLE " + this.owner + " BYPASSRLS"));
	}

	private static MissingPrivilegeException missing(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof MissingPrivilegeException found) {
				return found;
			}
		}
		throw new AssertionError("Not for a privilege", failure);
	}

	private ConfigurableApplicationContext start(String... properties) {
		return PlansApplication.start(this.url, properties);
	}

}
