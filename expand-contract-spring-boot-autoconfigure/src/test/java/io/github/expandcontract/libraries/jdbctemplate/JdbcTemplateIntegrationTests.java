package io.github.expandcontract.libraries.jdbctemplate;

import java.util.List;
import java.util.Map;

import io.github.expandcontract.libraries.AbstractAccountsIntegrationTests;
import io.github.expandcontract.libraries.Library;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.support.rowset.SqlRowSet;

import static org.assertj.core.api.Assertions.assertThat;

@Library(JdbcTemplateApplication.class)
class JdbcTemplateIntegrationTests extends AbstractAccountsIntegrationTests {

	private final JdbcTemplateExtras extras = bean(JdbcTemplateExtras.class);

	@Test
	void runsABatchOfTexts() {
		assertThat(this.extras.insertLiterals(name() + "a", name() + "b")).containsExactly(1, 1);
		assertStored(name() + "a");
		assertStored(name() + "b");
	}

	@Test
	void runsABatchOfUpdates() {
		this.extras.insertLiterals(name() + "a", name() + "b");
		assertThat(this.extras.renameAll(List.of(name() + "a", name() + "nobody", name() + "b"), "!"))
			.containsExactly(1, 0, 1);
		assertStored(name() + "a!");
		assertStored(name() + "b!");
	}

	@Test
	void generatedKeysAreTheFinalRow() {
		Map<String, Object> row = this.extras.insertAndReturnAll(name() + "a");
		assertThat(row).containsOnlyKeys("id", "handle", "email", "version").containsEntry("handle", name() + "a");
		assertThat(this.extras.insertManyAndReturnAll(List.of(name() + "b", name() + "c")))
			.extracting((keys) -> keys.get("handle"))
			.containsExactly(name() + "b", name() + "c");
	}

	@Test
	void rowSetHasTheFinalColumns() {
		this.extras.insertLiterals(name() + "a", name() + "b");
		SqlRowSet rows = this.extras.rowSet(name());
		assertThat(rows.getMetaData().getColumnNames()).containsExactly("id", "handle", "email", "version");
		assertThat(rows.next()).isTrue();
		assertThat(rows.getString("handle")).isEqualTo(name() + "a");
	}

	@Test
	void streams() {
		this.extras.insertLiterals(name() + "a", name() + "b", name() + "c");
		assertThat(this.extras.stream(name())).containsExactly(name() + "a", name() + "b", name() + "c");
	}

}
