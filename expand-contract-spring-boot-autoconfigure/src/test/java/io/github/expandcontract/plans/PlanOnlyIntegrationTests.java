package io.github.expandcontract.plans;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.github.expandcontract.testing.ChildJvm;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code expand-contract.plan-only}, by a user who may only look.
 */
class PlanOnlyIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	private final String reader = this.database.role("reader");

	@Test
	void logsThePlanTouchesNothingAndEnds() throws Exception {
		PlansApplication.start(this.database.url(), "expand-contract.enabled=false").close();
		this.plain.execute("CREATE ROLE " + this.reader + " LOGIN PASSWORD 'r'; GRANT SELECT ON accounts, items, "
				+ "flyway_schema_history TO " + this.reader + "; DROP INDEX items_by_cost");
		String before = catalog();

		Path output = Files.createTempFile("plan-only", ".log");
		Process process = ChildJvm.start(PlansApplication.class, output.toFile(),
				this.database.url().replaceFirst("\\?.*", ""),
				"spring.datasource.username=" + this.reader + ",spring.datasource.password=r,"
						+ "expand-contract.plan-only=true,logging.level.io.github.expandcontract=info");
		assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

		String text = Files.readString(output);
		assertThat(process.exitValue()).as(text).isZero();
		assertThat(text).contains("Plan of change 'accounts-handle'")
			.contains("Plan of change 'items-price'")
			.contains("ALTER TABLE \"public\".\"accounts\" RENAME COLUMN \"username\" TO \"handle\";")
			.contains("ALTER TABLE \"public\".\"accounts\" OWNER TO " + this.reader)
			.doesNotContain("The application has started");
		assertThat(catalog()).isEqualTo(before);
	}

	private String catalog() {
		return this.plain.queryForObject(
				"""
						SELECT (SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg_%')
						  || (SELECT string_agg(relname || a.attname || a.xmin, ',' ORDER BY relname, attname)
						        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE relnamespace = 'public'::regnamespace)
						  || (SELECT string_agg(id || ctid::text || xmin, ',' ORDER BY id) FROM accounts)
						""",
				String.class);
	}

}
