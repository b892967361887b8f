package io.github.expandcontract.plans;

import java.util.List;
import java.util.stream.Stream;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.backfill.UnconvertibleValuesException;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.coordination.PlannedMove;
import io.github.expandcontract.coordination.Planner;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.schema.Step;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A plan before anything has begun tries the expressions on every row, as the start does,
 * and says with which statement.
 */
class PlanReadsValuesIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	static Stream<ChangeDeclaration> declarations() {
		return Stream.of(
				ChangeDeclaration.changeType("readings", "value", "value_number", "integer",
						"replace(value, '-', '')::int", "value_number::text"),
				ChangeDeclaration.reshape("readings")
					.from("value", "low::text || '-' || high::text")
					.into("low", "integer", "split_part(value, '-', 1)::int")
					.into("high", "integer", "split_part(value, '-', 2)::int")
					.build(),
				ChangeDeclaration.addColumn("readings", "share", "numeric", "100 / split_part(value, '-', 1)::int"));
	}

	@ParameterizedTest
	@MethodSource("declarations")
	void namesTheRowThatStandsAgainstIt(ChangeDeclaration declaration) {
		this.plain.execute("""
				CREATE TABLE readings (id int PRIMARY KEY, value text NOT NULL);
				INSERT INTO readings SELECT i, '1-2' FROM generate_series(1, 500) i
				""");
		this.plain.execute("UPDATE readings SET value = 'none' WHERE id = 300");
		Change change = declaration.on(new TableName("public", "readings"), List.of("id", "value"));
		Planner planner = Planning.planner(this.database.dataSource(), SyncMode.BOTH);
		assertThatExceptionOfType(UnconvertibleValuesException.class).isThrownBy(() -> planner.preview(List.of(change)))
			.withMessageContaining("300")
			.withMessageContaining("none");
		this.plain.execute("DELETE FROM readings WHERE id = 300");
		PlannedMove first = planner.preview(List.of(change)).get(0).moves().get(0);
		assertThat(first.steps()).extracting(Step::purpose).startsWith("try the expressions on every value");
		this.plain.execute(first.steps().get(0).sql());
		assertThat(this.plain.queryForList("SELECT 1 FROM pg_namespace WHERE nspname = 'expand_contract'")).isEmpty();
	}

}
