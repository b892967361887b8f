package io.github.expandcontract.additions;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.schema.Step;
import io.github.expandcontract.schema.TableSteps;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.DocPage;
import io.github.expandcontract.testing.TestDatabase;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the pages on what is added to a table say is what is declared and what runs.
 */
class AdditionPagesIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@ParameterizedTest
	@CsvSource({ "index-and-unique.md, orders-orders-customer-idx, orders-orders-number-key",
			"foreign-key.md, orders-orders-customer-fkey,",
			"check-and-not-null.md, orders-orders-total-check, orders-number" })
	void pageShowsWhatRuns(String name, String first, String second) {
		DocPage page = DocPage.read(name);
		page.requireJavaIn(Warehouse.class);
		try (ConfigurableApplicationContext context = Warehouse.open(this.database.url())) {
			List<String> planned = new ArrayList<>(plan(context, first));
			if (second != null) {
				planned.addAll(plan(context, second));
			}
			assertThat(page.examples("sql")).singleElement().asString().isEqualTo(String.join(";\n", planned) + ";");
			for (String example : page.examples("yaml")) {
				assertThat(example).contains(first + ":\n      phase: contract");
			}
			new ChangeWalk(first).to(Phase.CONTRACT, context);
			assertThat(plan(context, first)).isEmpty();
		}
	}

	private List<String> plan(ConfigurableApplicationContext context, String id) {
		Change change = context.getBean(Operations.class)
			.declared()
			.stream()
			.filter((declared) -> declared.id().equals(id))
			.findFirst()
			.orElseThrow();
		return new TableSteps(new Ddl(this.database.dataSource(), LockRetry.defaults()), (TableChange) change)
			.plan(Phase.EXPAND, Phase.CONTRACT)
			.stream()
			.map(Step::sql)
			.toList();
	}

}
