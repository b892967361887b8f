package io.github.expandcontract.sample.demo;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * What the traffic wrote to the orders, kept outside the database. A seeded row enters
 * when a client first touches it.
 */
final class OrderLedger {

	private final Seed seed;

	private final Map<Long, OrderRow> rows = new ConcurrentHashMap<>();

	OrderLedger(Seed seed) {
		this.seed = seed;
	}

	/**
	 * The number of seeded orders, whose keys are those from 1 to there.
	 * @return the number
	 */
	int seeded() {
		return this.seed.orders();
	}

	/**
	 * Finds a row by its key.
	 * @param id the key
	 * @return the row, or {@code null} if it was neither seeded nor written
	 */
	@Nullable OrderRow find(long id) {
		return (id >= 1 && id <= seeded()) ? seeded(id) : this.rows.get(id);
	}

	OrderRow seeded(long id) {
		return this.rows.computeIfAbsent(id, (key) -> new OrderRow(this.seed.order(key)));
	}

	/**
	 * Takes in an order that has been made.
	 * @param made what it must be
	 * @return the row
	 */
	OrderRow created(SeenOrder made) {
		OrderRow row = new OrderRow(made);
		if (made.id() <= seeded() || this.rows.putIfAbsent(made.id(), row) != null) {
			throw new WrongValueException("Made " + made + ", but there is an order with that id");
		}
		return row;
	}

	Collection<OrderRow> rows() {
		return Collections.unmodifiableCollection(this.rows.values());
	}

}
