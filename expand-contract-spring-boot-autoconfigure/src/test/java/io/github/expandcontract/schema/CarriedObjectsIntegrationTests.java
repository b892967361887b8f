package io.github.expandcontract.schema;

import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

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
			  UNION ALL SELECT 'default', pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute
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
			  UNION ALL SELECT 'publication', concat_ws('|', pubname, to_jsonb(t) ->> 'attnames', to_jsonb(t) ->> 'rowfilter')
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
			SELECT what || ': ' || regexp_replace(regexp_replace(replace(how, '("Price")::integer', 'price'), '"Price"', 'price', 'g'),
			  'Price', 'price', 'g')
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
		String clerk = "carry_clerk_" + ProcessHandle.current().pid();
		tablespace();
		for (String sql : """
				DO $$ BEGIN CREATE ROLE %1$s; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
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
			.formatted(clerk)
			.split(";\n")) {
			if (!sql.isBlank()) {
				this.jdbc.execute(sql);
			}
		}
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
		this.jdbc.execute("""
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

}
