package io.github.expandcontract.naming;

import java.util.List;

import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.testing.DocPage;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of the page on splitting and merging.
 */
class SplitAndMergePageIntegrationTests {

	private final DocPage page = DocPage.read("split-and-merge.md");

	private final TestDatabase database = TestDatabase.create();

	private static ChangeDeclaration mergeNames() {
		return ChangeDeclaration.reshape("people")
			.from("first_name", "split_part(full_name, ' ', 1)")
			.from("last_name", "substr(full_name, nullif(strpos(full_name, ' '), 0) + 1)")
			.into("full_name", "text", "nullif(concat_ws(' ', first_name, last_name), '')")
			.build();
	}

	@Test
	void declarationsAreWhatTheApplicationCompiles() {
		this.page.requireJavaIn(Registry.class, SplitAndMergePageIntegrationTests.class);
		assertThat(mergeNames().id()).isEqualTo("people-full-name");
	}

	@Test
	void theTriggerDoesWhatThePageSays() {
		JdbcTemplate plain = this.database.jdbc();
		try (ConfigurableApplicationContext context = Registry.open(this.database.url())) {
			plain.execute(this.page.examples("sql").get(0));
			assertThat(context.isActive()).isTrue();
		}
		assertThat(plain.queryForList("SELECT concat_ws('|', full_name, first_name, last_name) FROM people ORDER BY id",
				String.class))
			.isEqualTo(List.of("Anna Smith|Anna|Smith", "Mary Ann Smith|Mary Ann|Smith"));
	}

	@Test
	void columnsAreAddedAsThePageSays() {
		JdbcTemplate plain = this.database.jdbc();
		plain.execute("CREATE TABLE people (id bigint PRIMARY KEY, full_name text)");
		plain.execute(this.page.examples("sql").get(1));
		assertThat(plain.queryForList("SELECT first_name, last_name FROM people")).isEmpty();
	}

}
