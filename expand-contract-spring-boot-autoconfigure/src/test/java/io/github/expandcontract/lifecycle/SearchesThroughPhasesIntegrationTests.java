package io.github.expandcontract.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.ChangeTypeDeclaration;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.jdbc.SchemaViewReader;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.schema.ColumnSteps;
import io.github.expandcontract.schema.Dependent;
import io.github.expandcontract.schema.UnsupportedChangeException;
import io.github.expandcontract.sql.ColumnRule;
import io.github.expandcontract.sql.GeneratedKeys;
import io.github.expandcontract.sql.Rewriting;
import io.github.expandcontract.sql.StatementRewriter;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Searches by a column that changes its type: what an operator is advised to build is
 * what serves them until the new column is read, and goes the way of every index.
 */
class SearchesThroughPhasesIntegrationTests {

	private static final TableName PRODUCTS = new TableName("public", "products");

	private static final List<String> SEARCHES = List.of("SELECT id FROM products WHERE price_decimal = 12.5",
			"SELECT id FROM products WHERE price_decimal BETWEEN 12.5 AND 12.6",
			"SELECT id FROM products ORDER BY price_decimal LIMIT 5",
			"SELECT id FROM products WHERE name = 'n7' AND price_decimal > 100");

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private final ColumnSteps steps = new ColumnSteps(new Ddl(this.database.dataSource(), LockRetry.defaults()),
			SyncMode.BOTH);

	private static ColumnChange change(String type, String up, String down, boolean lossless) {
		ChangeTypeDeclaration declaration = ChangeDeclaration.changeType("products", "price", "price_decimal", type, up,
				down);
		return (lossless ? declaration.withoutLoss() : declaration).on(PRODUCTS);
	}

	private void products(String type, String value) {
		this.jdbc.execute("CREATE TABLE products (id int PRIMARY KEY, name text, price " + type + ")");
		this.jdbc
			.execute("INSERT INTO products SELECT n, 'n' || n % 100, " + value + " FROM generate_series(1, 20000) n");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void areServedByWhatIsAdvised(boolean lossless) {
		products("int NOT NULL", "n");
		this.jdbc.execute("""
				CREATE INDEX ON products (price);
				CREATE INDEX ON products (name, price DESC) INCLUDE (id, price) WHERE price > 0;
				CREATE INDEX ON products ((price + 1));
				CREATE INDEX ON products (name) INCLUDE (price);
				CREATE INDEX ON products USING hash (price);
				""");
		ColumnChange change = change("numeric(10,2)", "price / 100.0", "round(price_decimal * 100)::int", lossless);
		List<String> advised = this.steps.searchIndexes(change);
		String value = lossless ? "CAST(\"price\" / 100.0 AS numeric(10,2))"
				: "COALESCE(\"price_decimal\", CAST(\"price\" / 100.0 AS numeric(10,2)))";
		assertThat(advised).containsExactlyInAnyOrder(
				"CREATE INDEX CONCURRENTLY ON \"public\".\"products\" USING btree ((" + value + "))",
				"CREATE INDEX CONCURRENTLY ON \"public\".\"products\" USING btree (name, (" + value
						+ ") DESC) INCLUDE (id, \"price\") WHERE (\"price\" > 0)",
				"CREATE INDEX CONCURRENTLY ON \"public\".\"products\" USING hash ((" + value + "))");
		this.steps.expand(change);
		assertThat(unserved(change, Phase.EXPAND)).as("before it is built").isNotEmpty();
		advised.forEach(this.jdbc::execute);
		this.jdbc.execute("ANALYZE products");
		assertThat(unserved(change, Phase.EXPAND)).isEmpty();
		assertThat(unserved(change, Phase.BACKFILL)).isEmpty();
		this.jdbc.execute("UPDATE products SET price_decimal = price / 100.0");
		this.steps.copyIndexes(change);
		this.jdbc.execute("ANALYZE products");
		assertThat(unserved(change, Phase.SWITCH_READS)).isEmpty();
		assertThat(this.steps.searchesBoth(change)).isEqualTo(!lossless);
		if (!lossless) {
			assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> contract(change))
				.withMessageContaining("products_coalesce_idx");
			this.jdbc.queryForList("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%coalesce%'", String.class)
				.forEach((index) -> this.jdbc.execute("DROP INDEX " + index));
		}
		contract(change);
		assertThat(unserved(change, Phase.CONTRACT)).isEmpty();
	}

