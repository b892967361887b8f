package io.github.expandcontract.sample.demo;

import java.util.Objects;

/**
 * What one order must hold. One client writes its price, which rises by the same step
 * each time, so that a price tells how many writes it has seen. Anyone reads.
 */
final class OrderRow {

	/** How many cents a price rises each time. */
	static final int STEP = 125;

	private final SeenOrder made;

	private int issued;

	private int committed;

	/**
	 * Creates an order whose first price is in the database.
	 * @param made the order as it was made, with its shipping method
	 */
	OrderRow(SeenOrder made) {
		this.made = made;
	}

	long id() {
		return this.made.id();
	}

	/**
	 * The next price to write.
	 * @return a price in cents that the order never had before
	 */
	synchronized int issue() {
		this.issued++;
		return this.made.cents() + this.issued * STEP;
	}

	/**
	 * Says that the price issued last is in the database.
	 */
	synchronized void commit() {
		this.committed = this.issued;
	}

	/**
	 * The last price that is known to be in the database, by its number.
	 * @return the number of writes until then
	 */
	synchronized int committed() {
		return this.committed;
	}

	/**
	 * Compares what was read with what may have been there.
	 * @param seen what was read
	 * @param since what {@link #committed()} was before the read began
	 */
	synchronized void check(SeenOrder seen, int since) {
		int rise = seen.cents() - this.made.cents();
		boolean holds = seen.id() == this.made.id() && seen.customer().equals(this.made.customer())
				&& seen.quantity() == this.made.quantity()
				&& (seen.shippingMethod() == null || Objects.equals(seen.shippingMethod(), this.made.shippingMethod()))
				&& rise % STEP == 0 && rise / STEP >= since && rise / STEP <= this.issued;
		if (!holds) {
			throw new WrongValueException("Read " + seen + ", but it was made as " + this.made
					+ " and its price rose by " + STEP + " cents " + since + " to " + this.issued + " times");
		}
	}

}
