package io.github.expandcontract.backfill;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import com.zaxxer.hikari.HikariDataSource;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BackfillIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private final Backfill backfill = Fixture.backfill(this.database.dataSource(), 100);

	@ParameterizedTest
	@ValueSource(strings = { "id int PRIMARY KEY", "id smallint PRIMARY KEY", "id bigint PRIMARY KEY",
			"id uuid PRIMARY KEY", "a int, b int, PRIMARY KEY (a, b)", "id bigint", "id text PRIMARY KEY",
			"id int, x int, PRIMARY KEY (id) INCLUDE (x)" })
	void completesWhateverTheKeyIs(String columns) {
		this.jdbc.execute("CREATE TABLE users (" + columns + ", username text, handle text)");
		String values = columns.startsWith("a ") ? "i, i % 7" : columns.contains("uuid") ? "gen_random_uuid()"
				: columns.contains(" x ") ? "i, 0" : columns.contains("text") ? "'k' || i" : "i";
		this.jdbc.execute("INSERT INTO users SELECT " + values
				+ ", CASE WHEN i % 10 > 0 THEN 'name' || i END FROM generate_series(-500, 2000) i");
		Fixture.createTrigger(this.jdbc, Fixture.USERS);
		fill(Fixture.USERS, 2501);
		assertThat(this.backfill.progress(Fixture.USERS).rowsCopied()).isEqualTo(1800);
	}

	@Test
	void completesOnTheEdgesOfBigint() {
		Fixture.createUsers(this.jdbc, 10);
		this.jdbc.update("INSERT INTO users VALUES (?, 'least', NULL), (?, 'greatest', NULL)", Long.MIN_VALUE,
				Long.MAX_VALUE);
		this.jdbc.update("UPDATE users SET handle = NULL");
		unfilled();
		fill(Fixture.USERS, 12);
	}

	@Test
	void completesOnAnEmptyTable() {
		Fixture.createUsers(this.jdbc, 0);
		fill(Fixture.USERS, 0);
	}

	@Test
	void completesOnPartitionsOfSeveralLevels() {
		this.jdbc.execute(
				"CREATE TABLE users (id bigint, region text, username text, handle text) PARTITION BY LIST (region)");
		this.jdbc.execute("CREATE TABLE users_a PARTITION OF users FOR VALUES IN ('a')");
		this.jdbc.execute("CREATE TABLE users_b PARTITION OF users FOR VALUES IN ('b') PARTITION BY RANGE (id)");
		this.jdbc.execute("CREATE TABLE users_b1 PARTITION OF users_b FOR VALUES FROM (0) TO (500)");
		this.jdbc
			.execute("CREATE TABLE users_b2 PARTITION OF users_b (PRIMARY KEY (id)) FOR VALUES FROM (500) TO (5000)");
		this.jdbc.execute(
				"INSERT INTO users SELECT i, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END, 'n' || i FROM generate_series(1, 2000) i");
		Fixture.createTrigger(this.jdbc, Fixture.USERS);
		fill(Fixture.USERS, 2000);
	}

	@Test
	void quotesNames() {
		ColumnChange change = Fixture.rename("Odd \"schema\"", "Üser table", "User'Name", "the handle");
		this.jdbc.execute("CREATE SCHEMA \"Odd \"\"schema\"\"\"");
		this.jdbc.execute("CREATE TABLE %s (\"The Id\" int PRIMARY KEY, \"User'Name\" text, \"the handle\" text)"
			.formatted(change.table().quoted()));
		this.jdbc.execute(
				"INSERT INTO %s SELECT i, 'n' || i FROM generate_series(1, 300) i".formatted(change.table().quoted()));
		fill(change, 300);
	}

	@Test
	void copiesAndVerifiesTypesWithoutEquality() {
		this.jdbc.execute("CREATE TABLE users (id int PRIMARY KEY, username json, handle json)");
		this.jdbc.execute("INSERT INTO users SELECT i, '{\"a\": 1}' FROM generate_series(1, 300) i");
		this.backfill.prepare(Fixture.USERS);
		Fixture.finish(this.backfill, Fixture.USERS);
		this.jdbc.execute("UPDATE users SET handle = '{\"a\":1}' WHERE id = 7");
		Verification verification = this.backfill.verify(Fixture.USERS, Fixture.ALWAYS);
		assertThat(verification.mismatches()).isEqualTo(1);
		assertThat(verification.sample()).containsExactly("7");
	}

	@Test
	void isNotCompleteBeforeASweepHasFoundNothing() {
		Fixture.createUsers(this.jdbc, 50);
		assertThat(this.backfill.work(Fixture.USERS, Fixture.ALWAYS)).isFalse();
		this.backfill.prepare(Fixture.USERS);
		assertThat(this.backfill.work(Fixture.USERS, Fixture.ALWAYS)).isTrue();
		assertThat(Fixture.differing(this.jdbc, Fixture.USERS)).isZero();
		assertThat(this.backfill.complete(Fixture.USERS)).isFalse();
		Fixture.finish(this.backfill, Fixture.USERS);
	}

	@Test
	void severalInstancesInstallAndPrepareAtOnce() throws Exception {
		TestDatabase fresh = TestDatabase.create();
		Fixture.createUsers(fresh.jdbc(), 500_000);
		together(6, () -> {
			Backfill one = new Backfill(fresh.dataSource(), Fixture.settings(100, Duration.ofSeconds(30)));
			one.install();
			one.prepare(Fixture.USERS);
			return null;
		});
		assertThat(fresh.jdbc().queryForObject("SELECT count(*) FROM expand_contract.backfill_job", Long.class))
			.isEqualTo(1);
		assertThat(fresh.jdbc()
			.queryForObject("SELECT sum(upper_bound - lower_bound + 1) FROM expand_contract.backfill_range",
					Long.class))
			.isEqualTo(500_000);
	}

	@Test
	void aLockedRowIsNotWaitedForAndIsFilledLater() throws Exception {
		Fixture.createUsers(this.jdbc, 1000);
		this.backfill.prepare(Fixture.USERS);
		try (Connection blocker = this.database.dataSource().getConnection();
				Statement statement = blocker.createStatement()) {
			blocker.setAutoCommit(false);
			statement.execute("UPDATE users SET username = 'written' WHERE id = 500");
			for (int call = 0; call < 4; call++) {
				this.backfill.work(Fixture.USERS, Fixture.ALWAYS);
			}
			assertThat(this.jdbc.queryForObject("SELECT count(*) FROM users WHERE handle IS NOT NULL", Long.class))
				.isEqualTo(999);
			assertThat(this.backfill.complete(Fixture.USERS)).isFalse();
			assertThat(this.backfill.progress(Fixture.USERS).errors()).isEmpty();
			statement.execute("UPDATE users SET handle = NULL WHERE id = 500");
			blocker.commit();
		}
		Fixture.finish(this.backfill, Fixture.USERS);
		assertThat(Fixture.differing(this.jdbc, Fixture.USERS)).isZero();
	}

	@Test
	void withoutLockAndGuardAConcurrentWriteIsLostAndWithThemItIsNot() throws Exception {
		Fixture.createUsers(this.jdbc, 2);
		assertThat(handleAfterRace(() -> this.jdbc.execute(
				"""
						SET expand_contract.sync = 'off';
						UPDATE users u SET handle = s.value FROM (SELECT id, username AS value FROM users WHERE handle IS NULL) s
						WHERE u.id = s.id
						""")))
			.as("variant without row lock and guard")
			.isEqualTo("name1");
		this.jdbc.execute("TRUNCATE users");
		this.jdbc.execute("INSERT INTO users (id, username) VALUES (1, 'name1')");
		unfilled();
		this.backfill.prepare(Fixture.USERS);
		assertThat(handleAfterRace(() -> this.backfill.work(Fixture.USERS, Fixture.ALWAYS))).isEqualTo("concurrent");
	}

	private String handleAfterRace(Runnable filling) throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (Connection writer = this.database.dataSource().getConnection();
				Statement statement = writer.createStatement()) {
			writer.setAutoCommit(false);
			statement.execute("UPDATE users SET username = 'concurrent' WHERE id = 1");
			Future<?> filled = executor.submit(filling);
			while (!filled.isDone() && !someoneWaits()) {
				Thread.onSpinWait();
			}
			writer.commit();
			filled.get();
		}
		finally {
			executor.shutdown();
		}
		return this.jdbc.queryForObject("SELECT handle FROM users WHERE id = 1", String.class);
	}

	private boolean someoneWaits() {
		return Boolean.TRUE
			.equals(this.jdbc.queryForObject("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)", Boolean.class));
	}

	@Test
	void concurrentLegacyWritersLoseNothing() throws Exception {
		concurrentWriters("id bigint PRIMARY KEY");
	}

	@Test
	void concurrentLegacyWritersLoseNothingWhereThereIsNoKey() throws Exception {
		concurrentWriters("id bigint NOT NULL");
	}

	private void concurrentWriters(String key) throws Exception {
		int rows = 20_000;
		int writers = 4;
		this.jdbc.execute("CREATE TABLE users (" + key + ", username text, handle text, visits int DEFAULT 0)");
		this.jdbc.update("INSERT INTO users SELECT i, 'name' || i FROM generate_series(0, ?) i", rows - 1);
		this.jdbc.execute("CREATE INDEX ON users (id)");
		Fixture.createTrigger(this.jdbc, Fixture.USERS);
		String[] expected = new String[rows];
		for (int id = 0; id < rows; id++) {
			expected[id] = "name" + id;
		}
		AtomicBoolean filling = new AtomicBoolean(true);
		AtomicInteger number = new AtomicInteger();
		try (HikariDataSource pool = this.database.pool(20)) {
			BackfillThrottle none = (table) -> Optional.empty();
			Backfill first = new Backfill(pool, Fixture.settings(200, Duration.ofSeconds(30)), none);
			Backfill second = new Backfill(pool, Fixture.settings(300, Duration.ofSeconds(30)), none);
			List<Backfill> instances = List.of(first, second, first, second);
			first.prepare(Fixture.USERS);
			JdbcTemplate legacy = new JdbcTemplate(pool);
			together(writers + instances.size(), () -> {
				int me = number.getAndIncrement();
				if (me < instances.size()) {
					Fixture.finish(instances.get(me), Fixture.USERS);
					filling.set(false);
				}
				else {
					write(legacy, me - instances.size(), writers, expected, filling);
				}
				return null;
			});
			if (!first.verify(Fixture.USERS, Fixture.ALWAYS).clean()) {
				first.sweepAgain(Fixture.USERS);
				Fixture.finish(first, Fixture.USERS);
			}
		}
		List<Integer> wrong = new ArrayList<>();
		this.jdbc.query("SELECT id, username, handle FROM users", (result) -> {
			int id = result.getInt(1);
			if (!expected[id].equals(result.getString(2)) || !expected[id].equals(result.getString(3))) {
				wrong.add(id);
			}
		});
		assertThat(wrong).isEmpty();
		assertThat(this.backfill.verify(Fixture.USERS, Fixture.ALWAYS)).satisfies((verification) -> {
			assertThat(verification.rows()).isEqualTo(rows);
			assertThat(verification.clean()).isTrue();
		});
	}

	/**
	 * Each writer owns the ids that leave its number as rest, so it knows the last value.
	 */
	private static void write(JdbcTemplate legacy, int me, int writers, String[] expected, AtomicBoolean filling) {
		Random random = new Random(me);
		for (int write = 0; filling.get() || write < 200; write++) {
			int id = random.nextInt(expected.length / writers) * writers + me;
			if (write % 3 == 0) {
				legacy.update("UPDATE users SET visits = visits + 1 WHERE id = ?", id);
			}
			else {
				String name = "w" + me + "-" + write;
				legacy.update("UPDATE users SET username = ? WHERE id = ?", name, id);
				expected[id] = name;
			}
		}
	}

	@Test
	void pausesAfterTheBatchAndResumes() {
		Fixture.createUsers(this.jdbc, 1000);
		this.backfill.pause(Fixture.USERS.id());
		this.backfill.prepare(Fixture.USERS);
		assertThat(this.backfill.paused(Fixture.USERS.id())).isTrue();
		assertThat(this.backfill.work(Fixture.USERS, Fixture.ALWAYS)).isFalse();
		assertThat(this.backfill.progress(Fixture.USERS).paused()).isTrue();
		this.backfill.resume(Fixture.USERS.id());
		AtomicInteger batches = new AtomicInteger();
		this.backfill.work(Fixture.USERS, () -> {
			if (batches.incrementAndGet() == 4) {
				Fixture.backfill(this.database.dataSource(), 1).pause(Fixture.USERS.id());
			}
			return true;
		});
		BackfillProgress progress = this.backfill.progress(Fixture.USERS);
		assertThat(progress.rowsDone()).isPositive().isLessThan(1000);
		assertThat(progress.rowsPerSecond()).isZero();
		assertThat(progress.state()).contains("paused");
		assertThat(Fixture.differing(this.jdbc, Fixture.USERS)).isEqualTo(1000 - progress.rowsDone());
		this.backfill.resume(Fixture.USERS.id());
		Fixture.finish(this.backfill, Fixture.USERS);
	}

	@Test
	void stopsBetweenBatchesWhenTold() {
		Fixture.createUsers(this.jdbc, 1000);
		this.backfill.prepare(Fixture.USERS);
		AtomicInteger asked = new AtomicInteger();
		this.backfill.work(Fixture.USERS, () -> asked.incrementAndGet() <= 3);
		assertThat(this.backfill.progress(Fixture.USERS).rowsDone()).isEqualTo(200);
		assertThat(this.backfill.work(Fixture.USERS, Fixture.ALWAYS)).as("the range was let go").isTrue();
	}

	@Test
	void aWorkerWhoseLeaseWasTakenOverWritesNothingMore() {
		Fixture.createUsers(this.jdbc, 1000);
		this.backfill.prepare(Fixture.USERS);
		AtomicInteger asked = new AtomicInteger();
		AtomicReference<Long> afterTakeover = new AtomicReference<>();
		this.backfill.work(Fixture.USERS, () -> {
			if (asked.incrementAndGet() == 3) {
				this.jdbc.update("UPDATE expand_contract.backfill_range SET lease_until = '-infinity'");
				AtomicInteger other = new AtomicInteger();
				Fixture.backfill(this.database.dataSource(), 50)
					.work(Fixture.USERS, () -> other.incrementAndGet() <= 3);
				this.jdbc.update("UPDATE users SET handle = NULL WHERE id > 600");
				afterTakeover.set(Fixture.differing(this.jdbc, Fixture.USERS));
			}
			return true;
		});
		assertThat(asked).hasValueLessThan(6);
		assertThat(Fixture.differing(this.jdbc, Fixture.USERS)).isEqualTo(afterTakeover.get());
		assertThat(this.backfill.progress(Fixture.USERS).errors()).isEmpty();
		Fixture.finish(this.backfill, Fixture.USERS);
	}

	@Test
	void aHeldLeaseIsNotTakenOver() {
		Fixture.createUsers(this.jdbc, 1000);
		this.backfill.prepare(Fixture.USERS);
		AtomicInteger asked = new AtomicInteger();
		this.backfill.work(Fixture.USERS, () -> {
			if (asked.incrementAndGet() == 2) {
				assertThat(Fixture.backfill(this.database.dataSource(), 50).work(Fixture.USERS, Fixture.ALWAYS))
					.isFalse();
			}
			return true;
		});
		assertThat(asked).hasValueGreaterThan(5);
	}

	@ParameterizedTest
	@ValueSource(strings = { "id bigint PRIMARY KEY", "id bigint" })
	void aPoisonedRowIsIsolatedReportedAndKeepsTheJobOpen(String key) {
		this.jdbc.execute("CREATE TABLE users (" + key + ", username text, handle text)");
		this.jdbc.execute("INSERT INTO users SELECT i, 'name' || i FROM generate_series(1, 1000) i");
		this.jdbc.execute("ALTER TABLE users ADD CONSTRAINT no_name777 CHECK (handle <> 'name777')");
		this.backfill.prepare(Fixture.USERS);
		while (this.jdbc.queryForObject("SELECT count(*) FROM users WHERE handle IS NOT NULL", Long.class) < 999) {
			this.backfill.work(Fixture.USERS, Fixture.ALWAYS);
		}
		Fixture.await(() -> {
			this.backfill.work(Fixture.USERS, Fixture.ALWAYS);
			return !this.backfill.progress(Fixture.USERS).errors().isEmpty();
		});
		assertThat(this.backfill.progress(Fixture.USERS).errors()).singleElement().satisfies((error) -> {
			assertThat(error.sqlState()).isEqualTo("23514");
			assertThat(error.message()).contains("no_name777");
			assertThat(error.range())
				.matches(key.contains("PRIMARY") ? "public.users id 777" : "public.users ctid \\(\\d+,\\d+\\)");
		});
		assertThat(this.backfill.complete(Fixture.USERS)).isFalse();
		this.jdbc.execute("ALTER TABLE users DROP CONSTRAINT no_name777");
		Fixture.finish(this.backfill, Fixture.USERS);
		assertThat(Fixture.differing(this.jdbc, Fixture.USERS)).isZero();
	}

	@Test
	void anErrorThatIsNotTheRowsKeepsTheRangeWhole() {
		Fixture.createUsers(this.jdbc, 1000);
		this.backfill.prepare(Fixture.USERS);
		this.jdbc.execute("ALTER TABLE users RENAME COLUMN handle TO other");
		this.backfill.work(Fixture.USERS, Fixture.ALWAYS);
		assertThat(this.backfill.progress(Fixture.USERS).errors()).singleElement()
			.satisfies((error) -> assertThat(error.sqlState()).isEqualTo("42703"));
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM expand_contract.backfill_range", Long.class))
			.isEqualTo(1);
	}

	@Test
	void verificationFindsAPlantedMismatchAndMendsNothing() {
		Fixture.createUsers(this.jdbc, 1000);
		this.backfill.prepare(Fixture.USERS);
		Fixture.finish(this.backfill, Fixture.USERS);
		this.jdbc.execute("SET expand_contract.sync = 'off'; UPDATE users SET handle = 'planted' WHERE id IN (3, 999)");
		assertThat(this.backfill.lastVerification(Fixture.USERS)).isEmpty();
		Verification verification = this.backfill.verify(Fixture.USERS, Fixture.ALWAYS);
		assertThat(verification.rows()).isEqualTo(1000);
		assertThat(verification.mismatches()).isEqualTo(2);
		assertThat(verification.sample()).containsExactlyInAnyOrder("3", "999");
		assertThat(this.backfill.lastVerification(Fixture.USERS)).contains(verification);
		assertThat(Fixture.differing(this.jdbc, Fixture.USERS)).isEqualTo(2);
		this.backfill.sweepAgain(Fixture.USERS);
		Fixture.finish(this.backfill, Fixture.USERS);
		assertThat(this.backfill.verify(Fixture.USERS, Fixture.ALWAYS).clean()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "id bigint PRIMARY KEY", "id bigint" })
	void verificationInStretchesReadsEveryRow(String key) {
		this.jdbc.execute("CREATE TABLE users (" + key + ", username text, handle text)");
		this.jdbc.execute("INSERT INTO users SELECT i, 'n' || i, 'n' || i FROM generate_series(-3000, 3000) i");
		this.jdbc.execute("UPDATE users SET handle = NULL WHERE id IN (-3000, 0, 3000)");
		BackfillSettings settings = Fixture.settings(100, Duration.ofSeconds(30));
		Verifier verifier = new Verifier(new Transactions(this.database.dataSource(), settings), 2, 500);
		Verification verification = verifier.verify(List.of(Fixture.USERS), Fixture.ALWAYS).get(0);
		assertThat(verification.rows()).isEqualTo(6001);
		assertThat(verification.mismatches()).isEqualTo(3);
	}

	@Test
	void anInterruptedVerificationCountsForNothing() {
		Fixture.createUsers(this.jdbc, 10);
		assertThatExceptionOfType(BackfillException.class)
			.isThrownBy(() -> this.backfill.verify(Fixture.USERS, () -> false));
		assertThat(this.backfill.lastVerification(Fixture.USERS)).isEmpty();
	}

	@Test
	void tellsProgressAndCorrectsTheEstimate() {
		Fixture.createUsers(this.jdbc, 1000);
		assertThat(this.backfill.progress(Fixture.USERS).startedAt()).isNull();
		this.jdbc.execute("ANALYZE users");
		this.jdbc.execute("DELETE FROM users WHERE id > 10 AND id < 900");
		this.backfill.prepare(Fixture.USERS);
		BackfillProgress before = this.backfill.progress(Fixture.USERS);
		assertThat(before.rowsDone()).isZero();
		assertThat(before.rowsTotal()).isEqualTo(1000);
		assertThat(before.eta()).isNull();
		AtomicReference<BackfillProgress> under = new AtomicReference<>();
		AtomicInteger asked = new AtomicInteger();
		this.backfill.work(Fixture.USERS, () -> {
			if (asked.incrementAndGet() == 3) {
				under.set(this.backfill.progress(Fixture.USERS));
			}
			return true;
		});
		assertThat(under.get().rowsDone()).isEqualTo(100);
		assertThat(under.get().rowsPerSecond()).isPositive();
		assertThat(under.get().eta()).isNotNull();
		Fixture.finish(this.backfill, Fixture.USERS);
		BackfillProgress after = this.backfill.progress(Fixture.USERS);
		assertThat(after.rowsDone()).isEqualTo(111);
		assertThat(after.rowsTotal()).isEqualTo(111);
		assertThat(after.rowsCopied()).isEqualTo(111);
		assertThat(after.finishedAt()).isNotNull();
	}

	@Test
	void saysWhyItWaitsAndHoldsWhenASignalCannotBeRead() {
		Fixture.createUsers(this.jdbc, 1000);
		AtomicReference<Optional<String>> signal = new AtomicReference<>(Optional.of("The replica is slow."));
		Backfill held = new Backfill(this.database.dataSource(), Fixture.settings(100, Duration.ofSeconds(30)),
				(table) -> signal.get());
		held.prepare(Fixture.USERS);
		assertThat(held.work(Fixture.USERS, Fixture.ALWAYS)).isTrue();
		assertThat(held.progress(Fixture.USERS).state()).isEqualTo("The replica is slow.");
		assertThat(held.progress(Fixture.USERS).rowsDone()).isZero();
		signal.set(Optional.empty());
		Fixture.finish(held, Fixture.USERS);
	}

	@Test
	void holdsWhileASessionWaitsForTheTable() throws Exception {
		Fixture.createUsers(this.jdbc, 10);
		DatabaseThrottle throttle = new DatabaseThrottle(
				new Transactions(this.database.dataSource(), BackfillSettings.defaults()));
		assertThat(throttle.hold(Fixture.USERS.table())).isEmpty();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (Connection blocker = this.database.dataSource().getConnection();
				Statement statement = blocker.createStatement()) {
			blocker.setAutoCommit(false);
			statement.execute("SELECT count(*) FROM users");
			Future<?> waiting = executor.submit(() -> this.jdbc.execute("ALTER TABLE users ADD COLUMN more int"));
			Fixture.await(() -> throttle.hold(Fixture.USERS.table()).isPresent());
			assertThat(throttle.hold(Fixture.USERS.table()).orElse("")).contains("1 sessions wait");
			blocker.rollback();
			assertThat(waiting).satisfies((future) -> future.get());
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			executor.shutdown();
		}
	}

	@Test
	void resetForgetsEverything() {
		Fixture.createUsers(this.jdbc, 100);
		this.backfill.prepare(Fixture.USERS);
		Fixture.finish(this.backfill, Fixture.USERS);
		this.backfill.verify(Fixture.USERS, Fixture.ALWAYS);
		unfilled();
		this.backfill.reset(Fixture.USERS);
		assertThat(this.backfill.complete(Fixture.USERS)).isFalse();
		assertThat(this.backfill.lastVerification(Fixture.USERS)).isEmpty();
		fill(Fixture.USERS, 100);
	}

	@Test
	void reverseFillsTheOldColumn() {
		Fixture.createUsers(this.jdbc, 1000);
		this.jdbc.execute(
				"SET expand_contract.sync = 'off'; UPDATE users SET handle = 'new' || id, username = NULL WHERE id % 2 = 0; UPDATE users SET handle = username WHERE id % 2 = 1");
		this.backfill.reverse(Fixture.USERS, Fixture.ALWAYS);
		assertThat(this.backfill.reverseComplete(Fixture.USERS)).isTrue();
		assertThat(this.backfill.complete(Fixture.USERS)).isFalse();
		assertThat(this.jdbc.queryForObject(
				"SELECT count(*) FROM users WHERE username = CASE WHEN id % 2 = 0 THEN 'new' ELSE 'name' END || id",
				Long.class))
			.isEqualTo(1000);
		this.backfill.forgetReverse(Fixture.USERS);
		assertThat(this.backfill.reverseComplete(Fixture.USERS)).isFalse();
	}

	@Test
	void vacuumsWhileItFills() {
		Fixture.createUsers(this.jdbc, 300_000);
		Backfill vacuuming = new Backfill(this.database.dataSource(), BackfillSettings.defaults());
		vacuuming.prepare(Fixture.USERS);
		Fixture.finish(vacuuming, Fixture.USERS);
		assertThat(this.jdbc.queryForObject("SELECT vacuumed_tenths FROM expand_contract.backfill_job", Integer.class))
			.isEqualTo(10);
		Fixture.await(() -> this.jdbc
			.queryForObject("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'users'", Long.class) > 0);
	}

	@Test
	void refusesATableThatDoesNotExist() {
		assertThatExceptionOfType(BackfillException.class).isThrownBy(() -> this.backfill.prepare(Fixture.USERS))
			.withMessageContaining("\"public.users\"");
	}

	private void unfilled() {
		this.jdbc.execute("SET expand_contract.sync = 'off'; UPDATE users SET handle = NULL");
	}

	private void fill(ColumnChange change, long rows) {
		this.backfill.prepare(change);
		Fixture.finish(this.backfill, change);
		assertThat(Fixture.differing(this.jdbc, change)).isZero();
		Verification verification = this.backfill.verify(change, Fixture.ALWAYS);
		assertThat(verification.rows()).isEqualTo(rows);
		assertThat(verification.clean()).isTrue();
	}

	private static void together(int threads, Callable<Void> task) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<Void>> futures = new ArrayList<>();
			for (int thread = 0; thread < threads; thread++) {
				futures.add(executor.submit(task));
			}
			for (Future<Void> future : futures) {
				future.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

}
