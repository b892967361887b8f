package io.github.expandcontract.repricing;

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
 * Whether {@code docs/type-change.md} says what is so.
 */
class TypeChangePageIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	private final DocPage page = DocPage.read("type-change.md");

	@Test
	void itsJavaIsCompiled() throws ClassNotFoundException {
		this.page.requireJavaIn(Product.class, Class.forName("io.github.expandcontract.pricing.Product"));
	}

	@Test
	void itsLinesTakeTheChangeToTheEndAndItsStatementsBack() {
		Shop.open(this.database.url(), "expand-contract.enabled=false").close();
		this.plain.execute("INSERT INTO products (price) VALUES (1250)");
		try (ConfigurableApplicationContext context = Shop.open(this.database.url(), this.page.properties())) {
			ChangeWalk.await(() -> Shop.WALK.phase(context) == Phase.CONTRACT,
					() -> String.valueOf(Shop.WALK.status(context)));
		}
		assertThat(type("price")).isEqualTo("numeric(10,2)");
		List<String> sql = this.page.examples("sql");
		assertThat(sql).hasSize(2);
		this.plain.execute("BEGIN; " + sql.get(1) + " COMMIT");
		assertThat(type("price")).isEqualTo("integer");
		assertThat(type("expand_contract_price")).isEqualTo("numeric(10,2)");
		this.plain.execute("BEGIN; " + sql.get(0) + " COMMIT");
		assertThat(this.plain.queryForObject("SELECT price::text FROM products", String.class)).isEqualTo("12.50");
	}

	private String type(String column) {
		return this.plain.queryForObject("SELECT format_type(atttypid, atttypmod) FROM pg_attribute "
				+ "WHERE attrelid = 'products'::regclass AND attname = ?", String.class, column);
	}

}
