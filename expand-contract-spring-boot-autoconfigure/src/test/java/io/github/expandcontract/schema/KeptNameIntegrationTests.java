package io.github.expandcontract.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ChangeTypeDeclaration;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The steps of a change of type whose new column has the old one's name in the end.
 */
class KeptNameIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private static final ChangeType PRICE = change("price", "numeric(10,2)", "price / 100.0",
			"round(price * 100)::int");

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private static ChangeType change(String column, String type, String up, String down) {
		return new ChangeTypeDeclaration("products-price", null, "products", column, column, type, up, down, false,
				"Product.price")
			.on(new TableName("public", "products"));
	}

	private ColumnSteps steps() {
		return new ColumnSteps(new Ddl(this.database.dataSource(), new LockRetry(PATIENCE, 60, Duration.ofMillis(100))),
				SyncMode.BOTH, false);
	}

	private void products() {
		this.jdbc.execute("""
				CREATE TABLE products (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
				  price int NOT NULL DEFAULT 100 CHECK (price >= 0));
				CREATE UNIQUE INDEX products_by_price ON products (price);
				COMMENT ON COLUMN products.price IS 'what it costs';
				INSERT INTO products (price) SELECT generate_series(1, 99)
				""");
	}

	private void contract(ColumnSteps steps) {
		steps.makeUnique(PRICE);
		steps.prepareContract(PRICE);
		steps.contract(PRICE, PATIENCE, (within) -> {
		});
	}

	private void reopen(ColumnSteps steps) {
		steps.reopen(PRICE, PATIENCE, (within) -> {
		});
	}

	@Test
	void goesThereAndBackAndThereAgainUnderOneName() {
		products();
		ColumnSteps steps = steps();
		assertThat(steps.inspect(PRICE)).isEqualTo(Situation.OLD_ONLY);
		steps.expand(PRICE);
		assertThat(steps.inspect(PRICE)).isEqualTo(Situation.BOTH);
		assertThat(columns()).containsExactly("id", "price", "expand_contract_price");
		this.jdbc.update("UPDATE products SET expand_contract_price = price / 100.0");
		steps.copyIndexes(PRICE);
		contract(steps);
		assertThat(steps.inspect(PRICE)).isEqualTo(Situation.NEW_ONLY);
		assertThat(columns()).containsExactly("id", "price");
		Map<String, Object> contracted = description();
		assertThat(contracted).containsEntry("type", "numeric(10,2)")
			.containsEntry("attnotnull", true)
			.containsEntry("comment", "what it costs")
			.containsEntry("indexes", "CREATE UNIQUE INDEX products_by_price ON public.products USING btree (price)");
		assertThat(this.jdbc.queryForObject("INSERT INTO products DEFAULT VALUES RETURNING price::text", String.class))
			.isEqualTo("1.00");
	}

	@Test
	void wayBackGivesTheFormerColumnAgain() {
		this.jdbc.execute("""
				CREATE TABLE products (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
				  price int NOT NULL DEFAULT 100);
				CREATE INDEX products_by_price ON products (price);
				INSERT INTO products (price) SELECT generate_series(1, 100)
				""");
		Map<String, Object> before = description();
		ColumnSteps steps = steps();
		steps.expand(PRICE);
		this.jdbc.update("UPDATE products SET expand_contract_price = price / 100.0");
		steps.copyIndexes(PRICE);
		contract(steps);
		for (int round = 0; round < 2; round++) {
			reopen(steps);
			assertThat(columns()).containsExactlyInAnyOrder("id", "price", "expand_contract_price");
			assertThat(steps.isRefilling(PRICE)).isTrue();
			this.jdbc.update("INSERT INTO products (expand_contract_price) VALUES (7.5)");
			this.jdbc.update("UPDATE products SET price = round(expand_contract_price * 100)::int WHERE price IS NULL");
			steps.restoreOld(PRICE);
			assertThat(description()).isEqualTo(before);
			assertThat(this.jdbc.queryForObject("SELECT count(*) FROM products WHERE id <= 100 AND price = id",
					Integer.class))
				.isEqualTo(100);
			contract(steps);
			assertThat(columns()).containsExactly("id", "price");
		}
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM products WHERE id <= 100 AND price = id / 100.0",
				Integer.class))
			.isEqualTo(100);
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM products WHERE price = 7.5", Integer.class))
			.isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			integer;                        numeric(10,2);   OLD_ONLY
			numeric(10,3);                  numeric(10,2);   OLD_ONLY
			numeric;                        numeric(10,2);   OLD_ONLY
			numeric(10,2);                  numeric;         OLD_ONLY
			numeric(10,2);                  DECIMAL(10, 2);  NEW_ONLY
			int8;                           bigint;          NEW_ONLY
			timestamp(3) with time zone;    timestamptz(3);  NEW_ONLY
			timestamptz;                    timestamptz(3);  OLD_ONLY
			text[];                         _text;           NEW_ONLY
			varchar(5)[];                   varchar(6)[];    OLD_ONLY
			interval year to month;         interval;        OLD_ONLY
			colour;                         public.colour;   NEW_ONLY
			text;                           nosuch;          OLD_ONLY
			""")
	void typeTellsWhetherTheChangeIsThrough(String present, String declared, Situation expected) {
		this.jdbc.execute("CREATE TYPE colour AS ENUM ('red'); CREATE TABLE products (price " + present + ")");
		assertThat(steps().inspect(change("price", declared, "price", "price"))).isEqualTo(expected);
	}

	/**
	 * What is through but not seen to be would be converted once more.
	 */
	@Test
	void connectionThatIsLostIsNeverTakenForAnotherType() {
		this.jdbc.execute("CREATE TABLE products (price numeric(10,2))");
		AtomicInteger left = new AtomicInteger();
		DataSource losing = new DelegatingDataSource(this.database.dataSource()) {

			@Override
			public Connection getConnection() throws SQLException {
				Connection connection = super.getConnection();
				if (left.decrementAndGet() == 0) {
					connection.close();
				}
				return connection;
			}

		};
		ColumnSteps steps = new ColumnSteps(new Ddl(losing, LockRetry.defaults()), SyncMode.BOTH, false);
		for (int lost = 1; left.get() <= 0; lost++) {
			left.set(lost);
			try {
				assertThat(steps.inspect(PRICE)).isEqualTo(Situation.NEW_ONLY);
			}
			catch (DataAccessException ex) {
				assertThat(left).hasValueLessThanOrEqualTo(0);
			}
		}
	}

	@Test
	void freshTableThatHasTheNewTypeIsThrough() {
		this.jdbc.execute("CREATE TABLE products (price numeric(10,2))");
		steps().check(PRICE);
		assertThat(steps().inspect(PRICE)).isEqualTo(Situation.NEW_ONLY);
	}

	@Test
	void refusesToChangeATypeIntoItself() {
		this.jdbc.execute("CREATE TABLE products (price int)");
		assertThatExceptionOfType(UnsupportedChangeException.class)
			.isThrownBy(() -> steps().check(change("price", "int4", "price * 100", "price / 100")))
			.withMessageContaining("is of type int4 and down gives that type too");
	}

	@Test
	void refusesATemporaryNameThatIsTaken() {
		this.jdbc.execute("CREATE TABLE products (price int, expand_contract_price text)");
		assertThatExceptionOfType(ForeignColumnException.class).isThrownBy(() -> steps().check(PRICE))
			.withMessageContaining("\"expand_contract_price\" exists already")
			.withMessageContaining("Rename it");
	}

	@Test
	void takesANameOf63Bytes() {
		String name = "p".repeat(63);
		this.jdbc.execute("CREATE TABLE products (" + name + " int)");
		ChangeType change = change(name, "text", name + "::text", name + "::int");
		steps().expand(change);
		assertThat(columns()).containsExactly(name, change.newColumn());
		assertThat(change.newColumn()).hasSize(63).startsWith("expand_contract_ppp");
	}

	@Test
	void viewOnTheColumnIsAllThatBlocks() {
		products();
		this.jdbc.execute("CREATE VIEW prices AS SELECT price FROM products");
		assertThat(steps().dependents(PRICE)).filteredOn(Dependent::blocking)
			.extracting(Dependent::identity)
			.containsExactly("prices");
	}

	private List<String> columns() {
		return this.jdbc.queryForList("SELECT attname FROM pg_attribute WHERE attrelid = 'products'::regclass "
				+ "AND attnum > 0 AND NOT attisdropped ORDER BY attnum", String.class);
	}

	private Map<String, Object> description() {
		return this.jdbc.queryForMap(
				"""
						SELECT format_type(atttypid, atttypmod) AS type, attnotnull, col_description(attrelid, attnum) AS comment,
						  (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum) AS expression,
						  (SELECT string_agg(pg_get_indexdef(indexrelid), ';') FROM pg_index
						    WHERE indrelid = attrelid AND attnum = ANY (indkey::int2[])) AS indexes
						FROM pg_attribute WHERE attrelid = 'products'::regclass AND attname = 'price'
						""");
	}

}
