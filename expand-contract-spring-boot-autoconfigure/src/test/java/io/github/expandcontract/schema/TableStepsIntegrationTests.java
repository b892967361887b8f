package io.github.expandcontract.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.AddForeignKey;
import io.github.expandcontract.change.AddIndex;
import io.github.expandcontract.change.ConstraintTiming;
import io.github.expandcontract.change.ReferentialAction;
import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.LockUnavailableException;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TableStepsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMillis(300);

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private TableSteps steps(TableChange change) {
		return steps(this.database.dataSource(), change);
	}

	private static TableSteps steps(DataSource dataSource, TableChange change) {
		return new TableSteps(new Ddl(dataSource, new LockRetry(PATIENCE, 60, Duration.ofMillis(100))), change);
	}

	private static void forward(TableSteps steps) {
		steps.enter(Stage.NEW_ROWS, PATIENCE, (within) -> {
		});
		steps.raise(Stage.ALL_ROWS);
		steps.enter(Stage.COMPLETE, PATIENCE, (within) -> {
		});
	}

	private static void back(TableSteps steps) {
		Phase present = Phase.CONTRACT;
		while (present != Phase.EXPAND) {
			Phase next = (present == Phase.CONTRACT) ? steps.returnsTo() : present.toward(Phase.EXPAND).orElseThrow();
			steps.backTo(present, next).ifPresent((goal) -> {
				if (steps.needsTime(goal)) {
					steps.lower(goal);
				}
				steps.leave(goal, PATIENCE, (within) -> {
				});
			});
			present = next;
		}
	}

	/**
	 * All that the catalog says of the tables.
	 */
	private List<String> catalog() {
		return this.jdbc.queryForList(
				"""
						SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated
						  || coalesce(obj_description(oid, 'pg_constraint'), '')
						FROM pg_constraint WHERE connamespace IN ('"The Shop"'::regnamespace, 'crm'::regnamespace)
						UNION ALL
						SELECT pg_get_indexdef(indexrelid) || indisvalid || indimmediate
						  || coalesce(obj_description(indexrelid, 'pg_class'), '')
						FROM pg_index JOIN pg_class ON oid = indrelid
						WHERE relnamespace IN ('"The Shop"'::regnamespace, 'crm'::regnamespace)
						UNION ALL
						SELECT attrelid::regclass || ' ' || attname || ' ' || attnotnull
						FROM pg_attribute JOIN pg_class ON oid = attrelid
						WHERE relnamespace IN ('"The Shop"'::regnamespace, 'crm'::regnamespace) AND attnum > 0 AND relkind IN ('r', 'p')
						ORDER BY 1
						""",
				String.class);
	}

	@ParameterizedTest
	@EnumSource
	void goesForwardsAndBackAndForwardsAndLeavesNothingOnTheWayBack(Additions kind) {
		this.jdbc.execute(Additions.SETUP);
		List<String> before = catalog();
		TableSteps steps = steps(kind.change());
		steps.check();
		assertThat(catalog()).isEqualTo(before);
		forward(steps);
		assertThat(steps.stage()).isEqualTo(Stage.COMPLETE);
		List<String> after = catalog();
		assertThat(after).isNotEqualTo(before).noneMatch((line) -> line.contains("expand_contract_nn"));
		steps(kind.change()).check();
		if (kind != Additions.INDEX) {
			assertThatExceptionOfType(DataIntegrityViolationException.class)
				.isThrownBy(() -> this.jdbc.execute(kind.spoil()));
		}
		back(steps);
		assertThat(catalog()).isEqualTo(before);
		forward(steps);
		assertThat(catalog()).isEqualTo(after);
	}

	@ParameterizedTest
	@EnumSource
	void planIsWhatRuns(Additions kind) {
		this.jdbc.execute(Additions.SETUP);
		steps(kind.change()).check();
		List<Step> there = steps(kind.change()).plan(Phase.EXPAND, Phase.CONTRACT);
		List<Step> back = steps(kind.change()).plan(Phase.CONTRACT, Phase.EXPAND);
		Recording recording = new Recording(this.database.dataSource());
		TableSteps steps = steps(recording, kind.change());
		steps.stage();
		recording.statements().clear();
		forward(steps);
		assertThat(recording.statements()).isEqualTo(there.stream().map(Step::sql).toList());
		assertThat(steps.plan(Phase.EXPAND, Phase.CONTRACT)).isEmpty();
		assertThat(steps.plan(Phase.CONTRACT, Phase.EXPAND)).isEqualTo(back);
		recording.statements().clear();
		back(steps);
		assertThat(recording.statements()).isNotEmpty().isEqualTo(back.stream().map(Step::sql).toList());
	}

	@ParameterizedTest
	@EnumSource
	void goesOnFromTheCatalogAfterACutBehindEveryStatement(Additions kind) {
		this.jdbc.execute(Additions.SETUP);
		List<String> before = catalog();
		forward(steps(kind.change()));
		List<String> after = catalog();
		boolean interrupted = true;
		for (int cut = 1; interrupted; cut++) {
			this.jdbc.execute(Additions.SETUP);
			Interrupting there = new Interrupting(this.database.dataSource(), cut);
			cutOff(() -> forward(steps(there, kind.change())));
			forward(steps(kind.change()));
			assertThat(catalog()).as("after statement " + cut).isEqualTo(after);
			Interrupting again = new Interrupting(this.database.dataSource(), cut);
			cutOff(() -> back(steps(again, kind.change())));
			back(steps(kind.change()));
			assertThat(catalog()).as("back after statement " + cut).isEqualTo(before);
			interrupted = there.interrupted() || again.interrupted();
		}
	}

	private static void cutOff(Runnable work) {
		try {
			work.run();
		}
		catch (RuntimeException ex) {
			// Where it was cut off is what is tried
		}
	}

	@ParameterizedTest
	@EnumSource(names = "INDEX", mode = EnumSource.Mode.EXCLUDE)
	void listsTheRowsThatStandAgainstItAndTouchesNothingForThem(Additions kind) {
		this.jdbc.execute(Additions.SETUP);
		this.jdbc.execute(kind.spoil());
		List<String> before = catalog();
		TableSteps steps = steps(kind.change());
		steps.check();
		steps.look();
		Finding finding = steps.lastFinding().orElseThrow();
		assertThat(finding.sample()).singleElement().asString().contains("7");
		assertThat(steps.describe(finding)).contains("There are ").contains("1: ").contains(finding.sample().get(0));
		assertThat(catalog()).isEqualTo(before);
		if (kind == Additions.FOREIGN_KEY) {
			steps.enter(Stage.NEW_ROWS, PATIENCE, (within) -> {
			});
			before = catalog();
		}
		if (kind == Additions.CHECK || kind == Additions.NOT_NULL) {
			assertThat(steps.gate()).isEqualTo(Phase.DUAL_WRITE);
		}
		else {
			assertThat(steps.gate()).isEqualTo(Phase.BACKFILL);
			assertThatExceptionOfType(DataIntegrityViolationException.class)
				.isThrownBy(() -> steps.raise(Stage.ALL_ROWS));
			assertThat(catalog()).as("nothing is left that would refuse rows").isEqualTo(before);
		}
		this.jdbc.execute("DELETE FROM " + Additions.ORDERS.quoted() + " WHERE id = 7");
		steps.look();
		assertThat(steps.lastFinding().orElseThrow().clean()).isTrue();
		forward(steps);
		assertThat(steps.stage()).isEqualTo(Stage.COMPLETE);
	}

	@ParameterizedTest
	@EnumSource
	void neverDropsWhatWasThereBefore(Additions kind) {
		this.jdbc.execute(Additions.SETUP);
		forward(steps(kind.change()));
		this.jdbc.execute("DROP TABLE IF EXISTS expand_contract.made_not_null");
		uncomment();
		List<String> before = catalog();
		TableSteps steps = steps(kind.change());
		steps.check();
		assertThat(steps.stage()).isEqualTo(Stage.COMPLETE);
		assertThat(steps.isOurs()).isFalse();
		assertThat(steps.plan(Phase.CONTRACT, Phase.EXPAND)).isEmpty();
		back(steps);
		assertThat(catalog()).isEqualTo(before);
	}

	private void uncomment() {
		this.jdbc.execute("""
				DO $$ DECLARE statement text; BEGIN
				  FOR statement IN
				    SELECT format('COMMENT ON CONSTRAINT %I ON %s IS NULL', conname, conrelid::regclass)
				    FROM pg_constraint WHERE obj_description(oid, 'pg_constraint') IS NOT NULL
				    UNION ALL SELECT format('COMMENT ON INDEX %s IS NULL', indexrelid::regclass)
				    FROM pg_index WHERE obj_description(indexrelid, 'pg_class') IS NOT NULL
				  LOOP EXECUTE statement; END LOOP;
				END $$""");
	}

	@ParameterizedTest
	@EnumSource(names = "NOT_NULL", mode = EnumSource.Mode.EXCLUDE)
	void refusesTheNameOfSomethingElse(Additions kind) {
		this.jdbc.execute(Additions.SETUP);
		if (kind.name().contains("INDEX")) {
			this.jdbc.execute("CREATE INDEX \"" + Additions.LONG.replace("\"", "\"\"") + "\" ON "
					+ Additions.ORDERS.quoted() + " (total)");
		}
		else {
			this.jdbc.execute("ALTER TABLE " + Additions.ORDERS.quoted() + " ADD CONSTRAINT \""
					+ Additions.LONG.replace("\"", "\"\"") + "\" CHECK (total < 1000)");
		}
		List<String> before = catalog();
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps(kind.change()).check())
			.withMessageContaining("already")
			.withMessageContaining("total");
		assertThat(catalog()).isEqualTo(before);
	}

	@ParameterizedTest
	@EnumSource(names = { "INDEX", "UNIQUE" })
	void buildsAgainWhatACancelledBuildHasLeft(Additions kind) throws Exception {
		this.jdbc.execute(Additions.SETUP);
		TableSteps steps = steps(kind.change());
		steps.check();
		try (Connection reader = this.database.dataSource().getConnection()) {
			reader.setAutoCommit(false);
			try (Statement statement = reader.createStatement()) {
				statement.execute("SELECT count(*) FROM " + Additions.ORDERS.quoted());
			}
			CompletableFuture<Boolean> build = CompletableFuture.supplyAsync(() -> steps.raise(Stage.ALL_ROWS));
			ChangeWalk.await(() -> invalidIndexes() == 1, () -> "nothing is built");
			assertThat(steps(kind.change()).raise(Stage.ALL_ROWS)).as("another instance waits").isFalse();
			assertThat(steps(kind.change()).building()).isPresent();
			this.jdbc.queryForList("SELECT pg_cancel_backend(pid) FROM pg_stat_progress_create_index");
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> build.get(60, TimeUnit.SECONDS))
				.withCauseInstanceOf(LockUnavailableException.class);
			assertThat(invalidIndexes()).isOne();
			reader.rollback();
		}
		assertThat(steps.plan(Phase.BACKFILL, Phase.BACKFILL)).extracting(Step::sql)
			.first()
			.asString()
			.startsWith("DROP INDEX CONCURRENTLY");
		assertThat(steps.raise(Stage.ALL_ROWS)).isTrue();
		assertThat(invalidIndexes()).isZero();
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM pg_index WHERE indrelid = ?::regclass", Long.class,
				Additions.ORDERS.quoted()))
			.isEqualTo(2);
	}

	private long invalidIndexes() {
		Long count = this.jdbc.queryForObject("SELECT count(*) FROM pg_index WHERE NOT indisvalid", Long.class);
		return (count != null) ? count : -1;
	}

	@ParameterizedTest
	@EnumSource(names = { "FOREIGN_KEY", "CHECK", "NOT_NULL" })
	void keepsNoWriterWaitingWhileSomebodyHoldsTheTable(Additions kind) throws Exception {
		this.jdbc.execute(Additions.SETUP);
		TableSteps steps = steps(kind.change());
		steps.check();
		AtomicBoolean stop = new AtomicBoolean();
		AtomicLong written = new AtomicLong();
		// A writer that waits for longer than an attempt and a margin fails
		CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(stop, written));
		try (Connection holder = this.database.dataSource().getConnection()) {
			holder.setAutoCommit(false);
			try (Statement statement = holder.createStatement()) {
				statement.execute(
						"UPDATE " + ((kind == Additions.FOREIGN_KEY) ? Additions.CUSTOMERS.quoted() + " SET region = 2"
								: Additions.ORDERS.quoted() + " SET total = 1") + " WHERE id = 5");
			}
			for (int attempt = 0; attempt < 3; attempt++) {
				assertThatExceptionOfType(LockUnavailableException.class)
					.isThrownBy(() -> steps.enter(Stage.NEW_ROWS, PATIENCE, (within) -> {
					}));
				long before = written.get();
				ChangeWalk.await(() -> written.get() > before + 20 || writer.isDone(), () -> "the writer stands still");
			}
			assertThat(steps.stage()).isEqualTo(Stage.NOTHING);
			holder.rollback();
		}
		ChangeWalk.await(() -> entered(steps), () -> "the lock never comes");
		steps.raise(Stage.ALL_ROWS);
		stop.set(true);
		writer.get(60, TimeUnit.SECONDS);
	}

	private static boolean entered(TableSteps steps) {
		try {
			steps.enter(Stage.NEW_ROWS, PATIENCE, (within) -> {
			});
			return true;
		}
		catch (LockUnavailableException ex) {
			return false;
		}
	}

	private void write(AtomicBoolean stop, AtomicLong written) {
		try (Connection connection = this.database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("SET lock_timeout = '5s'");
			while (!stop.get()) {
				statement.execute("INSERT INTO " + Additions.ORDERS.quoted()
						+ " (\"Customer\", \"Number\", total) VALUES (3, 'x', 1)");
				written.incrementAndGet();
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void setsOrphansNullInBatchesAndPassesOverRowsThatAreHeld() throws Exception {
		this.jdbc.execute(Additions.SETUP);
		this.jdbc.execute("INSERT INTO " + Additions.ORDERS.quoted()
				+ " (\"Customer\") SELECT 1000 + i FROM generate_series(1, 2500) i");
		TableSteps steps = steps(Additions.foreignKey(true));
		steps.check();
		assertThat(steps.gate()).isEqualTo(Phase.SWITCH_READS);
		steps.look();
		assertThat(steps.lastFinding().orElseThrow().sample()).hasSize(10);
		assertThat(steps.lastFinding().orElseThrow().listed()).startsWith("more than 10: row ");
		steps.enter(Stage.NEW_ROWS, PATIENCE, (within) -> {
		});
		try (Connection holder = this.database.dataSource().getConnection()) {
			holder.setAutoCommit(false);
			try (Statement statement = holder.createStatement()) {
				statement.execute("SELECT FROM " + Additions.ORDERS.quoted() + " WHERE \"Customer\" = 1001 FOR UPDATE");
			}
			assertThat(steps.mend(() -> true)).isEqualTo(2499);
			assertThatExceptionOfType(DataIntegrityViolationException.class)
				.isThrownBy(() -> steps.raise(Stage.ALL_ROWS));
			holder.rollback();
		}
		assertThat(steps.mend(() -> true)).isOne();
		assertThat(steps.mend(() -> true)).isZero();
		steps.raise(Stage.ALL_ROWS);
		assertThat(steps.stage()).isEqualTo(Stage.COMPLETE);
		assertThat(this.jdbc.queryForObject(
				"SELECT count(*) FROM " + Additions.ORDERS.quoted() + " WHERE \"Customer\" IS NOT NULL", Long.class))
			.isEqualTo(60);
	}

	@Test
	void refusesAForeignKeyThatThereCannotBeWithTheWayOut() {
		this.jdbc.execute(Additions.SETUP);
		refused(key(List.of("Customer"), List.of("region")), "no unique constraint", "unique first");
		refused(key(List.of("Number"), List.of("id")), "cannot be implemented", "comparable types");
		refused(key(List.of("nobody"), List.of("id")), "does not exist", "Correct the declaration");
		this.jdbc.execute("ALTER TABLE " + Additions.ORDERS.quoted() + " ALTER \"Customer\" SET NOT NULL");
		refused(Additions.foreignKey(true), "do not allow that", "Leave out settingOrphansNull()");
	}

	private static AddForeignKey key(List<String> columns, List<String> referenced) {
		return new AddForeignKey("the-key", Additions.ORDERS, "key", columns, Additions.CUSTOMERS, referenced, false,
				ReferentialAction.NO_ACTION, ReferentialAction.NO_ACTION, ConstraintTiming.IMMEDIATE, false, "test");
	}

	private void refused(TableChange change, String reason, String action) {
		List<String> before = catalog();
		assertThatExceptionOfType(UnsupportedChangeException.class).isThrownBy(() -> steps(change).check())
			.withMessageContaining(reason)
			.satisfies((ex) -> assertThat(ex.getAction()).contains(action));
		assertThat(catalog()).isEqualTo(before);
	}

	@Test
	void compositeKeyThatMatchesFullFindsRowsThatAreFilledInPart() {
		this.jdbc.execute(Additions.SETUP);
		this.jdbc.execute("ALTER TABLE crm.customers ADD UNIQUE (region, id)");
		AddForeignKey change = new AddForeignKey("the-key", Additions.ORDERS, "full", List.of("total", "Customer"),
				Additions.CUSTOMERS, List.of("region", "id"), true, ReferentialAction.NO_ACTION,
				ReferentialAction.NO_ACTION, ConstraintTiming.IMMEDIATE, false, "test");
		this.jdbc.execute("UPDATE " + Additions.ORDERS.quoted() + " SET total = 1");
		this.jdbc.execute("UPDATE " + Additions.ORDERS.quoted() + " SET total = NULL WHERE id = 9");
		TableSteps steps = steps(change);
		steps.check();
		steps.look();
		assertThat(steps.lastFinding().orElseThrow().sample()).containsExactly("row 9 holds (NULL, 10)");
		this.jdbc.execute("UPDATE " + Additions.ORDERS.quoted() + " SET \"Customer\" = NULL WHERE id = 9");
		steps.look();
		assertThat(steps.lastFinding().orElseThrow().clean()).isTrue();
		forward(steps);
		assertThat(steps.stage()).isEqualTo(Stage.COMPLETE);
	}

	@Test
	void saysWhichIndexAForeignKeyLacks() {
		this.jdbc.execute(Additions.SETUP);
		TableSteps steps = steps(Additions.foreignKey(false));
		assertThat(steps.notes())
			.anyMatch((note) -> note.contains("No index of The Shop.Orders begins with (Customer)"));
		this.jdbc.execute("CREATE INDEX ON " + Additions.ORDERS.quoted() + " (\"Customer\", total)");
		assertThat(steps.notes()).noneMatch((note) -> note.contains("No index"));
	}

	private void partitioned() {
		this.jdbc.execute(Additions.TABLES);
		this.jdbc.execute(
				"""
						CREATE TABLE "The Shop"."Orders" (id bigint GENERATED ALWAYS AS IDENTITY, "Customer" bigint, "Number" text,
						  total int) PARTITION BY RANGE (total);
						CREATE TABLE "The Shop".low PARTITION OF "The Shop"."Orders" FOR VALUES FROM (MINVALUE) TO (20);
						CREATE TABLE crm.high PARTITION OF "The Shop"."Orders" FOR VALUES FROM (20) TO (MAXVALUE)
						  PARTITION BY LIST ("Number");
						CREATE TABLE crm."High 30" PARTITION OF crm.high FOR VALUES IN ('n30');
						CREATE TABLE crm.rest PARTITION OF crm.high DEFAULT;
						""");
	}

	@ParameterizedTest
	@EnumSource(names = { "INDEX", "CHECK", "NOT_NULL" })
	void goesThroughAllPartitionsAndBack(Additions kind) {
		partitioned();
		this.jdbc.execute(Additions.ROWS);
		List<String> before = catalog();
		TableSteps steps = steps(kind.change());
		steps.check();
		List<String> planned = steps.plan(Phase.EXPAND, Phase.CONTRACT).stream().map(Step::sql).toList();
		Recording recording = new Recording(this.database.dataSource());
		TableSteps recorded = steps(recording, kind.change());
		recorded.stage();
		recording.statements().clear();
		forward(recorded);
		assertThat(recording.statements()).isEqualTo(planned);
		assertThat(catalog()).noneMatch((line) -> line.contains("valid f"));
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM pg_index WHERE NOT indisvalid", Long.class)).isZero();
		if (kind == Additions.INDEX) {
			this.jdbc.execute("CREATE TABLE crm.n31 PARTITION OF crm.high FOR VALUES IN ('n99')");
			assertThat(this.jdbc.queryForObject("SELECT count(*) FROM pg_index WHERE indrelid = 'crm.n31'::regclass",
					Long.class))
				.isOne();
			this.jdbc.execute("DROP TABLE crm.n31");
		}
		back(steps);
		assertThat(catalog()).isEqualTo(before);
	}

	@Test
	void goesOnAfterACutBehindEveryStatementOnPartitions() {
		TableChange change = Additions.INDEX.change();
		boolean interrupted = true;
		for (int cut = 1; interrupted; cut++) {
			partitioned();
			List<String> before = catalog();
			Interrupting there = new Interrupting(this.database.dataSource(), cut);
			cutOff(() -> forward(steps(there, change)));
			if (cut % 2 == 1) {
				forward(steps(change));
				assertThat(steps(change).stage()).isEqualTo(Stage.COMPLETE);
			}
			back(steps(change));
			assertThat(catalog()).as("after statement " + cut).isEqualTo(before);
			interrupted = there.interrupted();
		}
	}

	@Test
	void partitionsHaveAForeignKeyWhereTheServerCanAddItWithoutReadingThem() {
		partitioned();
		this.jdbc.execute(Additions.ROWS);
		AddForeignKey change = Additions.foreignKey(false);
		if (TableFacts.serverVersion(this.jdbc) < 18) {
			refused(change, "before PostgreSQL 18", "on each partition");
		}
		else {
			List<String> before = catalog();
			TableSteps steps = steps(change);
			steps.check();
			forward(steps);
			assertThat(steps.stage()).isEqualTo(Stage.COMPLETE);
			back(steps);
			assertThat(catalog()).isEqualTo(before);
		}
	}

	@Test
	void uniqueOnPartitionsIsAnIndexThatHasThePartitionKey() {
		partitioned();
		refused(Additions.UNIQUE.change(), "on a partitioned table", "addIndex(…).unique()");
		refused(new AddIndex("i", Additions.ORDERS, "i", true, "(\"Number\")", "test"), "partition key",
				"contain the partition key");
		TableSteps steps = steps(new AddIndex("i", Additions.ORDERS, "i", true, "(\"Number\", total)", "test"));
		this.jdbc.execute("DROP TABLE crm.high");
		steps.check();
		forward(steps);
		assertThat(steps.stage()).isEqualTo(Stage.COMPLETE);
	}

	@Test
	void refusesAnIndexThatThereCannotBe() {
		this.jdbc.execute(Additions.SETUP);
		refused(new AddIndex("i", Additions.ORDERS, "i", false, "(nobody)", "test"), "nobody", "Correct");
		refused(new AddIndex("i", Additions.ORDERS, "i", false, "USING gin (total)", "test"), "gin", "Correct");
	}

	@Test
	void twoInstancesThatBuildAtOnceBuildOnce() throws Exception {
		this.jdbc.execute(Additions.SETUP);
		List<CompletableFuture<Boolean>> instances = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			TableSteps steps = steps(Additions.INDEX.change());
			steps.check();
			instances.add(CompletableFuture.supplyAsync(() -> {
				boolean done = false;
				for (int attempt = 0; attempt < 50 && !done; attempt++) {
					try {
						done = steps.raise(Stage.ALL_ROWS);
					}
					catch (RuntimeException ex) {
						// The other one was faster
					}
				}
				return done;
			}));
		}
		for (CompletableFuture<Boolean> instance : instances) {
			assertThat(instance.get(60, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(invalidIndexes()).isZero();
	}

}
