package io.github.expandcontract.plans;

import io.github.expandcontract.testing.DocPage;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page says of roles is enough.
 */
class PlanPageIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@Test
	void theGrantsOfThePageAreEnough() {
		JdbcTemplate plain = this.database.jdbc();
		plain.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO PUBLIC");
		DocPage.read("plan-and-locks.md").examples("sql").forEach(plain::execute);
		String url = this.database.url().replaceFirst("\\?.*", "");
		PlansApplication
			.start(url, "spring.datasource.username=shop_owner", "spring.datasource.password=o",
					"expand-contract.enabled=false")
			.close();
		plain.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON accounts, items TO shop_app");
		try (ConfigurableApplicationContext context = PlansApplication.start(url, "spring.datasource.username=shop_app",
				"spring.datasource.password=a", "spring.flyway.user=shop_owner", "spring.flyway.password=o")) {
			AccountRepository accounts = context.getBean(AccountRepository.class);
			accounts.save(new Account(null, "somebody"));
			assertThat(accounts.countByHandle("somebody")).isEqualTo(1);
		}
	}

}
