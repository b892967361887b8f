package io.github.expandcontract.pricing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.github.expandcontract.testing.ChangeWalk;

import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writers and readers that keep in memory, in cents, what they wrote. Each row belongs to
 * one of them.
 */
final class Customers implements AutoCloseable {

	private final Map<Long, Integer> written = new ConcurrentHashMap<>();

	private final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();

	private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean stop = new AtomicBoolean();

	private final AtomicLong operations = new AtomicLong();

	private final List<Thread> threads = new ArrayList<>();

	Customers newRelease(ApplicationContext context) {
		ProductRepository products = context.getBean(ProductRepository.class);
		return begin(new Till() {

			@Override
			public long insert(int cents) {
				return Objects.requireNonNull(products.save(new Product(null, "new", price(cents))).id());
			}

			@Override
			public void update(long id, int cents) {
				if (ThreadLocalRandom.current().nextBoolean()) {
					products.save(new Product(id, "saved", price(cents)));
				}
				else {
					products.reprice(price(cents), id);
				}
			}

			@Override
			public boolean holds(long id, int cents) {
				return products.countByPrice(price(cents), id) == 1
						&& products.findById(id).orElseThrow().priceDecimal().compareTo(price(cents)) == 0;
			}

		});
	}

	Customers previousRelease(JdbcTemplate jdbc) {
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

	private static BigDecimal price(int cents) {
		return BigDecimal.valueOf(cents, 2);
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
			this.operations.incrementAndGet();
		}
		this.written.putAll(own);
	}

	void served() {
		long before = this.operations.get();
		ChangeWalk.await(() -> this.operations.get() > before + 100, () -> "the traffic stands still " + this.errors);
	}

	/**
	 * Stops all and compares what the table holds with what they wrote.
	 * @param jdbc a connection of nobody's
	 * @param cents the expression by which to read it
	 */
	void stopAndCompare(JdbcTemplate jdbc, String cents) {
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

	private interface Till {

		long insert(int cents);

		void update(long id, int cents);

		boolean holds(long id, int cents);

	}

}
