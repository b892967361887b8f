package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ChangeTypeDeclaration;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The steps of a change of type, on products whose prices were cents.
 */
class TypeChangeIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private static final ChangeType PRICE = change("numeric(10,2)", "price / 100.0", "round(price_decimal * 100)::int");

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private static ChangeType change(String type, String up, String down) {
		return declaration(type, up, down).on(new TableName("public", "products"));
	}

	private static ChangeTypeDeclaration declaration(String type, String up, String down) {
		return new ChangeTypeDeclaration("products-price", null, "products", "price", "price_decimal", type, up, down,
				false, "Product.priceDecimal");
	}

	private ColumnSteps steps() {
		return steps(SyncMode.BOTH);
	}

	private ColumnSteps steps(SyncMode sync) {
		return new ColumnSteps(new Ddl(this.database.dataSource(), new LockRetry(PATIENCE, 60, Duration.ofMillis(100))),
				sync);
	}

	private void products() {
		this.jdbc.execute("""
				CREATE TABLE products (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text,
				  price int NOT NULL DEFAULT 100)
				""");
	}

	private void contract(ColumnSteps steps, ColumnChange change) {
		steps.contract(change, PATIENCE, (transaction) -> {
		});
	}

	private void reopen(ColumnSteps steps, ColumnChange change) {
		steps.reopen(change, PATIENCE, (transaction) -> {
		});
	}

	private List<String> prices() {
		return this.jdbc.queryForList("""
				SELECT coalesce(price::text, '-') || '|' || coalesce(price_decimal::text, '-') FROM products ORDER BY id
				""", String.class);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			INSERT INTO products (price) VALUES (1250);                             1250|12.50
			INSERT INTO products (price_decimal) VALUES (12.5);                     1250|12.50
			INSERT INTO products (price, price_decimal) VALUES (1, 12.5);           1250|12.50
			INSERT INTO products DEFAULT VALUES;                                    100|1.00
			""")
	void triggerConvertsWhatIsInserted(String sql, String expected) {
		products();
		steps().expand(PRICE);
		this.jdbc.execute(sql);
		assertThat(prices()).containsExactly(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			price = 2000;                            2000|20.00
			price_decimal = 20;                      2000|20.00
			price = 2000, price_decimal = 30;        2000|30.00
			name = 'x';                              1250|12.50
			""")
	void triggerConvertsTheSideThatChanged(String assignment, String expected) {
		products();
		steps().expand(PRICE);
		this.jdbc.execute("INSERT INTO products (price) VALUES (1250)");
		this.jdbc.execute("UPDATE products SET " + assignment);
		assertThat(prices()).containsExactly(expected);
	}

	@Test
	void aValueThatDoesNotFitIsRefusedToWhoeverWritesIt() {
		this.jdbc.execute("CREATE TABLE products (id bigserial PRIMARY KEY, price text)");
		ChangeType change = change("integer", "price::int", "price_decimal::text");
		steps().expand(change);
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> this.jdbc.execute("INSERT INTO products (price) VALUES ('none')"))
			.withMessageContaining("none");
		assertThat(prices()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					nonsense;           price;                     price_decimal::int;                 nonsense
					bigserial;          price;                     price_decimal::int;                 bigserial
					text;               price::text || name;       price_decimal::int;                 name
					bigint;             count(price);              price_decimal::int;                 aggregate
					bigint;             generate_series(1, price); price_decimal::int;                 set-returning
					bigint;             price + random();          price_decimal::int;                 immutable
					timestamptz;        to_timestamp(price);       extract(epoch FROM price_decimal + interval '1 day')::int;    immutable
					bigint;             price;                     price_decimal;                      CAST(… AS integer)
					bigint;             price;                     coalesce(price_decimal::int, 0);    up(down(NULL))
					bigint;             nosuch(price);             price_decimal::int;                 nosuch
					varchar(5);         price::text;               price_decimal::int;                 cut off
					char(5);            price::text;               price_decimal::int;                 cut off
					varchar(5)[];       ARRAY[price::text];        price_decimal[1]::int;              cut off
					bit(8);             price::bit(8);             price_decimal::int;                 cut off
					short[];            ARRAY[price::text]::short[];       price_decimal[1]::text::int;        cut off
					label;              ROW(price, price::text)::label;    (price_decimal).number;             cut off
					name;               price::text;               price_decimal::int;                 cut off
					positive;           price;                     price_decimal::int;                 domain
					json;               to_json(price);            (price_decimal #>> '{}')::int;      equality
					box;                box(point(price, 0), point(0, 0)); (price_decimal[0])[0]::int;  equality
					""")
	void refusesWhatCannotBeConvertedForCertain(String type, String up, String down, String reason) {
		products();
		this.jdbc.execute("""
				CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE DOMAIN short AS varchar(3);
				CREATE TYPE label AS (number int, text varchar(3))
				""");
		String before = columns();
		assertThatExceptionOfType(UnsupportedChangeException.class)
			.isThrownBy(() -> steps().expand(change(type, up, down)))
			.satisfies((ex) -> assertThat(ex.getMessage() + ex.getAction()).contains(reason));
		assertThat(columns()).isEqualTo(before);
		assertThat(this.jdbc.queryForList("SELECT 1 FROM pg_namespace WHERE nspname = 'expand_contract'")).isEmpty();
	}

	private String columns() {
		return this.jdbc.queryForObject("""
				SELECT string_agg(attname || format_type(atttypid, atttypmod), ',' ORDER BY attnum)
				FROM pg_attribute WHERE attrelid = 'products'::regclass AND attnum > 0
				""", String.class);
	}

	@Test
	void refusesToLoseACollation() {
		this.jdbc.execute("CREATE TABLE products (id int PRIMARY KEY, price varchar(10) COLLATE \"C\")");
		assertThatExceptionOfType(UnsupportedChangeException.class)
			.isThrownBy(() -> steps().expand(change("text", "price", "price_decimal::varchar")))
			.withMessageContaining("collation");
		steps().expand(change("integer", "price::int", "price_decimal::varchar"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					CREATE TABLE prices (p int PRIMARY KEY) ~ ALTER TABLE products ADD CONSTRAINT known FOREIGN KEY (price) REFERENCES prices; known
					CREATE UNIQUE INDEX once ON products (price) ~ CREATE TABLE sales (paid int CONSTRAINT sold REFERENCES products (price)); sold of sales
					CREATE INDEX special ON products (price int4_bloom_ops);                int4_bloom_ops
					ALTER TABLE products ALTER price SET DEFAULT (random() * 100)::int;      volatile
					ALTER TABLE products DROP CONSTRAINT products_pkey, ADD PRIMARY KEY (price); primary key
					""")
	void refusesWhatHangsOnOldAndCannotBeGivenToNew(String sql, String reason) {
		products();
		this.jdbc.execute(sql.replace("(price int4_bloom_ops)", "USING brin (price int4_bloom_ops)").replace("~", ";"));
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps().expand(PRICE))
			.withMessageContaining(reason);
	}

	@Test
	void saysOfAKeyWhatHangsOnItAndWhatWideningItTakes() {
		this.jdbc.execute("""
				CREATE TABLE products (id serial PRIMARY KEY, name text);
				CREATE TABLE sales (product int CONSTRAINT sold REFERENCES products)
				""");
		ChangeType wider = ChangeDeclaration
			.changeType("products", "id", "product_id", "bigint", "id::bigint", "product_id::int")
			.on(PRICE.table());
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps().expand(wider))
			.withMessageContaining("\"id\" stands in the primary key")
			.withMessageContaining("sold of sales")
			.withMessageContaining("products_id_seq")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("first widen the columns that point at it")
				.contains("ALTER COLUMN \"id\" TYPE bigint"));
	}

	@Test
	void aColumnThatPointsAtAKeyIsWidenedBeforeIt() {
		this.jdbc.execute("""
				CREATE TABLE owners (id serial PRIMARY KEY);
				CREATE TABLE products (id int PRIMARY KEY, owner int CONSTRAINT owned REFERENCES owners);
				INSERT INTO owners VALUES (1); INSERT INTO products VALUES (1, 1), (2, NULL)
				""");
		ChangeType wider = ChangeDeclaration
			.changeType("products", "owner", "owner_id", "bigint", "owner::bigint", "owner_id::int")
			.on(PRICE.table());
		ColumnSteps steps = steps();
		steps.expand(wider);
		this.jdbc.execute("UPDATE products SET owner_id = owner");
		contract(steps, wider);
		assertThatExceptionOfType(DataIntegrityViolationException.class)
			.isThrownBy(() -> this.jdbc.execute("INSERT INTO products VALUES (3, 2)"))
			.withMessageContaining("owned");
	}

	@Test
	void withoutATriggerOnlyWhatLosesNothingIsTaken() {
		products();
		ColumnSteps application = steps(SyncMode.APPLICATION);
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> application.expand(PRICE))
			.withMessageContaining("sync 'application'");
		ChangeType lossless = declaration("numeric(10,2)", "price / 100.0", "round(price_decimal * 100)::int")
			.withoutLoss()
			.on(PRICE.table());
		application.expand(lossless);
		this.jdbc.execute("INSERT INTO products (price, price_decimal) VALUES (1250, 12.5)");
		application.relaxOld(lossless);
		this.jdbc.execute("INSERT INTO products (price, price_decimal) VALUES (NULL, 3)");
		contract(application, lossless);
		reopen(application, lossless);
		assertThat(prices()).containsExactly("-|12.50", "-|3.00");
		this.jdbc.execute("UPDATE products SET price = round(price_decimal * 100)::int");
		application.restoreOld(lossless);
		this.jdbc.execute("INSERT INTO products (price) VALUES (7)");
		assertThat(required("price")).isTrue();
	}

	private Boolean required(String column) {
		return this.jdbc.queryForObject(
				"SELECT attnotnull FROM pg_attribute WHERE attrelid = 'products'::regclass AND attname = ?",
				Boolean.class, column);
	}

	@Test
	void newIsGivenWhatOldHadAndOldGetsItBack() {
		products();
		this.jdbc.execute("""
				CREATE ROLE %1$s;
				COMMENT ON COLUMN products.price IS 'what it''s worth';
				GRANT SELECT (price), UPDATE (price) ON products TO %1$s WITH GRANT OPTION;
				GRANT SELECT (price) ON products TO PUBLIC;
				ALTER TABLE products ALTER price SET STATISTICS 321;
				ALTER TABLE products ALTER price SET (n_distinct = -0.5);
				CREATE INDEX by_price ON products (price DESC NULLS LAST) INCLUDE (name) WITH (fillfactor = 70);
				CREATE INDEX by_both ON products (name, price);
				COMMENT ON INDEX by_both IS 'both';
				INSERT INTO products (price) VALUES (1250)
				""".formatted(this.database.role("clerk")));
		List<Map<String, Object>> before = description("price");
		assertThat(before).hasSizeGreaterThan(8);
		ColumnSteps steps = steps();
		assertThat(steps.heldCutover(PRICE)).isTrue();
		steps.expand(PRICE);
		this.jdbc.execute("UPDATE products SET price_decimal = price / 100.0");
		for (int round = 0; round < 2; round++) {
			steps.copyIndexes(PRICE);
			assertThat(steps.missingCopies(PRICE)).isEmpty();
			contract(steps, PRICE);
			contract(steps, PRICE);
			assertThat(steps.inspect(PRICE)).isEqualTo(Situation.NEW_ONLY);
			assertThat(description("price_decimal")).isEqualTo(before);
			assertThat(value("INSERT INTO products DEFAULT VALUES RETURNING price_decimal::text")).isEqualTo("1.00");
			reopen(steps, PRICE);
			reopen(steps, PRICE);
			assertThat(steps.isRefilling(PRICE)).isTrue();
			assertThat(required("price")).isFalse();
			assertThat(value("INSERT INTO products DEFAULT VALUES RETURNING price || '|' || price_decimal"))
				.isEqualTo("100|1.00");
			this.jdbc.execute("UPDATE products SET price = round(price_decimal * 100)::int");
			steps.restoreOld(PRICE);
			assertThat(steps.isRefilling(PRICE)).isFalse();
			assertThat(steps.hasTrigger(PRICE)).isTrue();
			assertThat(steps.missingCopies(PRICE)).isEmpty();
			assertThat(description("price")).isEqualTo(before);
			steps.check(PRICE);
		}
		assertThat(prices()).contains("1250|12.50");
	}

	private String value(String sql) {
		return this.jdbc.queryForObject(sql, String.class);
	}

	private List<Map<String, Object>> description(String column) {
		return this.jdbc.queryForList("""
				SELECT 'required' AS what, attnotnull::text AS how FROM pg_attribute
				WHERE attrelid = 'products'::regclass AND attname = ?
				UNION ALL SELECT 'target', coalesce(attstattarget, -1)::text FROM pg_attribute
				WHERE attrelid = 'products'::regclass AND attname = ?
				UNION ALL SELECT 'options', attoptions::text FROM pg_attribute
				WHERE attrelid = 'products'::regclass AND attname = ?
				UNION ALL SELECT 'comment', col_description(attrelid, attnum) FROM pg_attribute
				WHERE attrelid = 'products'::regclass AND attname = ?
				UNION ALL SELECT 'grant', g::text FROM pg_attribute, aclexplode(attacl) g
				WHERE attrelid = 'products'::regclass AND attname = ?
				UNION ALL SELECT 'default', (pg_get_expr(adbin, adrelid) LIKE '%100%')::text FROM pg_attrdef
				JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
				WHERE adrelid = 'products'::regclass AND attname = ?
				UNION ALL SELECT 'index', regexp_replace(pg_get_indexdef(indexrelid), '\\m' || ? || '\\M', '?')
				  || coalesce(obj_description(indexrelid), '')
				FROM pg_index WHERE indrelid = 'products'::regclass
				AND pg_get_indexdef(indexrelid) ~ ('\\m' || ? || '\\M')
				ORDER BY 1, 2
				""", column, column, column, column, column, column, column, column);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					CREATE VIEW cheap AS SELECT price FROM products;                                       cheap
					CREATE MATERIALIZED VIEW cheap AS SELECT price FROM products;                          cheap
					ALTER TABLE products ADD twice int GENERATED ALWAYS AS (price * 2) STORED;             twice
					CREATE POLICY seen ON products USING (price > 0);                                      seen
					CREATE RULE logged AS ON UPDATE TO products WHERE OLD.price > 1 DO ALSO NOTHING;       logged
					CREATE TRIGGER watch BEFORE UPDATE OF price ON products FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();  watch
					""")
	void listsWhatWouldBeLostAndKeepsContractFromLosingIt(String sql, String name) {
		products();
		this.jdbc.execute(sql.replace("~", ";"));
		ColumnSteps steps = steps();
		steps.expand(PRICE);
		assertThat(steps.dependents(PRICE)).filteredOn(Dependent::blocking)
			.anyMatch((dependent) -> (dependent.identity() + dependent.definition()).contains(name));
		String before = columns();
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> contract(steps, PRICE))
			.withMessageContaining(name);
		assertThat(columns()).isEqualTo(before);
		assertThat(steps.hasTrigger(PRICE)).isTrue();
	}

	@Test
	void whatStandsOnNewAloneIsNoHindrance() {
		products();
		ColumnSteps steps = steps();
		steps.expand(PRICE);
		this.jdbc.execute("""
				ALTER TABLE products ADD CONSTRAINT paid CHECK (price_decimal >= 0);
				CREATE VIEW cheap AS SELECT price_decimal FROM products;
				CREATE INDEX computed ON products ((price_decimal / 2))
				""");
		assertThat(steps.dependents(PRICE)).noneMatch(Dependent::blocking);
		contract(steps, PRICE);
		assertThat(steps.inspect(PRICE)).isEqualTo(Situation.NEW_ONLY);
	}

	@Test
	void refusesOtherExpressionsThanThoseThatTheTriggerHas() {
		products();
		steps().expand(PRICE);
		assertThatExceptionOfType(UnsupportedChangeException.class)
			.isThrownBy(
					() -> steps().expand(change("numeric(10,2)", "price / 1000.0", "round(price_decimal * 1000)::int")))
			.withMessageContaining("other expressions");
		steps().expand(PRICE);
	}

	@Test
	void anIndexThatOldGotLatelyIsCopiedBeforeContract() {
		products();
		ColumnSteps steps = steps();
		steps.expand(PRICE);
		this.jdbc.execute("CREATE INDEX lately ON products (price)");
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> contract(steps, PRICE))
			.withMessageContaining("lately");
		steps.prepareContract(PRICE);
		contract(steps, PRICE);
		assertThat(description("price_decimal")).anyMatch((row) -> String.valueOf(row.get("how")).contains("lately"));
	}

	@Test
	void nullInNewStopsContractAndLeavesNothingBehind() {
		this.jdbc.execute("CREATE TABLE products (id bigserial PRIMARY KEY, price text NOT NULL)");
		ChangeType change = change("integer", "nullif(price, '')::int", "price_decimal::text");
		ColumnSteps steps = steps();
		steps.expand(change);
		this.jdbc.execute("INSERT INTO products (price) VALUES ('1'), ('')");
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> contract(steps, change))
			.withMessageContaining("NULL");
		this.jdbc.execute("INSERT INTO products (price) VALUES ('')");
		assertThat(prices()).containsExactly("1|1", "|-", "|-");
	}

	@Test
	void theWayBackIsClosedWhereNewHasBecomeUnique() {
		products();
		ColumnSteps steps = steps();
		steps.expand(PRICE);
		contract(steps, PRICE);
		this.jdbc.execute("CREATE UNIQUE INDEX once ON products (price_decimal)");
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> reopen(steps, PRICE))
			.withMessageContaining("once");
		assertThat(steps.inspect(PRICE)).isEqualTo(Situation.NEW_ONLY);
	}

	@Test
	void theWayBackIsOpenForATableThatWasMadeWithNewAlone() {
		this.jdbc.execute("CREATE TABLE products (id bigserial PRIMARY KEY, price_decimal numeric(10,2) DEFAULT 3)");
		ColumnSteps steps = steps();
		steps.expand(PRICE);
		reopen(steps, PRICE);
		this.jdbc.execute("INSERT INTO products DEFAULT VALUES");
		assertThat(prices()).containsExactly("300|3.00");
	}

	@Test
	void takesAPartitionedTableThrough() {
		this.jdbc.execute("""
				CREATE TABLE products (id bigint, price int NOT NULL) PARTITION BY RANGE (id);
				CREATE TABLE products_1 PARTITION OF products FOR VALUES FROM (0) TO (10);
				CREATE TABLE products_2 PARTITION OF products DEFAULT;
				CREATE INDEX by_price ON products (price)
				""");
		ColumnSteps steps = steps();
		steps.expand(PRICE);
		this.jdbc.execute("INSERT INTO products (id, price) VALUES (1, 100), (11, 200)");
		steps.copyIndexes(PRICE);
		contract(steps, PRICE);
		assertThat(this.jdbc.queryForList("SELECT price_decimal::text FROM products ORDER BY 1", String.class))
			.containsExactly("1.00", "2.00");
		reopen(steps, PRICE);
		assertThat(prices()).containsExactly("-|1.00", "-|2.00");
	}

	@Test
	void aPartitionsOwnCheckIsNotLost() {
		this.jdbc.execute("""
				CREATE TABLE products (id bigint, price int) PARTITION BY RANGE (id);
				CREATE TABLE products_1 PARTITION OF products DEFAULT;
				ALTER TABLE products_1 ADD CONSTRAINT paid CHECK (price > 0)
				""");
		ColumnSteps steps = steps();
		steps.expand(PRICE);
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> contract(steps, PRICE))
			.withMessageContaining("paid");
	}

	@Test
	void thePlanIsWhatRuns() {
		products();
		this.jdbc.execute("CREATE INDEX by_price ON products (price)");
		List<Step> expand = steps().plan(PRICE, Phase.EXPAND, Phase.EXPAND);
		assertThat(expand).extracting(Step::sql)
			.anyMatch((sql) -> sql.endsWith("ADD COLUMN \"price_decimal\" numeric(10,2)"));
		steps().expand(PRICE);
		steps().copyIndexes(PRICE);
		List<Step> plan = steps().plan(PRICE, Phase.STOP_DUAL_WRITE, Phase.CONTRACT);
		plan.forEach((step) -> this.jdbc
			.execute(step.sql().startsWith("LOCK") ? "BEGIN; " + step.sql() + "; COMMIT" : step.sql()));
		assertThat(steps().inspect(PRICE)).isEqualTo(Situation.NEW_ONLY);
		assertThat(this.jdbc.queryForObject("SELECT to_regclass('by_price') IS NOT NULL", Boolean.class)).isTrue();
	}

	/**
	 * Ends the connection after each statement in turn, as a kill does, and goes on with
	 * whatever that has left.
	 */
	@Test
	void goesOnFromWhereverItWasInterrupted() {
		products();
		this.jdbc.execute("""
				CREATE INDEX by_price ON products (price);
				CREATE TABLE prices (p numeric PRIMARY KEY);
				INSERT INTO prices VALUES (1250), (12.5);
				ALTER TABLE products ADD CONSTRAINT paid CHECK (price > 0);
				ALTER TABLE products ADD CONSTRAINT listed FOREIGN KEY (price) REFERENCES prices;
				CREATE STATISTICS both_of_them ON name, price FROM products;
				INSERT INTO products (price) VALUES (1250)
				""");
		AtomicInteger interruptions = new AtomicInteger();
		interrupted(interruptions, (steps) -> steps.expand(PRICE));
		this.jdbc.execute("UPDATE products SET price_decimal = price / 100.0");
		interrupted(interruptions, (steps) -> steps.copyIndexes(PRICE));
		assertThat(steps().missingCopies(PRICE)).isEmpty();
		interrupted(interruptions, (steps) -> steps.prepareContract(PRICE));
		interrupted(interruptions, (steps) -> contract(steps, PRICE));
		assertThat(columns()).contains("price_decimal");
		assertThat(steps().inspect(PRICE)).isEqualTo(Situation.NEW_ONLY);
		assertThat(required("price_decimal")).isTrue();
		assertThat(left()).filteredOn((name) -> !name.endsWith("_not_null"))
			.containsExactly("by_price", "listed", "paid", "products_pkey", "products_pkey", "statistics both_of_them");
		interrupted(interruptions, (steps) -> reopen(steps, PRICE));
		assertThat(prices()).containsExactly("-|12.50");
		this.jdbc.execute("UPDATE products SET price = round(price_decimal * 100)::int");
		interrupted(interruptions, (steps) -> steps.restoreOld(PRICE));
		assertThat(required("price")).isTrue();
		assertThat(prices()).containsExactly("1250|12.50");
		assertThat(interruptions).hasValueGreaterThan(10);
	}

	/**
	 * A unique column has no way back, so it goes forward alone.
	 */
	@Test
	void aUniqueColumnGoesOnFromWhereverItWasInterrupted() {
		products();
		this.jdbc.execute("""
				ALTER TABLE products ADD CONSTRAINT once UNIQUE (price) DEFERRABLE;
				CREATE VIEW cheap AS SELECT price FROM products;
				INSERT INTO products (price) VALUES (1250), (1300)
				""");
		AtomicInteger interruptions = new AtomicInteger();
		interrupted(interruptions, (steps) -> steps.expand(PRICE));
		this.jdbc.execute("UPDATE products SET price_decimal = price / 100.0");
		interrupted(interruptions, (steps) -> steps.copyIndexes(PRICE));
		interrupted(interruptions, (steps) -> steps.prepareContract(PRICE));
		interrupted(interruptions, (steps) -> steps.makeUnique(PRICE));
		interrupted(interruptions, (steps) -> steps.takeBackUnique(PRICE));
		interrupted(interruptions, (steps) -> steps.makeUnique(PRICE));
		interrupted(interruptions, (steps) -> contract(steps, PRICE));
		assertThat(steps().inspect(PRICE)).isEqualTo(Situation.NEW_ONLY);
		assertThat(left()).filteredOn((name) -> !name.endsWith("_not_null"))
			.containsExactly("once", "once", "products_pkey", "products_pkey");
		assertThat(this.jdbc.queryForList("SELECT price FROM cheap ORDER BY 1", Integer.class)).containsExactly(1250,
				1300);
		assertThat(interruptions).hasValueGreaterThan(10);
	}

	/**
	 * All indexes, constraints and statistics, so that nothing of ours is left over.
	 */
	private List<String> left() {
		return this.jdbc.queryForList("""
				SELECT conname FROM pg_constraint WHERE conrelid = 'products'::regclass
				UNION ALL SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'products'::regclass
				UNION ALL SELECT 'statistics ' || stxname FROM pg_statistic_ext
				ORDER BY 1
				""", String.class);
	}

	private void interrupted(AtomicInteger interruptions, Consumer<ColumnSteps> work) {
		interruptions.addAndGet(Interrupting.everywhere(this.database.dataSource(),
				(ddl) -> work.accept(new ColumnSteps(ddl, SyncMode.BOTH, true)), () -> {
				}));
	}

}
