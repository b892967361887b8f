package io.github.expandcontract.ordering;

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
 * Writers and readers that keep in memory what each row must hold. A row belongs to one
 * of them; those that were there before belong to all, and nobody changes them.
 */
final class Clerks implements AutoCloseable {

	private final int seeded;

	private final Map<Long, String> written = new ConcurrentHashMap<>();

	private final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();

	private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean stop = new AtomicBoolean();

	private final AtomicLong operations = new AtomicLong();

	private final List<Thread> threads = new ArrayList<>();

	Clerks(int seeded) {
		this.seeded = seeded;
	}

	Clerks newRelease(ApplicationContext context) {
		OrderRepository orders = context.getBean(OrderRepository.class);
		return begin(new Desk() {

			@Override
			public Order insert(Order order) {
				return orders.save(order);
			}

			@Override
			public Order update(Order order) {
				BigDecimal total = BigDecimal.valueOf(ThreadLocalRandom.current().nextInt(1_000_000), 2);
				Order changed = new Order(order.id(), order.price(), order.quantity(), "courier", total);
				if (ThreadLocalRandom.current().nextBoolean()) {
					return orders.save(changed);
				}
				assertThat(orders.ship("courier", total, id(order))).isOne();
				return changed;
			}

			@Override
			public String read(Order order) {
				List<Order> found = orders.find(order.shippingMethod(), order.total(), id(order));
				assertThat(found).hasSize(1);
				assertThat(found).containsExactly(orders.findById(id(order)).orElseThrow());
				return found.get(0).describe();
			}

		});
	}

	/**
	 * One that neither names the new columns nor knows of them.
	 */
	Clerks previousRelease(JdbcTemplate jdbc) {
		return begin(new Desk() {

			@Override
			public Order insert(Order order) {
				Long id = jdbc.queryForObject("INSERT INTO orders (price, quantity) VALUES (?, ?) RETURNING id",
						Long.class, order.price(), order.quantity());
				return new Order(id, order.price(), order.quantity(), "standard", product(order));
			}

			@Override
			public Order update(Order order) {
				BigDecimal price = order.price().add(BigDecimal.ONE);
				jdbc.update("UPDATE orders SET price = ? WHERE id = ?", price, order.id());
				return new Order(order.id(), price, order.quantity(), order.shippingMethod(), order.total());
			}

			@Override
			public String read(Order order) {
				String found = jdbc.queryForObject("SELECT price || '|' || quantity FROM orders WHERE id = ?",
						String.class, order.id());
				return found + "|" + order.shippingMethod() + "|" + order.total();
			}

		});
	}

	private static long id(Order order) {
		return Objects.requireNonNull(order.id());
	}

	private static BigDecimal product(Order order) {
		return order.price().multiply(BigDecimal.valueOf(order.quantity()));
	}

	/**
	 * A row that was there before.
	 */
	static Order seeded(long id) {
		Order order = new Order(id, BigDecimal.valueOf(id, 2), 3, "standard", BigDecimal.ZERO);
		return new Order(id, order.price(), order.quantity(), order.shippingMethod(), product(order));
	}

	private Clerks begin(Desk desk) {
		Thread thread = new Thread(() -> run(desk), "clerk");
		this.threads.add(thread);
		thread.start();
		return this;
	}

	private void run(Desk desk) {
		Map<Long, Order> own = new HashMap<>();
		List<Long> ids = new ArrayList<>();
		ThreadLocalRandom random = ThreadLocalRandom.current();
		while (!this.stop.get()) {
			try {
				Order saved;
				if (ids.size() < 20 || random.nextInt(3) == 0) {
					saved = desk.insert(new Order(null, BigDecimal.valueOf(random.nextInt(100_000), 2),
							random.nextInt(1, 9), "express", BigDecimal.valueOf(random.nextInt(1_000_000), 2)));
					ids.add(id(saved));
				}
				else {
					saved = desk.update(own.get(ids.get(random.nextInt(ids.size()))));
				}
				own.put(id(saved), saved);
				check(desk, own.get(ids.get(random.nextInt(ids.size()))));
				check(desk, seeded(random.nextInt(this.seeded) + 1));
			}
			catch (RuntimeException | AssertionError ex) {
				this.errors.add(ex);
			}
			this.operations.incrementAndGet();
			ChangeWalk.pause();
		}
		own.forEach((id, order) -> this.written.put(id, order.describe()));
	}

	private void check(Desk desk, Order order) {
		String read = desk.read(order);
		if (!read.equals(order.describe())) {
			this.wrong.add(order + " was read as " + read);
		}
	}

	void served() {
		long before = this.operations.get();
		ChangeWalk.await(() -> this.operations.get() > before + 50, () -> "the traffic stands still " + this.errors);
	}

	/**
	 * Stops all and compares what the table holds with what they wrote.
	 * @param jdbc a connection of nobody's
	 */
	void stopAndCompare(JdbcTemplate jdbc) {
		close();
		this.errors.stream().findFirst().ifPresent((error) -> {
			throw new AssertionError(this.errors.size() + " errors under traffic", error);
		});
		assertThat(this.wrong).isEmpty();
		assertThat(this.written).isNotEmpty();
		Map<Long, String> expected = new HashMap<>(this.written);
		for (long id = 1; id <= this.seeded; id++) {
			expected.put(id, seeded(id).describe());
		}
		Map<Long, String> stored = new HashMap<>();
		jdbc.query("SELECT id, price || '|' || quantity || '|' || shipping_method || '|' || total FROM orders",
				(row) -> {
					stored.put(row.getLong(1), row.getString(2));
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

	private interface Desk {

		Order insert(Order order);

		Order update(Order order);

		String read(Order order);

	}

}
