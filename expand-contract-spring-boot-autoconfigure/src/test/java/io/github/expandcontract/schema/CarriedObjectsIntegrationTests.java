package io.github.expandcontract.schema;

import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ChangeTypeDeclaration;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.ServerVersion;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What hangs on the old column, with all that a column can have hanging on it: the
 * catalog's description before EXPAND is compared, name by name, with that after
 * CONTRACT.
 */
class CarriedObjectsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final TableName TABLE = new TableName("Shop", "order");

	private static final ChangeType TYPE = new ChangeTypeDeclaration("order-price", null, "order", "price", "Price",
			"bigint", "price", "\"Price\"::int", true, "Order.price")
		.on(TABLE);

	private static final RenameColumn RENAME = new RenameColumn("order-price", TABLE, "price", "Price", "Order.price");

	private static final String DESCRIPTION = """
			WITH changing AS (SELECT 'price'::text AS old, 'Price'::text AS new),
			described (what, how) AS (
			  SELECT 'column', concat_ws('|', attnotnull, coalesce(attstattarget, -1), attoptions, attstorage, attcompression,
			    (SELECT string_agg(g::text, ',' ORDER BY g::text) FROM aclexplode(attacl) g), col_description(attrelid, attnum))
			  FROM pg_attribute, changing WHERE attrelid = '"Shop"."order"'::regclass AND attname IN (old, new)
			  UNION ALL SELECT 'default', regexp_replace(pg_get_expr(adbin, adrelid), '\\((\\d+)\\)::bigint', '\\1') FROM pg_attrdef JOIN pg_attribute
			    ON attrelid = adrelid AND attnum = adnum, changing
			  WHERE adrelid = '"Shop"."order"'::regclass AND attname IN (old, new)
			  UNION ALL SELECT 'index', concat_ws('|', pg_get_indexdef(i.indexrelid), indisvalid, indisclustered,
			    indisreplident, indimmediate, spcname, obj_description(i.indexrelid, 'pg_class'),
			    (SELECT string_agg(attnum || '=' || attstattarget, ',' ORDER BY attnum) FROM pg_attribute
			      WHERE attrelid = i.indexrelid AND attstattarget >= 0))
			  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
			  WHERE indrelid = '"Shop"."order"'::regclass
			  UNION ALL SELECT 'constraint', concat_ws('|', conrelid::regclass, conname, pg_get_constraintdef(oid),
			    condeferrable, condeferred, convalidated, conindid::regclass, obj_description(oid, 'pg_constraint'))
			  FROM pg_constraint WHERE '"Shop"."order"'::regclass IN (conrelid, confrelid) AND contype <> 'n'
			  UNION ALL SELECT 'statistics', concat_ws('|', pg_get_statisticsobjdef(oid), stxstattarget,
			    obj_description(oid, 'pg_statistic_ext')) FROM pg_statistic_ext
			  UNION ALL SELECT 'publication', concat_ws('|', pubname, replace(to_jsonb(t) ->> 'attnames', '"', ''), to_jsonb(t) ->> 'rowfilter')
			  FROM pg_publication_tables t
			  UNION ALL SELECT 'identity', relreplident::text FROM pg_class WHERE oid = '"Shop"."order"'::regclass
			  UNION ALL SELECT 'sequence', objid::regclass::text FROM pg_depend JOIN pg_class c ON c.oid = objid AND relkind = 'S'
			    JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid, changing
			  WHERE refobjid = '"Shop"."order"'::regclass AND attname IN (old, new)
			  UNION ALL SELECT 'view', concat_ws('|', c.oid::regclass, reloptions, pg_get_userbyid(relowner),
			    (SELECT string_agg(g::text, ',' ORDER BY g::text) FROM aclexplode(relacl) g),
			    (SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod),
			      col_description(attrelid, attnum)), ',' ORDER BY attnum) FROM pg_attribute
			      WHERE attrelid = c.oid), obj_description(c.oid, 'pg_class'))
			  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'v' AND nspname = 'Shop')
			SELECT what || ': ' || regexp_replace(replace(replace(how, '("Price")::integer', 'price'), '"Price"::integer', 'price'),
			  '"?Price"?', 'price', 'g')
			FROM described ORDER BY 1
			""";

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private ColumnSteps steps(boolean rebuildViews) {
		return new ColumnSteps(new Ddl(this.database.dataSource(), new LockRetry(PATIENCE, 60, Duration.ofMillis(100))),
				SyncMode.BOTH, rebuildViews);
	}

	private void contract(ColumnSteps steps, ColumnChange change) {
		steps.copyIndexes(change);
		steps.prepareContract(change);
		steps.makeUnique(change);
		steps.contract(change, PATIENCE, (transaction) -> {
		});
	}

	private void everything() {
		String clerk = this.database.role("clerk");
		tablespace();
		run("""
				CREATE ROLE %1$s;
				CREATE SCHEMA "Shop";
				CREATE TABLE "Shop".prices (p int PRIMARY KEY, q int, UNIQUE (p, q));
				CREATE TABLE "Shop"."order" (id uuid DEFAULT gen_random_uuid(), part int, name text, q int,
				  price int NOT NULL DEFAULT 100, PRIMARY KEY (id, part));
				CREATE SEQUENCE "Shop".numbers OWNED BY "Shop"."order".price;
				COMMENT ON COLUMN "Shop"."order".price IS 'what it''s worth';
				GRANT SELECT (price), UPDATE (price) ON "Shop"."order" TO %1$s WITH GRANT OPTION;
				ALTER TABLE "Shop"."order" ALTER price SET STATISTICS 321;
				ALTER TABLE "Shop"."order" ALTER price SET (n_distinct = -0.5);
				CREATE INDEX plain ON "Shop"."order" (price DESC NULLS LAST) INCLUDE (name) WITH (fillfactor = 70) TABLESPACE "fast disk";
				CREATE INDEX partly ON "Shop"."order" (name COLLATE "C" text_pattern_ops) TABLESPACE "fast disk" WHERE price > 1000;
				CREATE INDEX computed ON "Shop"."order" ((price / 100), lower(name));
				ALTER INDEX "Shop".computed ALTER COLUMN 1 SET STATISTICS 77;
				CREATE INDEX ranged ON "Shop"."order" USING brin (price) WITH (pages_per_range = 4);
				COMMENT ON INDEX "Shop".computed IS 'in whole';
				ALTER TABLE "Shop"."order" ADD CONSTRAINT once UNIQUE (price) DEFERRABLE INITIALLY DEFERRED;
				ALTER TABLE "Shop"."order" ADD CONSTRAINT twice UNIQUE NULLS NOT DISTINCT (name, price) INCLUDE (q);
				COMMENT ON CONSTRAINT twice ON "Shop"."order" IS 'both of them';
				CREATE UNIQUE INDEX known_by ON "Shop"."order" (price, part);
				CREATE UNIQUE INDEX lone ON "Shop"."order" ((price + 1)) WHERE price < 5;
				ALTER TABLE "Shop"."order" REPLICA IDENTITY USING INDEX known_by;
				ALTER TABLE "Shop"."order" CLUSTER ON plain;
				ALTER TABLE "Shop"."order" ADD CONSTRAINT "not Negative" CHECK (price >= 0 AND name <> 'price') NO INHERIT;
				ALTER TABLE "Shop"."order" ADD CONSTRAINT loose CHECK (price <> 13) NOT VALID;
				COMMENT ON CONSTRAINT loose ON "Shop"."order" IS 'not yet';
				ALTER TABLE "Shop"."order" ADD CONSTRAINT alone EXCLUDE USING btree (price WITH =, name WITH =) WHERE (price > 7);
				ALTER TABLE "Shop"."order" ADD CONSTRAINT listed FOREIGN KEY (price) REFERENCES "Shop".prices ON DELETE RESTRICT;
				ALTER TABLE "Shop"."order" ADD CONSTRAINT paired FOREIGN KEY (price, q) REFERENCES "Shop".prices (p, q)
				  MATCH FULL ON UPDATE CASCADE ON DELETE NO ACTION DEFERRABLE INITIALLY DEFERRED;
				CREATE STATISTICS "Shop"."both Of" (ndistinct, mcv) ON name, price FROM "Shop"."order";
				CREATE STATISTICS "Shop".computing ON (price %% 10), name FROM "Shop"."order";
				ALTER STATISTICS "Shop"."both Of" SET STATISTICS 55;
				COMMENT ON STATISTICS "Shop"."both Of" IS 'together';
				CREATE PUBLICATION news FOR TABLE "Shop"."order" (id, part, price) WHERE (part > 0) WITH (publish = 'insert');
				INSERT INTO "Shop".prices SELECT n, n FROM generate_series(1, 100) n;
				INSERT INTO "Shop"."order" (part, name, q, price) SELECT n, 'n' || n, n, n FROM generate_series(1, 12) n;
				"""
			.formatted(clerk));
	}

	/**
	 * Leaves out what PostgreSQL 14 does not have yet.
	 */
	private void run(String sql) {
		this.jdbc.execute(ServerVersion.since(15, this.jdbc, sql,
				sql.replace(" NULLS NOT DISTINCT", "")
					.replace(" (id, part, price) WHERE (part > 0)", "")
					.replace(" SET NULL (a)", " SET NULL")));
	}

	/**
	 * Belongs to the server and outlives the database of a test.
	 */
	private void tablespace() {
		this.jdbc.execute((ConnectionCallback<Object>) (connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.execute("SET allow_in_place_tablespaces = on");
				if (!statement.executeQuery("SELECT 1 FROM pg_tablespace WHERE spcname = 'fast disk'").next()) {
					statement.execute("CREATE TABLESPACE \"fast disk\" LOCATION ''");
				}
			}
			return null;
		});
	}

	private List<String> description() {
		return this.jdbc.queryForList(DESCRIPTION, String.class);
	}

	@Test
	void newHasAllThatOldHadNameByName() {
		everything();
		List<String> before = description();
		assertThat(before).hasSizeGreaterThan(20);
		ColumnSteps steps = steps(false);
		steps.expand(TYPE);
		this.jdbc.execute("UPDATE \"Shop\".\"order\" SET \"Price\" = price");
		assertThat(steps.dependents(TYPE)).noneMatch(Dependent::blocking);
		contract(steps, TYPE);
		assertThat(steps.inspect(TYPE)).isEqualTo(Situation.NEW_ONLY);
		assertThat(description()).containsExactlyElementsOf(before);
		assertThatExceptionOfType(UnsupportedChangeException.class)
			.isThrownBy(() -> steps.reopen(TYPE, PATIENCE, (tx) -> {
			}))
			.withMessageContaining("unique");
	}

	@Test
	void theOriginalKeepsAllThatItHadNameByName() {
		everything();
		run("""
				ALTER TABLE "Shop"."order" ADD CONSTRAINT anchor UNIQUE (price, q);
				ALTER TABLE "Shop"."order" ADD CONSTRAINT one UNIQUE (q);
				CREATE TABLE "Shop".bills (a int, b int, CONSTRAINT billed FOREIGN KEY (a, b)
				  REFERENCES "Shop"."order" (price, q) ON DELETE SET NULL (a) DEFERRABLE INITIALLY DEFERRED);
				ALTER TABLE "Shop"."order" ALTER price SET DEFAULT nextval('"Shop".numbers');
				CREATE VIEW "Shop".shown WITH (security_barrier = true) AS SELECT price FROM "Shop"."order"
				""");
		List<String> before = description();
		ColumnSteps steps = steps(false);
		steps.expand(RENAME);
		for (int round = 0; round < 2; round++) {
			contract(steps, RENAME);
			assertThat(steps.inspect(RENAME)).isEqualTo(Situation.NEW_ONLY);
			assertThat(description()).containsExactlyElementsOf(before);
			steps.reopen(RENAME, PATIENCE, (transaction) -> {
			});
			assertThat(description()).containsAll(before);
		}
	}

	@Test
	void rowsThatWouldBeTheSameAreNamedBeforeAnythingIsTouchedAndAgainBeforeContract() {
		this.jdbc.execute(
				"""
						CREATE SCHEMA "Shop";
						CREATE TABLE "Shop"."order" (id int, part text, price text CONSTRAINT once UNIQUE, PRIMARY KEY (id, part));
						INSERT INTO "Shop"."order" VALUES (1, 'a', '7'), (2, 'b', '07'), (3, 'c', NULL), (4, 'd', NULL)
						""");
		ChangeType change = new ChangeTypeDeclaration("order-price", null, "order", "price", "Price", "bigint",
				"price::bigint", "\"Price\"::text", false, "Order.price")
			.on(TABLE);
		ColumnSteps steps = steps(false);
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps.expand(change))
			.withMessageContaining("once")
			.withMessageContaining("the value (7) in 2 rows, among them id=1, part=a and id=2, part=b");
		assertThat(steps.inspect(change)).isEqualTo(Situation.OLD_ONLY);
		assertThat(this.jdbc.queryForList("SELECT 1 FROM pg_namespace WHERE nspname = 'expand_contract'")).isEmpty();
		this.jdbc.execute("DELETE FROM \"Shop\".\"order\" WHERE id = 2");
		steps.expand(change);
		this.jdbc.execute("UPDATE \"Shop\".\"order\" SET \"Price\" = price::bigint");
		this.jdbc.execute("INSERT INTO \"Shop\".\"order\" VALUES (5, 'e', '007')");
		steps.copyIndexes(change);
		steps.prepareContract(change);
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps.makeUnique(change))
			.withMessageContaining("id=1, part=a and id=5, part=e");
		this.jdbc.execute("INSERT INTO \"Shop\".\"order\" VALUES (6, 'f', '0007')");
		this.jdbc.execute("DELETE FROM \"Shop\".\"order\" WHERE id > 4");
		assertThat(steps.makeUnique(change)).isTrue();
		assertThat(steps.makeUnique(change)).isFalse();
		steps.takeBackUnique(change);
		this.jdbc.execute("INSERT INTO \"Shop\".\"order\" VALUES (5, 'e', '007')");
		assertThatExceptionOfType(UnsupportedChangeException.class)
			.isThrownBy(() -> steps.contract(change, PATIENCE, (transaction) -> {
			}))
			.withMessageContaining("once");
		this.jdbc.execute("DELETE FROM \"Shop\".\"order\" WHERE id > 4");
		contract(steps, change);
		assertThat(this.jdbc.queryForObject("""
				SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'once'""", String.class))
			.isEqualTo("UNIQUE (\"Price\")");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			CHECK (price <> 105);                                ALTER TABLE "Shop"."order" DROP CONSTRAINT rule;  id=1
			FOREIGN KEY (price) REFERENCES "Shop".prices (p);    INSERT INTO "Shop".prices VALUES (10);            id=1
			""")
	void rowsThatAConstraintWouldRefuseAreNamedBeforeAnythingIsTouched(String rule, String mend, String row) {
		this.jdbc.execute("""
				CREATE SCHEMA "Shop";
				CREATE TABLE "Shop".prices (p int PRIMARY KEY);
				INSERT INTO "Shop".prices VALUES (100), (107);
				CREATE TABLE "Shop"."order" (id int PRIMARY KEY, price int);
				INSERT INTO "Shop"."order" VALUES (1, 107), (2, NULL)
				""");
		this.jdbc.execute("ALTER TABLE \"Shop\".\"order\" ADD CONSTRAINT rule " + rule);
		ChangeType change = new ChangeTypeDeclaration("order-price", null, "order", "price", "Price", "bigint",
				"price / 10", "(\"Price\" * 10 + 5)::int", false, "Order.price")
			.on(TABLE);
		ColumnSteps steps = steps(false);
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps.expand(change))
			.withMessageContaining("\"rule\"")
			.withMessageContaining(row);
		assertThat(steps.inspect(change)).isEqualTo(Situation.OLD_ONLY);
		this.jdbc.execute(mend);
		steps.expand(change);
	}

	@Test
	void aRowThatViolatesTheCopyStopsContractAndTheCopyIsTakenBack() {
		this.jdbc.execute("""
				CREATE SCHEMA "Shop";
				CREATE TABLE "Shop"."order" (id int PRIMARY KEY, price int CONSTRAINT rule CHECK (price <> 105))
				""");
		ChangeType change = new ChangeTypeDeclaration("order-price", null, "order", "price", "Price", "bigint",
				"price / 10", "(\"Price\" * 10 + 5)::int", false, "Order.price")
			.on(TABLE);
		ColumnSteps steps = steps(false);
		steps.expand(change);
		this.jdbc.execute("INSERT INTO \"Shop\".\"order\" VALUES (1, 107)");
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps.prepareContract(change))
			.withMessageContaining("\"rule\"")
			.withMessageContaining("id=1");
		this.jdbc.execute("INSERT INTO \"Shop\".\"order\" VALUES (2, 108)");
		this.jdbc.execute("DELETE FROM \"Shop\".\"order\"");
		contract(steps, change);
		assertThat(steps.inspect(change)).isEqualTo(Situation.NEW_ONLY);
	}

	@Test
	void goesForwardAndBackAndForwardAgainWithWhatNewWasGiven() {
		this.jdbc.execute("""
				CREATE SCHEMA "Shop";
				CREATE TABLE "Shop".prices (p int PRIMARY KEY);
				CREATE TABLE "Shop"."order" (id int PRIMARY KEY, name text, price int NOT NULL DEFAULT 3
				  CONSTRAINT listed REFERENCES "Shop".prices CONSTRAINT positive CHECK (price > 0));
				CREATE INDEX computed ON "Shop"."order" ((price / 10)) WHERE price > 5;
				CREATE STATISTICS "Shop".both_of ON name, price FROM "Shop"."order";
				INSERT INTO "Shop".prices VALUES (1), (2), (3);
				INSERT INTO "Shop"."order" VALUES (1, 'a', 1)
				""");
		List<String> before = description();
		ColumnSteps steps = steps(false);
		steps.expand(TYPE);
		this.jdbc.execute("UPDATE \"Shop\".\"order\" SET \"Price\" = price");
		for (int round = 0; round < 2; round++) {
			contract(steps, TYPE);
			assertThat(description()).containsExactlyElementsOf(before);
			steps.reopen(TYPE, PATIENCE, (transaction) -> {
			});
			assertThatExceptionOfType(DataAccessException.class).as("still enforced, by way of new")
				.isThrownBy(() -> this.jdbc.execute("INSERT INTO \"Shop\".\"order\" (id, price) VALUES (9, -1)"))
				.withMessageContaining("positive");
			this.jdbc.execute("UPDATE \"Shop\".\"order\" SET price = \"Price\"::int");
			steps.restoreOld(TYPE);
			assertThat(steps.isRefilling(TYPE)).isFalse();
			steps.check(TYPE);
		}
	}

	@Test
	void viewsAreBuiltAgainWhenAskedForAndElseBlock() {
		everything();
		String clerk = this.database.role("clerk");
		this.jdbc.execute("""
				CREATE VIEW "Shop".cheap WITH (security_barrier = true, check_option = local) AS
				  SELECT price, name AS "Price" FROM "Shop"."order" WHERE price < 10;
				CREATE VIEW "Shop".joined AS SELECT o.id, o.price + 1 AS more, p.q AS price, x.price AS again
				  FROM "Shop"."order" o JOIN "Shop".prices p ON p.p = o.price JOIN "Shop"."order" x ON x.id = o.id
				  WHERE EXISTS (SELECT FROM "Shop"."order" WHERE "order".price = o.price);
				CREATE VIEW "Shop".above AS SELECT c.price, j.again FROM "Shop".cheap c, "Shop".joined j;
				COMMENT ON VIEW "Shop".cheap IS 'what is cheap';
				COMMENT ON COLUMN "Shop".cheap.price IS 'the price';
				ALTER VIEW "Shop".cheap ALTER price SET DEFAULT 4;
				GRANT SELECT ON "Shop".cheap TO %1$s WITH GRANT OPTION;
				GRANT SELECT ON "Shop".joined TO %1$s;
				GRANT USAGE ON SCHEMA "Shop" TO %1$s;
				ALTER VIEW "Shop".above OWNER TO %1$s
				""".formatted(clerk));
		List<String> before = description();
		List<String> rows = this.jdbc.queryForList("SELECT t::text FROM \"Shop\".joined t ORDER BY 1", String.class);
		ColumnSteps steps = steps(true);
		steps.expand(TYPE);
		this.jdbc.execute("UPDATE \"Shop\".\"order\" SET \"Price\" = price");
		assertThat(steps.dependents(TYPE)).noneMatch(Dependent::blocking);
		assertThat(steps(false).dependents(TYPE)).filteredOn(Dependent::blocking)
			.extracting(Dependent::identity)
			.containsExactly("\"Shop\".cheap", "\"Shop\".joined");
		contract(steps, TYPE);
		assertThat(description()).containsExactlyElementsOf(before);
		assertThat(this.jdbc.queryForList("SELECT t::text FROM \"Shop\".joined t ORDER BY 1", String.class)).hasSize(12)
			.isEqualTo(rows);
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM \"Shop\".above", Integer.class)).isPositive();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					CREATE MATERIALIZED VIEW "Shop".seen AS SELECT price FROM "Shop"."order";                    materialized
					CREATE VIEW "Shop".seen AS SELECT a, c FROM "Shop"."order" AS o (a, b, c);                   alias
					CREATE VIEW "Shop".seen AS SELECT name, price FROM "Shop"."order" JOIN "Shop".p USING (price); USING
					CREATE VIEW "Shop".seen AS SELECT name, price FROM "Shop"."order" ~ CREATE RULE r AS ON INSERT TO "Shop".seen DO INSTEAD NOTHING; rules
					""")
	void aViewThatCannotBeBuiltAgainIsRefusedBeforeAnythingIsTouched(String sql, String reason) {
		this.jdbc.execute("""
				CREATE SCHEMA "Shop"; CREATE TABLE "Shop".p (price int);
				CREATE TABLE "Shop"."order" (id int PRIMARY KEY, name text, price int)
				""");
		this.jdbc.execute(sql.replace("~", ";"));
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps(true).expand(TYPE))
			.withMessageContaining("seen")
			.withMessageContaining(reason);
		steps(false).expand(TYPE);
		assertThat(steps(false).dependents(TYPE)).filteredOn(Dependent::blocking)
			.anySatisfy((dependent) -> assertThat(dependent.identity()).contains("seen"));
	}

	@Test
	void aViewThatSomebodyElseNeedsKeepsEverythingAsItWas() {
		this.jdbc.execute("""
				CREATE SCHEMA "Shop"; CREATE TABLE "Shop"."order" (id int PRIMARY KEY, name text, price int);
				CREATE VIEW "Shop".seen AS SELECT name, price FROM "Shop"."order"
				""");
		ColumnSteps steps = steps(true);
		steps.expand(TYPE);
		this.jdbc.execute("CREATE FUNCTION show() RETURNS SETOF \"Shop\".seen LANGUAGE sql AS 'SELECT NULL, 1'");
		assertThatExceptionOfType(DependentObjectException.class).isThrownBy(() -> contract(steps, TYPE))
			.withMessageContaining("show()");
		assertThat(steps.hasTrigger(TYPE)).isTrue();
		assertThat(this.jdbc.queryForList("SELECT * FROM \"Shop\".seen")).isEmpty();
	}

	@Test
	void anExclusionIsNotBuiltUnderALockWhereThereIsMuchToRead() {
		this.jdbc.execute("""
				CREATE SCHEMA "Shop"; CREATE TABLE "Shop"."order" (id int PRIMARY KEY, name text, price int);
				ALTER TABLE "Shop"."order" ALTER name SET STORAGE PLAIN;
				INSERT INTO "Shop"."order" SELECT n, repeat('x', 7000), n FROM generate_series(1, 8300) n;
				ALTER TABLE "Shop"."order" ADD CONSTRAINT alone EXCLUDE USING btree (price WITH =)
				""");
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps(false).expand(TYPE))
			.withMessageContaining("alone")
			.withMessageContaining("64 MB");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					int[];        {1,2};             text[];       price::text[];                  "Price"::int[]
					mood;         glad;              int;          CASE price WHEN 'glad' THEN 1 WHEN 'sad' THEN 2 END; CASE "Price" WHEN 1 THEN 'glad'::mood WHEN 2 THEN 'sad'::mood END
					int;          1;                 mood;         CASE price WHEN 1 THEN 'glad'::mood WHEN 2 THEN 'sad'::mood END; CASE "Price" WHEN 'glad' THEN 1 WHEN 'sad' THEN 2 END
					int4range;    [1,3);             int8range;    CASE WHEN price IS NOT NULL THEN int8range(lower(price), upper(price)) END; CASE WHEN "Price" IS NOT NULL THEN int4range(lower("Price")::int, upper("Price")::int) END
					uuid;         8c1d9a2e-0000-4000-8000-000000000001; text; price::text;         "Price"::uuid
					positive;     7;                 bigint;       price::bigint;                  "Price"::int::positive
					varchar(20);  abc;               text;         price::text;                    "Price"::varchar(20)
					""")
	void takesValuesOfAnyTypeThrough(String from, String value, String to, String up, String down) {
		this.jdbc.execute(
				"""
						CREATE SCHEMA "Shop"; CREATE TYPE mood AS ENUM ('glad', 'sad');
						CREATE DOMAIN positive AS int CHECK (VALUE > 0);
						CREATE TABLE "Shop"."order" (id int GENERATED ALWAYS AS IDENTITY, name text, price %s CONSTRAINT once UNIQUE);
						CREATE INDEX partly ON "Shop"."order" (name) WHERE price IS NOT NULL
						"""
					.formatted(from));
		this.jdbc.update("INSERT INTO \"Shop\".\"order\" (price) VALUES (CAST(? AS " + from + "))", value);
		ChangeType change = new ChangeTypeDeclaration("order-price", null, "order", "price", "Price", to, up, down,
				true, "Order.price")
			.on(TABLE);
		ColumnSteps steps = steps(false);
		steps.expand(change);
		this.jdbc.execute("UPDATE \"Shop\".\"order\" SET \"Price\" = " + change.up("price"));
		contract(steps, change);
		assertThat(this.jdbc.queryForList("""
				SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = '"Shop"."order"'::regclass ORDER BY 1
				""", String.class)).hasSize(2).allSatisfy((index) -> assertThat(index).contains("\"Price\""));
		assertThat(this.jdbc.queryForList("SELECT \"Price\"::text FROM \"Shop\".\"order\"", String.class)).hasSize(1);
	}

	@Test
	void namesAtTheLimitAndTablesWithoutAKeyAreTaken() {
		String oldColumn = "ö".repeat(31) + "x";
		String newColumn = "ü".repeat(31) + "x";
		String rule = "select " + "r".repeat(56);
		ChangeType change = new ChangeTypeDeclaration("limit", null, "order", oldColumn, newColumn, "bigint",
				'"' + oldColumn + '"', '"' + newColumn + "\"::int", true, "Order.price")
			.on(TABLE);
		this.jdbc.execute("""
				CREATE SCHEMA "Shop"; CREATE TABLE "Shop"."order" ("%1$s" int);
				ALTER TABLE "Shop"."order" ADD CONSTRAINT "%2$s" CHECK ("%1$s" > 0);
				ALTER TABLE "Shop"."order" ADD CONSTRAINT "u%2$s" UNIQUE ("%1$s");
				INSERT INTO "Shop"."order" VALUES (1)
				""".formatted(oldColumn, rule));
		ColumnSteps steps = steps(false);
		steps.expand(change);
		this.jdbc.execute("UPDATE \"Shop\".\"order\" SET \"" + newColumn + "\" = \"" + oldColumn + "\"");
		contract(steps, change);
		assertThat(this.jdbc.queryForList("""
				SELECT conname FROM pg_constraint WHERE conrelid = '"Shop"."order"'::regclass ORDER BY 1
				""", String.class)).containsExactly(rule, ("u" + rule).substring(0, 63));
	}

	@Test
	void aPartitionedTablesChecksAreCarriedAndItsUniqueIndexIsRefused() {
		this.jdbc.execute(
				"""
						CREATE SCHEMA "Shop";
						CREATE TABLE "Shop"."order" (id int, price int CONSTRAINT positive CHECK (price > 0)) PARTITION BY RANGE (id);
						CREATE TABLE "Shop".order_1 PARTITION OF "Shop"."order" FOR VALUES FROM (0) TO (10);
						CREATE TABLE "Shop".order_2 PARTITION OF "Shop"."order" DEFAULT;
						CREATE INDEX partly ON "Shop"."order" (id) WHERE price > 5;
						INSERT INTO "Shop"."order" VALUES (1, 1), (11, 7)
						""");
		ColumnSteps steps = steps(false);
		this.jdbc.execute("ALTER TABLE \"Shop\".\"order\" ADD CONSTRAINT once UNIQUE (id, price)");
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps.expand(TYPE))
			.withMessageContaining("partitioned");
		this.jdbc.execute("ALTER TABLE \"Shop\".\"order\" DROP CONSTRAINT once");
		List<String> before = description();
		steps.expand(TYPE);
		this.jdbc.execute("UPDATE \"Shop\".\"order\" SET \"Price\" = price");
		contract(steps, TYPE);
		assertThat(description()).containsExactlyElementsOf(before);
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> this.jdbc.execute("INSERT INTO \"Shop\".order_2 VALUES (20, -1)"))
			.withMessageContaining("positive");
	}

}
