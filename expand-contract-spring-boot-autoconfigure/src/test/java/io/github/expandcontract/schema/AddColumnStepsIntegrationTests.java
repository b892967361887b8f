package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.AddColumnDeclaration;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The steps of a required column, on orders that get a way of shipping and a total.
 */
class AddColumnStepsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private static final TableName ORDERS = new TableName("public", "orders");

	private static final List<String> COLUMNS = List.of("id", "price", "quantity", "note");

	private static final AddColumn SHIPPING = change("shipping_method", "text", "'standard'", null);

	private static final AddColumn TOTAL = change("total", "numeric(12,2)", "price * quantity", null);

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private static AddColumn change(String column, String type, String fill, @Nullable String defaultValue) {
		AddColumnDeclaration declaration = ChangeDeclaration.addColumn("orders", column, type, fill);
		return ((defaultValue != null) ? declaration.withDefault(defaultValue) : declaration).on(ORDERS, COLUMNS);
	}

	private AddColumnSteps steps() {
		return steps(SyncMode.BOTH);
	}

	private AddColumnSteps steps(SyncMode sync) {
		return new AddColumnSteps(
				new Ddl(this.database.dataSource(), new LockRetry(PATIENCE, 60, Duration.ofMillis(100))), sync);
	}

	private void orders() {
		this.jdbc.execute("""
				CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
				  price numeric(10,2) NOT NULL, quantity int, note text);
				INSERT INTO orders (price, quantity) SELECT i, 2 FROM generate_series(1, 500) i
				""");
	}

	private static void contract(AddColumnSteps steps, AddColumn change) {
		steps.contract(change, PATIENCE, (transaction) -> {
		});
	}

	private static void reopen(AddColumnSteps steps, AddColumn change) {
		steps.reopen(change, PATIENCE, (transaction) -> {
		});
	}

	private String text(String sql) {
		return this.jdbc.queryForObject(sql, String.class);
	}

	/**
	 * The table's file and what every row of it is, as far as the server writes it.
	 */
	private String heap() {
		return text("""
				SELECT pg_relation_filenode('orders') || ' '
				  || (SELECT md5(string_agg(ctid::text || xmin, ',' ORDER BY id)) FROM orders WHERE id <= 500)
				""");
	}

	private String column(String name) {
		return text("""
				SELECT coalesce((SELECT format_type(atttypid, atttypmod)
				  || CASE WHEN attnotnull THEN ' not null' ELSE '' END
				  || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
				  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
				  WHERE attrelid = 'orders'::regclass AND attname = '%s'), 'absent')
				""".formatted(name));
	}

	private @Nullable String comment(String name) {
		return text("""
				SELECT col_description(attrelid, attnum) FROM pg_attribute
				WHERE attrelid = 'orders'::regclass AND attname = '%s'
				""".formatted(name));
	}

	/**
	 * What is at the table beside its columns.
	 */
	private List<String> belongings() {
		return this.jdbc.queryForList("""
				SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgrelid = 'orders'::regclass AND NOT tgisinternal
				UNION ALL SELECT 'check ' || conname FROM pg_constraint
				WHERE conrelid = 'orders'::regclass AND contype = 'c'
				UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE proname LIKE 'sync\\_%'
				ORDER BY 1
				""", String.class);
	}

	@Test
	void aConstantComesWithTheColumnAndTouchesNoRow() {
		orders();
		String heap = heap();
		steps().expand(SHIPPING);
		assertThat(heap()).isEqualTo(heap);
		assertThat(column("shipping_method")).isEqualTo("text not null default 'standard'::text");
		assertThat(text("SELECT string_agg(DISTINCT shipping_method, ',') FROM orders")).isEqualTo("standard");
		assertThat(text("INSERT INTO orders (price) VALUES (1) RETURNING shipping_method")).isEqualTo("standard");
		assertThat(belongings()).isEmpty();
		contract(steps(), SHIPPING);
		reopen(steps(), SHIPPING);
		contract(steps(), SHIPPING);
		assertThat(heap()).isEqualTo(heap);
		assertThat(column("shipping_method")).isEqualTo("text not null default 'standard'::text");
		assertThat(comment("shipping_method")).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '`', nullValues = "-", textBlock = """
			text;                   'unknown';      'standard';                 unknown;   standard
			varchar(8);             'standard';     -;                          standard;  standard
			timestamptz;            now();          -;                          20..-.*;   20..-.*
			uuid;                   '00000000-0000-0000-0000-000000000000'; gen_random_uuid();   0+-.*;   .*-4.*-.*
			bigint;                 0;              nextval('counter');         0;         1
			mood;                   'fine';         -;                          fine;      fine
			text[];                 ARRAY['a'];     '{}';                       \\{a\\};   \\{\\}
			""")
	void rowsThatAreThereGetFillAndOthersTheDefault(String type, String fill, @Nullable String defaultValue,
			String before, String after) {
		orders();
		this.jdbc.execute("CREATE SEQUENCE counter; CREATE TYPE mood AS ENUM ('fine')");
		String heap = heap();
		steps().expand(change("extra", type, fill, defaultValue));
		assertThat(heap()).isEqualTo(heap);
		assertThat(text("SELECT min(extra::text) FROM orders")).matches(before);
		assertThat(text("SELECT count(DISTINCT extra) FROM orders")).isEqualTo("1");
		assertThat(text("INSERT INTO orders (price) VALUES (1) RETURNING extra::text")).matches(after);
		assertThat(column("extra")).contains("not null");
	}

	@Test
	void whatFollowsFromOtherColumnsIsFilledForWritersWhoDoNotNameTheColumn() {
		orders();
		String heap = heap();
		steps().expand(TOTAL);
		assertThat(heap()).isEqualTo(heap);
		assertThat(column("total")).isEqualTo("numeric(12,2)");
		assertThat(text("SELECT count(total) FROM orders")).isEqualTo("0");
		assertThat(text("INSERT INTO orders (price, quantity) VALUES (1.5, 4) RETURNING total")).isEqualTo("6.00");
		assertThat(text("INSERT INTO orders (price, quantity, total) VALUES (1.5, 4, 5) RETURNING total"))
			.isEqualTo("5.00");
		assertThat(text("UPDATE orders SET price = 9 WHERE total = 6 RETURNING total")).isEqualTo("6.00");
	}

	@Test
	void aDefaultServesWritersWhoDoNotNameTheColumnWithoutATrigger() {
		orders();
		AddColumn change = change("total", "numeric(12,2)", "price * quantity", "0");
		steps().expand(change);
		assertThat(column("total")).isEqualTo("numeric(12,2) default 0");
		assertThat(belongings()).isEmpty();
		assertThat(text("INSERT INTO orders (price, quantity) VALUES (1.5, 4) RETURNING total")).isEqualTo("0.00");
		assertThat(text("SELECT count(total) FROM orders")).isEqualTo("1");
		this.jdbc.update("UPDATE orders SET total = price * quantity WHERE total IS NULL");
		contract(steps(), change);
		assertThat(column("total")).isEqualTo("numeric(12,2) not null default 0");
	}

	@Test
	void withoutATriggerOthersLeaveTheColumnEmpty() {
		orders();
		AddColumnSteps steps = steps(SyncMode.APPLICATION);
		steps.expand(TOTAL);
		assertThat(steps.servesOthers(TOTAL)).isFalse();
		assertThat(steps.servesOthers(SHIPPING)).isTrue();
		assertThat(belongings()).isEmpty();
		steps().expand(TOTAL);
		assertThat(belongings()).hasSize(2);
	}

	@Test
	void contractLeavesNothingOfOursAndTheWayBackServesOthersAgain() {
		orders();
		AddColumnSteps steps = steps();
		steps.expand(TOTAL);
		this.jdbc.execute("COMMENT ON COLUMN orders.total IS '" + comment("total") + "\nwhat it''s worth'");
		this.jdbc.update("UPDATE orders SET total = price * quantity");
		for (int round = 0; round < 2; round++) {
			steps.check(TOTAL);
			assertThat(steps.isOver(TOTAL)).isFalse();
			contract(steps, TOTAL);
			contract(steps, TOTAL);
			assertThat(steps.isOver(TOTAL)).isTrue();
			steps.check(TOTAL);
			assertThat(column("total")).isEqualTo("numeric(12,2) not null");
			assertThat(comment("total")).isEqualTo("what it's worth");
			assertThat(belongings()).isEmpty();
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> this.jdbc.execute("INSERT INTO orders (price, quantity) VALUES (1, 2)"))
				.withMessageContaining("total");
			reopen(steps, TOTAL);
			reopen(steps, TOTAL);
			assertThat(column("total")).isEqualTo("numeric(12,2)");
			assertThat(text("INSERT INTO orders (price, quantity) VALUES (1, 2) RETURNING total")).isEqualTo("2.00");
		}
		assertThat(comment("total")).endsWith("what it's worth");
	}

	@Test
	void nullStopsContractAndIsWelcomeAsBefore() {
		orders();
		AddColumnSteps steps = steps();
		steps.expand(TOTAL);
		this.jdbc.update("UPDATE orders SET total = price * quantity");
		this.jdbc.execute("INSERT INTO orders (price) VALUES (1)");
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> contract(steps, TOTAL))
			.withMessageContaining("holds NULL");
		assertThat(belongings()).noneMatch((name) -> name.startsWith("check"));
		this.jdbc.execute("INSERT INTO orders (price) VALUES (1)");
		assertThat(steps.isOver(TOTAL)).isFalse();
	}

	@Test
	void aContractThatWasNotReachedIsTakenBack() {
		orders();
		AddColumnSteps steps = steps();
		steps.expand(TOTAL);
		this.jdbc.update("UPDATE orders SET total = price * quantity");
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> steps.contract(TOTAL, PATIENCE, (transaction) -> {
				throw new IllegalStateException("moved meanwhile");
			}));
		assertThat(column("total")).isEqualTo("numeric(12,2) not null");
		assertThat(steps.isOver(TOTAL)).isFalse();
		assertThat(steps.plan(TOTAL, Phase.STOP_DUAL_WRITE, Phase.SWITCH_READS)).isNotEmpty();
		steps.relax(TOTAL);
		assertThat(column("total")).isEqualTo("numeric(12,2)");
		assertThat(steps.plan(TOTAL, Phase.STOP_DUAL_WRITE, Phase.SWITCH_READS)).isEmpty();
		steps.expand(SHIPPING);
		steps.relax(SHIPPING);
		assertThat(column("shipping_method")).contains("not null");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '`', nullValues = "-", textBlock = """
			nonsense;      1;                        -;              nonsense
			bigserial;     1;                        -;              bigserial
			positive;      1;                        -;              rewrite the table
			int;           'many';                   -;              many
			int;           price;                    'many';         many
			varchar(5);    'standard';               -;              too long
			varchar(5);    note;                     -;              cut off
			text;          standard;                 -;              single quotes
			text;          "standard";               -;              "quantity"
			numeric;       price * amount;           -;              amount
			int;           price::int + random()::int; -;            immutable
			text;          note || now();            -;              immutable
			uuid;          gen_random_uuid();        -;              volatile
			bigint;        nextval('counter');       -;              volatile
			text;          NULL;                     -;              null
			text;          'a';                      NULL;           null
			int;           price;                    quantity;       quantity
			bigint;        count(price);             -;              aggregate
			bigint;        generate_series(1, quantity); -;          set-returning
			text;          nosuch(note);             -;              nosuch
			int;           twice;                    -;              generated
			text;          extra || 'x';             -;              extra
			""")
	void refusesWhatCannotBeUsedBeforeAnythingIsTouched(String type, String fill, @Nullable String defaultValue,
			String reason) {
		orders();
		this.jdbc.execute("""
				CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE SEQUENCE counter;
				ALTER TABLE orders ADD twice int GENERATED ALWAYS AS (quantity * 2) STORED
				""");
		AddColumnDeclaration declaration = ChangeDeclaration.addColumn("orders", "extra", type, fill);
		AddColumn change = ((defaultValue != null) ? declaration.withDefault(defaultValue) : declaration).on(ORDERS,
				List.of("id", "price", "quantity", "note", "twice"));
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps().expand(change))
			.satisfies((ex) -> assertThat(ex.getMessage() + ex.getAction()).contains(reason));
		assertThat(column("extra")).isEqualTo("absent");
		assertThat(this.jdbc.queryForList("SELECT 1 FROM pg_namespace WHERE nspname = 'expand_contract'")).isEmpty();
		assertThat(text("SELECT last_value || ' ' || is_called FROM counter")).isEqualTo("1 false");
	}

	@Test
	void aColumnOfSomebodyElseIsNotTouched() {
		orders();
		this.jdbc.execute("ALTER TABLE orders ADD shipping_method text");
		assertThatExceptionOfType(ForeignColumnException.class).isThrownBy(() -> steps().expand(SHIPPING))
			.withMessageContaining("exists already");
		this.jdbc.execute("ALTER TABLE orders DROP shipping_method, ADD shipping_method int NOT NULL DEFAULT 1");
		assertThatExceptionOfType(ForeignColumnException.class).isThrownBy(() -> steps().expand(SHIPPING))
			.withMessageContaining("integer");
		this.jdbc.execute("ALTER TABLE orders DROP shipping_method, ADD shipping_method text NOT NULL DEFAULT 'x'");
		steps().expand(SHIPPING);
		assertThat(steps().isOver(SHIPPING)).isTrue();
		assertThat(comment("shipping_method")).isNull();
	}

	@Test
	void refusesAnotherDeclarationWhileTheChangeIsUnderWay() {
		orders();
		steps().expand(SHIPPING);
		for (AddColumn other : List.of(change("shipping_method", "text", "'express'", null),
				change("shipping_method", "varchar", "'standard'", null),
				change("shipping_method", "text", "'standard'", "'express'"))) {
			assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps().check(other))
				.withMessageContaining("another type, fill or default");
		}
		contract(steps(), SHIPPING);
		steps().check(change("shipping_method", "text", "'express'", null));
	}

	@ParameterizedTest
	@CsvSource({ "quantity", "price" })
	void theWayBackIsClosedWhereWhatFillNamesIsGone(String gone) {
		orders();
		AddColumnSteps steps = steps();
		steps.expand(TOTAL);
		this.jdbc.update("UPDATE orders SET total = price * quantity");
		contract(steps, TOTAL);
		this.jdbc.execute("ALTER TABLE orders DROP COLUMN " + gone);
		AddColumn known = ChangeDeclaration.addColumn("orders", "total", "numeric(12,2)", TOTAL.fill().text())
			.on(ORDERS, List.of("id", gone.equals("price") ? "quantity" : "price", "note", "total"));
		steps.check(known);
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> reopen(steps, known))
			.withMessageContaining(gone);
		assertThat(steps.isOver(known)).isTrue();
	}

	@Test
	void theWayBackIsClosedFromAPrimaryKey() {
		orders();
		AddColumnSteps steps = steps();
		steps.expand(TOTAL);
		this.jdbc.update("UPDATE orders SET total = price * quantity");
		contract(steps, TOTAL);
		this.jdbc.execute("ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (total)");
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> reopen(steps, TOTAL))
			.withMessageContaining("primary key");
		assertThat(steps.isOver(TOTAL)).isTrue();
	}

	@Test
	void takesAPartitionedTableWithUnusualNamesThrough() {
		this.jdbc.execute("""
				CREATE SCHEMA "My Shop";
				CREATE TABLE "My Shop"."Order" (id bigint, "Price" int NOT NULL) PARTITION BY RANGE (id);
				CREATE TABLE "My Shop".low PARTITION OF "My Shop"."Order" FOR VALUES FROM (0) TO (10);
				CREATE TABLE "My Shop".high PARTITION OF "My Shop"."Order" DEFAULT;
				INSERT INTO "My Shop"."Order" VALUES (1, 1), (11, 2)
				""");
		TableName table = new TableName("My Shop", "Order");
		AddColumn total = ChangeDeclaration.addColumn("\"My Shop\".\"Order\"", "select", "int", "\"Price\" * 2")
			.on(table, List.of("id", "Price"));
		AddColumn kind = ChangeDeclaration.addColumn("\"My Shop\".\"Order\"", "The Kind", "text", "'a'")
			.on(table, List.of("id", "Price"));
		AddColumnSteps steps = steps();
		steps.expand(total);
		steps.expand(kind);
		this.jdbc.execute("INSERT INTO \"My Shop\".\"Order\" VALUES (2, 3)");
		this.jdbc.execute("UPDATE \"My Shop\".\"Order\" SET \"select\" = \"Price\" * 2 WHERE \"select\" IS NULL");
		contract(steps, total);
		contract(steps, kind);
		assertThat(this.jdbc.queryForList("SELECT \"select\" || \"The Kind\" FROM \"My Shop\".\"Order\" ORDER BY 1",
				String.class))
			.containsExactly("2a", "4a", "6a");
		reopen(steps, total);
		reopen(steps, kind);
		assertThat(steps.isOver(total) || steps.isOver(kind)).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "price * quantity", "7" })
	void thePlanIsWhatRuns(String fill) {
		orders();
		AddColumn change = change("total", "numeric(12,2)", fill, null);
		this.jdbc.execute("CREATE SCHEMA expand_contract");
		List<Step> end = steps().plan(change, Phase.STOP_DUAL_WRITE, Phase.CONTRACT);
		List<Step> back = steps().plan(change, Phase.CONTRACT, Phase.STOP_DUAL_WRITE);
		run(steps().plan(change, Phase.EXPAND, Phase.EXPAND));
		assertThat(steps().plan(change, Phase.EXPAND, Phase.EXPAND)).isEmpty();
		steps().check(change);
		this.jdbc.execute("INSERT INTO orders (price, quantity) VALUES (3.5, 2)");
		assertThat(text("SELECT total FROM orders ORDER BY id DESC LIMIT 1")).isEqualTo("7.00");
		this.jdbc.update("UPDATE orders SET total = 1 WHERE total IS NULL");
		assertThat(steps().plan(change, Phase.DUAL_WRITE, Phase.STOP_DUAL_WRITE)).isEmpty();
		assertThat(steps().plan(change, Phase.STOP_DUAL_WRITE, Phase.CONTRACT)).isEqualTo(end);
		run(end);
		assertThat(steps().isOver(change)).isTrue();
		assertThat(belongings()).isEmpty();
		assertThat(steps().plan(change, Phase.CONTRACT, Phase.STOP_DUAL_WRITE)).isEqualTo(back);
		run(back);
		steps().check(change);
		assertThat(steps().isOver(change)).isFalse();
	}

	@Test
	void thePlanKnowsTheEndBeforeTheBeginning() {
		orders();
		assertThat(steps().plan(TOTAL, Phase.EXPAND, Phase.EXPAND)).extracting(Step::sql)
			.anyMatch((sql) -> sql.endsWith("ADD COLUMN \"total\" numeric(12,2)"));
		assertThat(steps().plan(TOTAL, Phase.STOP_DUAL_WRITE, Phase.CONTRACT)).extracting(Step::sql)
			.anyMatch((sql) -> sql.endsWith("NOT VALID"))
			.anyMatch((sql) -> sql.endsWith("SET NOT NULL"));
		assertThat(steps().plan(SHIPPING, Phase.EXPAND, Phase.EXPAND)).extracting(Step::sql)
			.anyMatch((sql) -> sql.endsWith("ADD COLUMN \"shipping_method\" text DEFAULT ('standard') NOT NULL"));
		assertThat(steps().plan(SHIPPING, Phase.STOP_DUAL_WRITE, Phase.CONTRACT)).extracting(Step::sql)
			.noneMatch((sql) -> sql.contains("NOT VALID"));
		assertThat(column("total")).isEqualTo("absent");
	}

	private void run(List<Step> steps) {
		assertThat(steps).isNotEmpty();
		steps.forEach((step) -> this.jdbc
			.execute(step.sql().startsWith("LOCK") ? "BEGIN; " + step.sql() + "; COMMIT" : step.sql()));
	}

	/**
	 * Ends the connection after each statement in turn, as a kill does, and goes on with
	 * whatever that has left.
	 */
	@Test
	void goesOnFromWhereverItWasInterrupted() {
		orders();
		AtomicInteger interruptions = new AtomicInteger();
		AddColumn stamped = change("stamp", "uuid", "md5(note)::uuid", "gen_random_uuid()");
		for (AddColumn change : List.of(TOTAL, SHIPPING, stamped)) {
			interrupted(interruptions, (steps) -> steps.expand(change));
			this.jdbc.update("UPDATE orders SET total = price * quantity");
			interrupted(interruptions, (steps) -> {
				if (change.equals(stamped)) {
					this.jdbc.update("UPDATE orders SET stamp = gen_random_uuid()");
				}
				contract(steps, change);
			});
			assertThat(steps().isOver(change)).isTrue();
			assertThat(column(change.column())).contains("not null");
			assertThat(belongings()).isEmpty();
			interrupted(interruptions, (steps) -> reopen(steps, change));
			assertThat(steps().isOver(change)).isFalse();
			steps().check(change);
			assertThat(column(change.column()).contains("not null")).isEqualTo(change.equals(SHIPPING));
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> steps().contract(change, PATIENCE, (transaction) -> {
					throw new IllegalStateException();
				}));
			interrupted(interruptions, (steps) -> steps.relax(change));
			assertThat(column(change.column()).contains("not null")).isEqualTo(change.equals(SHIPPING));
			contract(steps(), change);
		}
		assertThat(text("SELECT count(*) FROM orders WHERE total = price * quantity AND shipping_method = 'standard'"))
			.isEqualTo("500");
		assertThat(interruptions).hasValueGreaterThan(10);
	}

	private void interrupted(AtomicInteger interruptions, Consumer<AddColumnSteps> work) {
		interruptions.addAndGet(Interrupting.everywhere(this.database.dataSource(),
				(ddl) -> work.accept(new AddColumnSteps(ddl, SyncMode.BOTH)), () -> {
				}));
	}

}
