package io.github.expandcontract.lifecycle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.expandcontract.testing.ChangeWalk;

import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writers and readers of both releases, which keep what they wrote in memory. Each row
 * belongs to one writer, so that what it must hold is always known exactly.
 */
final class Traffic implements AutoCloseable {

	private static final AtomicInteger WRITERS = new AtomicInteger();

	private final Map<Long, String> written = new ConcurrentHashMap<>();

	private final Map<String, Throwable> errors = new ConcurrentHashMap<>();

	private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean stop = new AtomicBoolean();

	private final AtomicLong longestNanos = new AtomicLong();

	private final AtomicLong operations = new AtomicLong();

	private final List<Thread> threads = new ArrayList<>();

	Traffic newRelease(ApplicationContext context) {
		UserRepository users = context.getBean(UserRepository.class);
		UserQueries queries = context.getBean(UserQueries.class);
		return begin(new Writer() {

			@Override
			public long insert(String name) {
				return ThreadLocalRandom.current().nextBoolean() ? users.save(new User(null, name, null)).id()
						: queries.upsert(name, "upsert@example.org");
			}

			@Override
			public void update(long id, String from, String to) {
				if (ThreadLocalRandom.current().nextBoolean()) {
					users.save(new User(id, to, "saved@example.org"));
				}
				else {
					queries.rename(from, to);
				}
			}

			@Override
			public String read(long id, String name) {
				return users.findByHandle(name)
					.filter((user) -> user.id() == id)
					.flatMap((user) -> users.findById(id))
					.map(User::handle)
					.orElse(null);
			}

		});
	}

	Traffic previousRelease(JdbcTemplate jdbc) {
		return begin(new Writer() {

			@Override
			public long insert(String name) {
				return jdbc.queryForObject("INSERT INTO users (username) VALUES (?) RETURNING id", Long.class, name);
			}

			@Override
			public void update(long id, String from, String to) {
				jdbc.update("UPDATE users SET username = ? WHERE id = ?", to, id);
			}

			@Override
			public String read(long id, String name) {
				return jdbc.queryForObject("SELECT max(username) FROM users WHERE username = ? AND id = ?",
						String.class, name, id);
			}

		});
	}

	private Traffic begin(Writer writer) {
		int number = WRITERS.incrementAndGet();
		Thread thread = new Thread(() -> run(writer, "w" + number + "-"), "traffic-" + number);
		this.threads.add(thread);
		thread.start();
		return this;
	}

	private void run(Writer writer, String prefix) {
		Map<Long, String> own = new HashMap<>();
		List<Long> ids = new ArrayList<>();
		long counter = 0;
		while (!this.stop.get()) {
			String name = prefix + ++counter;
			long start = System.nanoTime();
			try {
				if (ids.size() < 20 || counter % 3 == 0) {
					long id = writer.insert(name);
					ids.add(id);
					own.put(id, name);
				}
				else {
					long id = ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
					writer.update(id, own.get(id), name);
					own.put(id, name);
				}
				long id = ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
				String read = writer.read(id, own.get(id));
				if (!own.get(id).equals(read)) {
					this.wrong.add("row " + id + " must hold " + own.get(id) + " but " + read + " was read");
				}
			}
			catch (RuntimeException ex) {
				this.errors.putIfAbsent(String.valueOf(ex.getMessage()), ex);
			}
			this.operations.incrementAndGet();
			this.longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
			ChangeWalk.pause();
		}
		this.written.putAll(own);
	}

	long operations() {
		return this.operations.get();
	}

	long longestMillis() {
		return TimeUnit.NANOSECONDS.toMillis(this.longestNanos.get());
	}

	/**
	 * Stops all writers and compares what the table holds with what they wrote.
	 * @param jdbc a connection of nobody's
	 * @param column the column to read
	 */
	void stopAndCompare(JdbcTemplate jdbc, String column) {
		close();
		this.errors.values().stream().findFirst().ifPresent((error) -> {
			throw new AssertionError(this.errors.size() + " kinds of error under traffic", error);
		});
		assertThat(this.wrong).isEmpty();
		assertThat(this.written).isNotEmpty();
		Map<Long, String> stored = new HashMap<>();
		jdbc.query("SELECT id, " + column + " FROM users", (row) -> {
			stored.put(row.getLong(1), row.getString(2));
		});
		assertThat(stored).containsAllEntriesOf(this.written);
	}

	@Override
	public void close() {
		this.stop.set(true);
		for (Thread thread : this.threads) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private interface Writer {

		long insert(String name);

		void update(long id, String from, String to);

		String read(long id, String name);

	}

}
