package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.ServerVersion;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The steps of a split, on people whose names were one text, and of a merge.
 */
class ReshapeStepsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final TableName PEOPLE = new TableName("public", "people");

	private static final String FULL = "nullif(concat_ws(' ', first_name, last_name), '')";

	private static final String FIRST = "split_part(full_name, ' ', 1)";

	private static final String LAST = "substr(full_name, nullif(strpos(full_name, ' '), 0) + 1)";

	private static final ReshapeColumns SPLIT = split("text", FIRST, FULL);

	private static final ReshapeColumns MERGE = ChangeDeclaration.reshape("people")
		.from("first_name", FIRST)
		.from("last_name", LAST)
		.into("full_name", "text", FULL)
		.build()
		.on(PEOPLE);

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private static ReshapeColumns split(String type, String up, String down) {
		return ChangeDeclaration.reshape("people")
			.from("full_name", down)
			.into("first_name", type, up)
			.into("last_name", "text", LAST)
			.build()
			.on(PEOPLE);
	}

	private ReshapeSteps steps() {
		return new ReshapeSteps(
				new Ddl(this.database.dataSource(), new LockRetry(PATIENCE, 60, Duration.ofMillis(100))),
				SyncMode.BOTH);
	}

	private void people() {
		this.jdbc.execute(
				"""
						CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, full_name text NOT NULL, age int);
						COMMENT ON COLUMN people.full_name IS 'as in the passport';
						INSERT INTO people (full_name) VALUES ('Ann Smith')
						""");
	}

	private void contract(ReshapeSteps steps, ReshapeColumns change) {
		steps.contract(change, PATIENCE, (transaction) -> {
		});
	}

	private void reopen(ReshapeSteps steps, ReshapeColumns change) {
		steps.reopen(change, PATIENCE, (transaction) -> {
		});
	}

	private String columns() {
		return this.jdbc.queryForObject("""
				SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod)
				  || CASE WHEN attnotnull THEN '!' ELSE '' END, ', ' ORDER BY attname)
				FROM pg_attribute WHERE attrelid = 'people'::regclass AND attnum > 0 AND NOT attisdropped
				AND attname LIKE '%name'
				""", String.class);
	}

	private void refused(ReshapeColumns change, String reason) {
		String before = columns();
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps().expand(change))
			.satisfies((ex) -> assertThat(ex.getMessage() + ex.getAction()).contains(reason));
		assertThat(columns()).isEqualTo(before);
		assertThat(this.jdbc.queryForList("SELECT 1 FROM pg_namespace WHERE nspname = 'expand_contract'")).isEmpty();
	}

	@Test
	void goesThereAndBackAndThereAgain() {
		people();
		ReshapeSteps steps = steps();
		steps.expand(SPLIT);
		steps.expand(SPLIT);
		assertThat(columns()).isEqualTo("first_name text, full_name text!, last_name text");
		this.jdbc.execute("INSERT INTO people (first_name, last_name) VALUES ('Mary Ann', 'Jones')");
		this.jdbc.execute("UPDATE people SET first_name = 'Ann', last_name = 'Smith' WHERE first_name IS NULL");
		for (int round = 0; round < 2; round++) {
			contract(steps, SPLIT);
			contract(steps, SPLIT);
			assertThat(columns()).isEqualTo("first_name text, last_name text");
			assertThat(this.jdbc.queryForList("SELECT tgname FROM pg_trigger WHERE tgrelid = 'people'::regclass"))
				.isEmpty();
			assertThat(comment("first_name")).isNull();
			steps.check(SPLIT);
			reopen(steps, SPLIT);
			reopen(steps, SPLIT);
			assertThat(columns()).isEqualTo("first_name text, full_name text, last_name text");
			assertThat(steps.isRefilling(SPLIT)).isTrue();
			this.jdbc.execute("UPDATE people SET full_name = concat_ws(' ', first_name, last_name)");
			steps.restoreOld(SPLIT);
			assertThat(steps.isRefilling(SPLIT)).isFalse();
			assertThat(columns()).isEqualTo("first_name text, full_name text!, last_name text");
			steps.expand(SPLIT);
		}
		assertThat(this.jdbc.queryForList("SELECT full_name FROM people ORDER BY 1", String.class))
			.containsExactly("Ann Smith", "Mary Ann Jones");
	}

	private String comment(String column) {
		return this.jdbc.queryForObject("""
				SELECT col_description(attrelid, attnum) FROM pg_attribute
				WHERE attrelid = 'people'::regclass AND attname = ?
				""", String.class, column);
	}

	@Test
	void mergesAndBack() {
		this.jdbc.execute("""
				CREATE TABLE people (id int PRIMARY KEY, first_name varchar(20) NOT NULL, last_name text);
				INSERT INTO people VALUES (1, 'Ann', 'Smith')
				""");
		ReshapeColumns change = ChangeDeclaration.reshape("people")
			.from("first_name", "CAST(" + FIRST + " AS varchar)")
			.from("last_name", LAST)
			.into("full_name", "text", FULL)
			.build()
			.on(PEOPLE);
		ReshapeSteps steps = steps();
		steps.expand(change);
		this.jdbc.execute("UPDATE people SET last_name = 'Brown'");
		contract(steps, change);
		assertThat(columns()).isEqualTo("full_name text");
		reopen(steps, change);
		assertThat(columns()).isEqualTo("first_name character varying(20), full_name text, last_name text");
		this.jdbc.execute("UPDATE people SET full_name = full_name || '!'");
		steps.restoreOld(change);
		assertThat(columns()).isEqualTo("first_name character varying(20)!, full_name text, last_name text");
		assertThat(this.jdbc.queryForObject("SELECT first_name || '|' || last_name FROM people", String.class))
			.isEqualTo("Ann|Brown!");
	}

	@Test
	void whoMayUseTheOldColumnsMayUseTheNewOnes() {
		people();
		String role = this.database.role("clerk");
		this.jdbc
			.execute("CREATE ROLE " + role + "; GRANT SELECT (full_name), UPDATE (full_name) ON people TO " + role);
		ReshapeSteps steps = steps();
		steps.expand(SPLIT);
		assertThat(grants(role)).isEqualTo("first_name SELECT, first_name UPDATE, full_name SELECT, full_name UPDATE, "
				+ "last_name SELECT, last_name UPDATE");
		contract(steps, SPLIT);
		reopen(steps, SPLIT);
		assertThat(grants(role)).contains("full_name UPDATE");
	}

	private String grants(String role) {
		return this.jdbc.queryForObject("""
				SELECT string_agg(column_name || ' ' || privilege_type, ', ' ORDER BY 1)
				FROM (SELECT column_name::text, privilege_type::text FROM information_schema.column_privileges
				  WHERE grantee = ? AND table_name = 'people' ORDER BY 1, 2) g
				""", String.class, role);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					text;        split_part(full_name, ' ', 1) || age;     nullif(concat_ws(' ', first_name, last_name), '');   age
					text;        full_name || random();                    nullif(concat_ws(' ', first_name, last_name), '');   immutable
					text;        max(full_name);                           nullif(concat_ws(' ', first_name, last_name), '');   aggregate
					nonsense;    full_name;                                nullif(concat_ws(' ', first_name, last_name), '');   nonsense
					varchar(5);  full_name;                                nullif(concat_ws(' ', first_name, last_name), '');   cut off
					domain_name; full_name;                                nullif(concat_ws(' ', first_name, last_name), '');   domain
					json;        to_json(full_name);                       first_name::text || last_name;                       equality
					text;        split_part(full_name, ' ', 1);            concat_ws(' ', first_name, last_name);               NULL
					text;        coalesce(full_name, '?');                 nullif(concat_ws(' ', first_name, last_name), '');   NULL
					text;        full_name;                                CAST(first_name || last_name AS varchar);            CAST(… AS text)
					text;        full_name;                                concat(first_name, last_name, current_date);         concat
					text;        nosuch(full_name);                        nullif(concat_ws(' ', first_name, last_name), '');   nosuch
					""")
	void refusesWhatCannotBeConvertedForCertain(String type, String up, String down, String reason) {
		people();
		this.jdbc.execute("CREATE DOMAIN domain_name AS text CHECK (VALUE <> '')");
		refused(split(type, up, down), reason);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					ALTER TABLE people RENAME full_name TO fullname;                                            Did you mean "fullname"?
					ALTER TABLE people ADD first_name text;                                                     exists already
					ALTER TABLE people ALTER full_name SET DEFAULT 'none';                                      default
					ALTER TABLE people DROP CONSTRAINT people_pkey, ADD PRIMARY KEY (full_name);                primary key
					ALTER TABLE people DROP full_name, ADD full_name text GENERATED ALWAYS AS ('x') STORED;     generated
					ALTER TABLE people RENAME TO persons ~ CREATE VIEW people AS SELECT id, full_name, age FROM persons;  not a table but a view
					""")
	void refusesATableOnWhichItCannotBeMade(String sql, String reason) {
		people();
		this.jdbc.execute(sql.replace("~", ";"));
		refused(SPLIT, reason);
	}

	@Test
	void refusesNamesThatAreNone() {
		people();
		refused(ChangeDeclaration.reshape("people")
			.from("full_name", "xmin || b")
			.into("xmin", "text", FIRST)
			.into("b", "text", LAST)
			.build()
			.on(PEOPLE), "system column");
	}

	@Test
	void refusesToBeWithoutATrigger() {
		people();
		ReshapeSteps application = new ReshapeSteps(
				new Ddl(this.database.dataSource(), new LockRetry(PATIENCE, 60, Duration.ofMillis(100))),
				SyncMode.APPLICATION);
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> application.check(SPLIT))
			.withMessageContaining("sync 'application'");
		new ReshapeSteps(new Ddl(this.database.dataSource(), new LockRetry(PATIENCE, 60, Duration.ofMillis(100))),
				SyncMode.TRIGGER)
			.check(SPLIT);
	}

	@Test
	void refusesOtherExpressionsThanThoseThatItIsUnderWayWith() {
		people();
		steps().expand(SPLIT);
		assertThatExceptionOfType(UnsupportedChangeException.class)
			.isThrownBy(() -> steps().check(split("text", "left(full_name, 3)", FULL)))
			.withMessageContaining("other expressions");
		this.jdbc.execute("ALTER TABLE people DROP last_name CASCADE");
		assertThatExceptionOfType(UnknownColumnException.class).isThrownBy(() -> steps().check(SPLIT))
			.withMessageContaining("\"last_name\" is missing");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			CREATE INDEX by_name ON people (full_name);                                                  by_name
			CREATE INDEX by_age ON people (age) WHERE full_name <> '';                                   by_age
			ALTER TABLE people ADD CONSTRAINT once UNIQUE (full_name);                                   once
			ALTER TABLE people ADD CONSTRAINT named CHECK (full_name <> '');                             named
			CREATE VIEW names AS SELECT full_name FROM people;                                           names
			CREATE STATISTICS both_of_them ON age, full_name FROM people;                                both_of_them
			CREATE POLICY seen ON people USING (full_name <> '');                                        seen
			ALTER TABLE people ADD loud text GENERATED ALWAYS AS (upper(full_name)) STORED;              loud
			CREATE PUBLICATION news FOR TABLE people (id, full_name);                                    news
			""")
	void listsWhatWouldBeLostAndKeepsContractFromLosingIt(String sql, String name) {
		if (sql.contains("PUBLICATION")) {
			ServerVersion.assume(15, this.jdbc, "the column list of a publication");
		}
		people();
		this.jdbc.execute(sql);
		ReshapeSteps steps = steps();
		steps.expand(SPLIT);
		assertThat(steps.dependents(SPLIT)).filteredOn(Dependent::blocking)
			.anyMatch((dependent) -> (dependent.identity() + dependent.definition()).contains(name));
		String before = columns();
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> contract(steps, SPLIT))
			.withMessageContaining(name);
		assertThat(columns()).isEqualTo(before);
	}

	@Test
	void saysWhatGoesWithTheOldColumn() {
		people();
		steps().expand(SPLIT);
		assertThat(steps().dependents(SPLIT)).filteredOn((dependent) -> !dependent.blocking())
			.extracting(Dependent::kind)
			.contains("not null", "comment");
		assertThat(steps().dependents(SPLIT)).noneMatch(Dependent::blocking);
	}

	@Test
	void theWayBackIsClosedWhileANewColumnHasADefault() {
		people();
		ReshapeSteps steps = steps();
		steps.expand(SPLIT);
		contract(steps, SPLIT);
		this.jdbc.execute("ALTER TABLE people ALTER last_name SET DEFAULT ''");
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> reopen(steps, SPLIT))
			.withMessageContaining("last_name")
			.withMessageContaining("default");
		assertThat(steps.inspect(SPLIT)).isEqualTo(Situation.NEW_ONLY);
	}

	@Test
	void theWayBackIsOpenForATableThatWasMadeWithNewAlone() {
		this.jdbc.execute("CREATE TABLE people (id bigserial PRIMARY KEY, full_name text)");
		ReshapeSteps steps = steps();
		steps.expand(MERGE);
		reopen(steps, MERGE);
		this.jdbc.execute("INSERT INTO people (full_name) VALUES ('Ann Smith')");
		assertThat(this.jdbc.queryForObject("SELECT first_name || '|' || last_name FROM people", String.class))
			.isEqualTo("Ann|Smith");
	}

	@Test
	void takesAPartitionedTableWithQuotedNamesThrough() {
		this.jdbc.execute("""
				CREATE SCHEMA crm;
				CREATE TABLE crm."People" (id bigint, "Full ""Name" text) PARTITION BY RANGE (id);
				CREATE TABLE crm.one PARTITION OF crm."People" FOR VALUES FROM (0) TO (10);
				CREATE TABLE crm.two PARTITION OF crm."People" DEFAULT;
				INSERT INTO crm."People" VALUES (1, 'Ann Smith')
				""");
		ReshapeColumns change = ChangeDeclaration.reshape("crm.\"People\"")
			.from("Full \"Name", "nullif(concat_ws(' ', \"first\", \"order\"), '')")
			.into("first", "text", "split_part(\"Full \"\"Name\", ' ', 1)")
			.into("order", "text", "nullif(split_part(\"Full \"\"Name\", ' ', 2), '')")
			.build()
			.on(new TableName("crm", "People"));
		ReshapeSteps steps = steps();
		steps.expand(change);
		this.jdbc.execute("UPDATE crm.\"People\" SET \"order\" = 'Jones'");
		this.jdbc.execute("INSERT INTO crm.\"People\" (id, \"first\", \"order\") VALUES (11, 'Bob', 'Brown')");
		assertThat(this.jdbc.queryForList("SELECT \"Full \"\"Name\" FROM crm.\"People\" ORDER BY id", String.class))
			.containsExactly("Ann Jones", "Bob Brown");
		contract(steps, change);
		reopen(steps, change);
		assertThat(steps.isRefilling(change)).isTrue();
	}

	@Test
	void thePlanIsWhatRuns() {
		people();
		this.jdbc.execute("CREATE SCHEMA expand_contract");
		List<Step> end = steps().plan(SPLIT, Phase.STOP_DUAL_WRITE, Phase.CONTRACT);
		List<Step> back = steps().plan(SPLIT, Phase.CONTRACT, Phase.STOP_DUAL_WRITE);
		run(steps().plan(SPLIT, Phase.EXPAND, Phase.EXPAND));
		assertThat(steps().inspect(SPLIT)).isEqualTo(Situation.BOTH);
		assertThat(steps().plan(SPLIT, Phase.EXPAND, Phase.EXPAND)).isEmpty();
		steps().check(SPLIT);
		assertThat(steps().plan(SPLIT, Phase.STOP_DUAL_WRITE, Phase.CONTRACT)).isEqualTo(end);
		run(end);
		assertThat(steps().inspect(SPLIT)).isEqualTo(Situation.NEW_ONLY);
		assertThat(steps().plan(SPLIT, Phase.CONTRACT, Phase.STOP_DUAL_WRITE)).isEqualTo(back);
		List<Step> reopening = back.stream().takeWhile(Step::transactional).toList();
		run(reopening);
		assertThat(steps().isRefilling(SPLIT)).isTrue();
		this.jdbc.execute("UPDATE people SET full_name = 'x'");
		List<Step> restoring = back.subList(reopening.size(), back.size());
		assertThat(steps().plan(SPLIT, Phase.STOP_DUAL_WRITE, Phase.STOP_DUAL_WRITE)).isEqualTo(restoring);
		run(restoring);
		assertThat(columns()).isEqualTo("first_name text, full_name text!, last_name text");
	}

	private void run(List<Step> plan) {
		plan.forEach((step) -> this.jdbc
			.execute(step.sql().startsWith("LOCK") ? "BEGIN; " + step.sql() + "; COMMIT" : step.sql()));
	}

	@Test
	void letsThePlannerKnowTheNewColumns() {
		people();
		this.jdbc.execute("ANALYZE people");
		steps().expand(SPLIT);
		assertThat(steps().plan(SPLIT, Phase.DUAL_WRITE, Phase.BACKFILL)).extracting(Step::sql)
			.containsExactly("ANALYZE \"public\".\"people\"");
		steps().refreshStatistics(SPLIT);
		assertThat(steps().plan(SPLIT, Phase.DUAL_WRITE, Phase.BACKFILL)).isEmpty();
	}

	/**
	 * Ends the connection after each statement in turn, as a kill does, and goes on with
	 * whatever that has left.
	 */
	@Test
	void goesOnFromWhereverItWasInterrupted() {
		people();
		AtomicInteger interruptions = new AtomicInteger();
		interrupted(interruptions, (steps) -> steps.expand(SPLIT));
		assertThat(columns()).isEqualTo("first_name text, full_name text!, last_name text");
		this.jdbc.execute("UPDATE people SET full_name = 'Ann Jones'");
		interrupted(interruptions, (steps) -> steps.prepareContract(SPLIT));
		interrupted(interruptions, (steps) -> contract(steps, SPLIT));
		assertThat(columns()).isEqualTo("first_name text, last_name text");
		interrupted(interruptions, (steps) -> reopen(steps, SPLIT));
		assertThat(columns()).isEqualTo("first_name text, full_name text, last_name text");
		this.jdbc.execute("UPDATE people SET full_name = concat_ws(' ', first_name, last_name)");
		interrupted(interruptions, (steps) -> steps.restoreOld(SPLIT));
		assertThat(columns()).isEqualTo("first_name text, full_name text!, last_name text");
		assertThat(steps().isRefilling(SPLIT)).isFalse();
		assertThat(this.jdbc.queryForObject("SELECT concat_ws('|', full_name, first_name, last_name) FROM people",
				String.class))
			.isEqualTo("Ann Jones|Ann|Jones");
		assertThat(interruptions).hasValueGreaterThan(10);
	}

	private void interrupted(AtomicInteger interruptions, Consumer<ReshapeSteps> work) {
		interruptions.addAndGet(Interrupting.everywhere(this.database.dataSource(),
				(ddl) -> work.accept(new ReshapeSteps(ddl, SyncMode.BOTH)), () -> {
				}));
	}

}
