package io.github.expandcontract.libraries.named;

import java.util.List;

import io.github.expandcontract.libraries.AbstractAccountsIntegrationTests;
import io.github.expandcontract.libraries.Library;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@Library(NamedParameterApplication.class)
class NamedParameterIntegrationTests extends AbstractAccountsIntegrationTests {

	private final SimpleJdbcInserts inserts = bean(SimpleJdbcInserts.class);

	@Test
	void insertsColumnsByName() {
		assertStored(this.inserts.insert(name() + "a"), name() + "a");
	}

	@Test
	void insertsColumnsThatTheTableHas() {
		assertStored(this.inserts.insertAllColumns(name() + "a"), name() + "a");
		assertStored(this.inserts.insertAllColumnsOfOnce(name() + "b"), name() + "b");
	}

	@Test
	void insertsABatchOfColumnsByName() {
		assertThat(this.inserts.insertBatch(List.of(name() + "a", name() + "b"))).hasSize(2);
		assertStored(name() + "a");
		assertStored(name() + "b");
	}

}