	private void contract(ColumnChange change) {
		this.steps.prepareContract(change);
		this.steps.contract(change, Duration.ofSeconds(5), (transaction) -> {
		});
	}

	private List<String> unserved(ColumnChange change, Phase phase) {
		StatementRewriter rewriter = new StatementRewriter(
				new SchemaViewReader(this.jdbc, () -> List.of("public"), List.of(change)).read(),
				ColumnRule.of(change, phase, SyncMode.BOTH));
		List<String> unserved = new ArrayList<>();
		for (String search : SEARCHES) {
			String sql = (rewriter.rewrite(search, GeneratedKeys.NONE) instanceof Rewriting.Rewritten rewritten)
					? rewritten.sql() : search;
			List<String> plan = this.jdbc.queryForList("EXPLAIN (COSTS OFF) " + sql, String.class);
			if (plan.stream().noneMatch((line) -> line.contains("products_") && line.contains("Index"))) {
				unserved.add(phase + ": " + sql + ": " + plan);
			}
		}
		return unserved;
	}

	@Test
	void oneOnAPartitionThatNobodyDroppedIsEvidenceAgainstContract() {
		this.jdbc.execute("""
				CREATE TABLE products (id int, price int NOT NULL, PRIMARY KEY (id)) PARTITION BY RANGE (id);
				CREATE TABLE products_1 PARTITION OF products FOR VALUES FROM (0) TO (100);
				CREATE TABLE products_2 PARTITION OF products FOR VALUES FROM (100) TO (200);
				CREATE INDEX ON products (price);
				INSERT INTO products SELECT n, n FROM generate_series(1, 150) n
				""");
		ColumnChange change = change("numeric(10,2)", "price / 100.0", "round(price_decimal * 100)::int", false);
		List<String> advised = this.steps.searchIndexes(change);
		assertThat(advised).hasSize(2).allMatch((sql) -> sql.contains("\"products_"));
		this.steps.expand(change);
		assertThat(this.steps.dependents(change)).noneMatch(Dependent::blocking);
		advised.forEach(this.jdbc::execute);
		assertThat(this.steps.dependents(change).stream().filter(Dependent::blocking).map(Dependent::identity))
			.hasSize(2)
			.allMatch((index) -> index.startsWith("products_") && index.contains("coalesce"));
	}

	@Test
	void aTypeWhoseEqualityIsNotOnTheSearchPathStopsNothing() {
		this.jdbc.execute("CREATE SCHEMA elsewhere; CREATE EXTENSION ltree SCHEMA elsewhere");
		products("int", "n");
		this.jdbc.execute("CREATE INDEX ON products (price)");
		assertThat(this.steps
			.searchIndexes(change("elsewhere.ltree", "price::text::elsewhere.ltree", "price_decimal::text::int", true)))
			.isEmpty();
	}

	@Test
	void aConditionOfTheIndexIsNoReasonToAdviseAnotherOne() {
		products("varchar(20)", "'p' || n");
		this.jdbc.execute("CREATE INDEX ON products (price) WHERE name = 'n7'");
		assertThat(this.steps.searchIndexes(change("text", "price", "price_decimal::varchar", true))).isEmpty();
	}

	@Test
	void nothingIsAdvisedWhereTheIndexServesAnyway() {
		products("varchar(20)", "'p' || n");
		this.jdbc.execute("CREATE INDEX ON products (price)");
		assertThat(this.steps.searchIndexes(change("text", "price", "price_decimal::varchar", true))).isEmpty();
	}

	@Test
	void whatCannotBeBuiltIsNotAdvised() {
		products("text", "n::text");
		this.jdbc.execute("CREATE INDEX ON products (price text_pattern_ops)");
		assertThat(this.steps.searchIndexes(change("integer", "price::int", "price_decimal::text", true))).isEmpty();
	}

}
