package io.github.expandcontract.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Upserts of the same fresh keys from two threads each, all the time, through every phase
 * and every move between them: {@code -Drace.seconds} says how long in each phase.
 */
class UpsertRaceIntegrationTests {

	private static final Duration IN_EACH_PHASE = Duration.ofSeconds(Integer.getInteger("race.seconds", 1));

	private static final Duration UNTIL_SEEN = Duration.ofSeconds(60);

	private static final int THREADS = 4;

	/** Each key is upserted that often. */
	private static final int RIVALS = 2;

	private static final String UPDATE = """
			INSERT INTO users (handle, email) VALUES (?, ?)
			ON CONFLICT (handle) DO UPDATE SET email = EXCLUDED.email, hits = users.hits + 1""";

	private static final String UPDATE_RETURNING = """
			INSERT INTO users AS u (email, handle) VALUES (?, ?)
			ON CONFLICT (handle) DO UPDATE SET handle = EXCLUDED.handle, email = EXCLUDED.email, hits = u.hits + 1
			WHERE u.handle = EXCLUDED.handle RETURNING u.handle, (xmax = 0) AS inserted""";

	private static final String NOTHING = """
			INSERT INTO users (handle, email) VALUES (?, ?) ON CONFLICT (handle) DO NOTHING""";

	private static final String NOTHING_AT_ALL = """
			INSERT INTO users (handle, email) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING *""";

	private final Map<String, AtomicInteger> written = new ConcurrentHashMap<>();

	private final Map<String, AtomicInteger> inserted = new ConcurrentHashMap<>();

	private final Queue<SQLException> errors = new ConcurrentLinkedQueue<>();

	private final AtomicLong tickets = new AtomicLong();

	private final AtomicBoolean done = new AtomicBoolean();

	private final AtomicBoolean racing = new AtomicBoolean();

	@ParameterizedTest
	@EnumSource(names = { "BOTH", "TRIGGER" })
	void rivalsNeverViolateAUniqueIndex(SyncMode sync) throws Exception {
		TestDatabase database = TestDatabase.create();
		createTable(database);
		Map<Phase, Long> upserts = new TreeMap<>();
		try (Rename rename = new Rename(database, sync)) {
			rename.expand();
			Traffic traffic = start(rename);
			for (Phase phase : Rename.FORWARD) {
				rename.move(phase);
				upserts.put(phase, race(IN_EACH_PHASE));
			}
			rename.move(Phase.BACKFILL);
			rename.move(Phase.SWITCH_READS);
			rename.move(Phase.STOP_DUAL_WRITE);
			race(Duration.ofMillis(200));
			assertThat(rename.plain.queryForObject("SELECT count(*) FROM users WHERE username IS DISTINCT FROM handle",
					Long.class))
				.as("rows out of step")
				.isZero();
			rename.move(Phase.CONTRACT);
			race(Duration.ofMillis(200));
			traffic.end();
			assertThat(this.errors).isEmpty();
			assertThat(rename.listener.refused).isEmpty();
			assertThat(upserts).allSatisfy((phase, count) -> assertThat(count).as(phase.name()).isGreaterThan(50));
			System.out.printf("Upserts with %s in %s each: %s%n", sync, IN_EACH_PHASE, upserts);
			assertEveryRow(rename);
		}
	}

	@Test
	void sameTrafficSeesTwoUniqueIndexesBesideEachOther() throws Exception {
		TestDatabase database = TestDatabase.create();
		createTable(database);
		try (Rename rename = new Rename(database, SyncMode.BOTH)) {
			rename.move(Phase.EXPAND);
			rename.plain.execute("CREATE UNIQUE INDEX too_early ON users (handle)");
			rename.move(Phase.DUAL_WRITE);
			Traffic traffic = start(rename);
			long deadline = System.nanoTime() + UNTIL_SEEN.toNanos();
			while (this.errors.isEmpty() && System.nanoTime() < deadline) {
				race(Duration.ofMillis(50));
			}
			traffic.end();
			assertThat(this.errors).isNotEmpty().allSatisfy((error) -> {
				assertThat(error.getSQLState()).isEqualTo("23505");
				assertThat(error.getMessage()).contains("too_early");
			});
		}
	}

