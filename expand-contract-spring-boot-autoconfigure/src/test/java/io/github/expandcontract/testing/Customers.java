package io.github.expandcontract.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writers and readers that keep in memory, in cents, what they wrote. Each row belongs to
 * one of them.
 */
public final class Customers implements AutoCloseable {

	private final Map<Long, Integer> written = new ConcurrentHashMap<>();

	private final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();

	private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean stop = new AtomicBoolean();

	private final AtomicLong operations = new AtomicLong();

	private final AtomicLong longestNanos = new AtomicLong();

	private final List<Thread> threads = new ArrayList<>();

	/**
	 * Adds a customer.
	 * @param till where it buys
	 * @return these customers
	 */
	public Customers at(Till till) {
		return begin(till);
	}

	/**
	 * Adds a customer of the release that knows prices in cents alone.
	 * @param jdbc its connections
	 * @return these customers
	 */
	public Customers previousRelease(JdbcTemplate jdbc) {
		return begin(new Till() {

			@Override
			public long insert(int cents) {
				return Objects.requireNonNull(
						jdbc.queryForObject("INSERT INTO products (price) VALUES (?) RETURNING id", Long.class, cents));
			}

			@Override
			public void update(long id, int cents) {
				jdbc.update("UPDATE products SET price = ? WHERE id = ?", cents, id);
			}

			@Override
			public boolean holds(long id, int cents) {
				return jdbc.queryForList("SELECT 1 FROM products WHERE price = ? AND id = ?", cents, id).size() == 1;
			}

		});
	}

	private Customers begin(Till till) {
		Thread thread = new Thread(() -> run(till), "customer");
		this.threads.add(thread);
		thread.start();
		return this;
	}

	private void run(Till till) {
		Map<Long, Integer> own = new HashMap<>();
		List<Long> ids = new ArrayList<>();
		while (!this.stop.get()) {
			int cents = ThreadLocalRandom.current().nextInt(1_000_000);
			long start = System.nanoTime();
			try {
				long id;
				if (ids.size() < 20 || cents % 3 == 0) {
					id = till.insert(cents);
					ids.add(id);
				}
				else {
					id = ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
					till.update(id, cents);
				}
				own.put(id, cents);
				long read = ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
				if (!till.holds(read, own.get(read))) {
					this.wrong.add("row " + read + " must hold " + own.get(read));
				}
			}
			catch (RuntimeException ex) {
				this.errors.add(ex);
			}
			this.longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
			this.operations.incrementAndGet();
			ChangeWalk.pause();
		}
		this.written.putAll(own);
	}

	/**
	 * Waits until some more of them have been served.
	 */
	public void served() {
		long before = this.operations.get();
		ChangeWalk.await(() -> this.operations.get() > before + 100, () -> "the traffic stands still " + this.errors);
	}

	/**
	 * Stops all and compares what the table holds with what they wrote.
	 * @param jdbc a connection of nobody's
	 * @param cents the expression by which to read it
	 */
	public void stopAndCompare(JdbcTemplate jdbc, String cents) {
		close();
		this.errors.stream().findFirst().ifPresent((error) -> {
			throw new AssertionError(this.errors.size() + " errors under traffic", error);
		});
		assertThat(this.wrong).isEmpty();
		assertThat(this.written).isNotEmpty();
		Map<Long, Integer> stored = new HashMap<>();
		jdbc.query("SELECT id, " + cents + " FROM products", (row) -> {
			stored.put(row.getLong(1), row.getInt(2));
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

	/**
	 * The longest time that one of them has waited.
	 * @return the time in milliseconds
	 */
	public long longestMillis() {
		return TimeUnit.NANOSECONDS.toMillis(this.longestNanos.get());
	}

	/**
	 * Where customers write and read prices.
	 */
	public interface Till {

		/**
		 * Adds a product.
		 * @param cents its price
		 * @return its id
		 */
		long insert(int cents);

		/**
		 * Writes another price.
		 * @param id the product
		 * @param cents its price
		 */
		void update(long id, int cents);

		/**
		 * Whether the price can be read and searched.
		 * @param id the product
		 * @param cents what it must be
		 * @return whether it is
		 */
		boolean holds(long id, int cents);

	}

}
