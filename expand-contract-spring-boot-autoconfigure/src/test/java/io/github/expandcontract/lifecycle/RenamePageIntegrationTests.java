package io.github.expandcontract.lifecycle;

import java.util.List;

import io.github.expandcontract.Phase;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.DocPage;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether {@code docs/rename.md} says what is so.
 */
class RenamePageIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	private final DocPage page = DocPage.read("rename.md");

	@Test
	void itsJavaIsCompiled() {
		this.page.requireJavaIn(User.class);
	}

	@Test
	void itsLinesTakeTheChangeToTheEnd() {
		LifecycleApplication.start(this.database, "expand-contract.enabled=false").close();
		try (ConfigurableApplicationContext context = LifecycleApplication.start(this.database,
				this.page.properties())) {
			ChangeWalk.await(() -> LifecycleApplication.WALK.phase(context) == Phase.CONTRACT,
					() -> String.valueOf(LifecycleApplication.WALK.status(context)));
			assertThat(columns()).containsExactly("id", "handle", "email");
		}
	}

	@Test
	void itsStatementsDoWhatItSays() {
		LifecycleApplication.start(this.database, "expand-contract.enabled=false").close();
		List<String> sql = this.page.examples("sql");
		assertThat(sql).hasSize(2);
		this.plain.execute("BEGIN; " + sql.get(0) + " COMMIT");
		assertThat(columns()).containsExactly("id", "handle", "email");
		this.plain
			.execute("ALTER TABLE users RENAME COLUMN handle TO username; ALTER TABLE users ADD COLUMN handle text");
		this.plain.execute("BEGIN; " + sql.get(1) + " COMMIT");
		assertThat(columns()).containsExactly("id", "handle", "email");
	}

	private List<String> columns() {
		return this.plain.queryForList("SELECT attname FROM pg_attribute WHERE attrelid = 'users'::regclass "
				+ "AND attnum > 0 AND NOT attisdropped ORDER BY attnum", String.class);
	}

}