	private static void createTable(TestDatabase database) {
		database.jdbc().execute("""
				CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
				username text NOT NULL CONSTRAINT users_username_key UNIQUE, email text NOT NULL,
				hits int NOT NULL DEFAULT 1)""");
	}

	/**
	 * Lets the threads run as fast as they can. Between the races they go on at a pace
	 * that leaves a backfill on two processors its share.
	 */
	private long race(Duration duration) throws InterruptedException {
		long from = this.tickets.get();
		this.racing.set(true);
		TimeUnit.NANOSECONDS.sleep(duration.toNanos());
		this.racing.set(false);
		return this.tickets.get() - from;
	}

	private Traffic start(Rename rename) {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		List<Future<?>> works = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			works.add(threads.submit(() -> {
				while (!this.done.get()) {
					upsert(rename, this.tickets.getAndIncrement());
					if (!this.racing.get()) {
						LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
					}
				}
				return null;
			}));
		}
		return new Traffic(threads, works);
	}

	private void upsert(Rename rename, long ticket) throws Exception {
		long key = ticket / RIVALS;
		String handle = "key" + key;
		String email = handle + "@" + ticket;
		try {
			int rows = rename.onConnection((connection) -> switch ((int) (key % 4)) {
				case 0 -> update(connection, UPDATE, handle, email);
				case 1 -> returning(connection, UPDATE_RETURNING, email, handle, handle);
				case 2 -> update(connection, NOTHING, handle, email);
				default -> returning(connection, NOTHING_AT_ALL, handle, email, handle);
			});
			this.written.computeIfAbsent(handle, (added) -> new AtomicInteger()).addAndGet(rows);
			this.inserted.computeIfAbsent(handle, (added) -> new AtomicInteger()).incrementAndGet();
		}
		catch (SQLException ex) {
			this.errors.add(ex);
		}
	}

	private static int update(Connection connection, String sql, String first, String second) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setString(1, first);
			statement.setString(2, second);
			return statement.executeUpdate();
		}
	}

	private static int returning(Connection connection, String sql, String first, String second, String handle)
			throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setString(1, first);
			statement.setString(2, second);
			try (ResultSet rows = statement.executeQuery()) {
				int count = 0;
				while (rows.next()) {
					assertThat(rows.getString("handle")).isEqualTo(handle);
					count++;
				}
				return count;
			}
		}
	}

	/**
	 * An upsert that updates writes each time, one that does nothing writes once.
	 */
	private void assertEveryRow(Rename rename) {
		Map<String, Integer> expected = new TreeMap<>();
		this.written.forEach((handle, rows) -> {
			boolean updates = Long.parseLong(handle.substring(3)) % 4 < 2;
			assertThat(rows.get()).as(handle).isEqualTo(updates ? this.inserted.get(handle).get() : 1);
			expected.put(handle, rows.get());
		});
		Map<String, Integer> found = new TreeMap<>();
		rename.plain.query("SELECT handle, hits, email FROM users", (row) -> {
			found.put(row.getString(1), row.getInt(2));
			assertThat(row.getString(3)).startsWith(row.getString(1) + "@");
		});
		assertThat(rename.plain.queryForObject("SELECT count(*) FROM users", Integer.class)).isEqualTo(found.size());
		assertThat(found).isEqualTo(expected);
	}

	private final class Traffic {

		private final ExecutorService threads;

		private final List<Future<?>> works;

		private Traffic(ExecutorService threads, List<Future<?>> works) {
			this.threads = threads;
			this.works = works;
		}

		void end() throws Exception {
			UpsertRaceIntegrationTests.this.done.set(true);
			for (Future<?> work : this.works) {
				work.get(60, TimeUnit.SECONDS);
			}
			this.threads.shutdown();
		}

	}

}
