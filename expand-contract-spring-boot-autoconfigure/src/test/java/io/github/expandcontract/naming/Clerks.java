package io.github.expandcontract.naming;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.github.expandcontract.testing.ChangeWalk;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writers and readers that keep in memory what they wrote. Each row belongs to one of
 * them.
 */
final class Clerks implements AutoCloseable {

	private final Map<Long, Name> written = new ConcurrentHashMap<>();

	private final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();

	private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean stop = new AtomicBoolean();

	private final AtomicLong operations = new AtomicLong();

	private final List<Thread> threads = new ArrayList<>();

	/**
	 * Takes over rows that were there before, so that ones are written that are not
	 * filled.
	 */
	Clerks newRelease(ApplicationContext context, JdbcTemplate jdbc, long from, long to) {
		PersonRepository people = context.getBean(PersonRepository.class);
		return begin(jdbc, from, to, new Desk() {

			@Override
			public long insert(Name name) {
				return Objects.requireNonNull(people.save(person(null, name)).id());
			}

			@Override
			public Name update(long id, Name name, Name before) {
				if (name.hashCode() % 2 == 0) {
					people.save(person(id, name));
					return name;
				}
				people.marry(name.last(), id);
				return new Name(before.first(), name.last());
			}

			@Override
			public boolean holds(long id, Name name) {
				Person person = people.findById(id).orElseThrow();
				return people.countByNames(name.first(), name.last(), id) == 1
						&& new Name(person.firstName(), person.lastName()).equals(name);
			}

			private Person person(@Nullable Long id, Name name) {
				return new Person(id, name.first(), name.last(), name.full());
			}

		});
	}

	/**
	 * Knows one name alone.
	 * @param handle the name that the column beside it has at the time
	 */
	Clerks previousRelease(JdbcTemplate jdbc, String handle, long from, long to) {
		return begin(jdbc, from, to, new Desk() {

			@Override
			public long insert(Name name) {
				return Objects.requireNonNull(
						jdbc.queryForObject("INSERT INTO people (full_name, " + handle + ") VALUES (?, ?) RETURNING id",
								Long.class, name.full(), name.full()));
			}

			@Override
			public Name update(long id, Name name, Name before) {
				jdbc.update("UPDATE people SET full_name = ? WHERE id = ?", name.full(), id);
				return name;
			}

			@Override
			public boolean holds(long id, Name name) {
				return jdbc.queryForList("SELECT 1 FROM people WHERE full_name = ? AND id = ?", name.full(), id)
					.size() == 1;
			}

		});
	}

	private Clerks begin(JdbcTemplate jdbc, long from, long to, Desk desk) {
		Map<Long, Name> own = new HashMap<>();
		jdbc.query("SELECT id, full_name FROM people WHERE id BETWEEN ? AND ?", (row) -> {
			String[] names = row.getString(2).split(" ", 2);
			own.put(row.getLong(1), new Name(names[0], names[1]));
		}, from, to);
		Thread thread = new Thread(() -> run(own, desk, new Random(from)), "clerk");
		this.threads.add(thread);
		thread.start();
		return this;
	}

	private void run(Map<Long, Name> own, Desk desk, Random random) {
		List<Long> ids = new ArrayList<>(own.keySet());
		while (!this.stop.get()) {
			Name name = Name.random(random);
			try {
				if (random.nextInt(4) == 0) {
					long id = desk.insert(name);
					ids.add(id);
					own.put(id, name);
				}
				else {
					long id = ids.get(random.nextInt(ids.size()));
					own.put(id, desk.update(id, name, own.get(id)));
				}
				long read = ids.get(random.nextInt(ids.size()));
				if (!desk.holds(read, own.get(read))) {
					this.wrong.add("row " + read + " must hold " + own.get(read));
				}
			}
			catch (RuntimeException ex) {
				this.errors.add(ex);
			}
			this.operations.incrementAndGet();
			ChangeWalk.pause();
		}
		this.written.putAll(own);
	}

	void served() {
		long before = this.operations.get();
		ChangeWalk.await(() -> this.operations.get() > before + 100, () -> "the traffic stands still " + this.errors);
	}

	/**
	 * Stops all and compares what the table holds with what they wrote.
	 * @param full whether the old column is there to be compared, else the new ones
	 */
	void stopAndCompare(JdbcTemplate jdbc, boolean full) {
		close();
		this.errors.stream().findFirst().ifPresent((error) -> {
			throw new AssertionError(this.errors.size() + " errors under traffic", error);
		});
		assertThat(this.wrong).isEmpty();
		assertThat(this.written).isNotEmpty();
		Map<Long, String> expected = new HashMap<>();
		this.written.forEach((id, name) -> expected.put(id, full ? name.full() : name.toString()));
		Map<Long, String> stored = new HashMap<>();
		jdbc.query("SELECT * FROM people", (row) -> {
			stored.put(row.getLong("id"), full ? row.getString("full_name")
					: new Name(row.getString("first_name"), row.getString("last_name")).toString());
		});
		assertThat(stored).containsAllEntriesOf(expected);
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

	/**
	 * A name; the first part may be of two words, which one text does not tell from the
	 * last one.
	 */
	record Name(String first, @Nullable String last) {

		static Name random(Random random) {
			String first = "A" + random.nextInt(1_000_000) + (random.nextInt(3) == 0 ? " B" : "");
			return new Name(first, (random.nextInt(3) == 0) ? null : "C" + random.nextInt(1_000_000));
		}

		String full() {
			return (this.last != null) ? this.first + " " + this.last : this.first;
		}

	}

	private interface Desk {

		long insert(Name name);

		Name update(long id, Name name, Name before);

		boolean holds(long id, Name name);

	}

}
