package io.github.expandcontract.sample.demo;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * What the traffic wrote, kept outside the database. A seeded row enters when a client
 * first touches it; one that never did still holds its seed.
 */
final class Ledger {

	private final Seed seed;

	private final OrderLedger orders;

	private final Map<Long, LedgerRow> rows = new ConcurrentHashMap<>();

	private final Map<String, LedgerRow> guests = new ConcurrentHashMap<>();

	private final Set<String> creating = ConcurrentHashMap.newKeySet();

	private final AtomicReferenceArray<@Nullable LedgerRow> recent = new AtomicReferenceArray<>(2048);

	Ledger(Seed seed) {
		this.seed = seed;
		this.orders = new OrderLedger(seed);
	}

	/**
	 * What was written to the orders.
	 * @return their own ledger
	 */
	OrderLedger orders() {
		return this.orders;
	}

	Seed seed() {
		return this.seed;
	}

	LedgerRow seeded(long id) {
		return this.rows.computeIfAbsent(id, (key) -> LedgerRow.of(key, this.seed.handle(key)));
	}

	@Nullable LedgerRow find(long id) {
		return this.rows.get(id);
	}

	/**
	 * Says that a row is about to be made.
	 * @param handle its handle
	 */
	void announce(String handle) {
		this.creating.add(handle);
	}

	/**
	 * Takes in a row that was announced and has been made.
	 * @param handle the handle that was sent
	 * @param seen what came back
	 * @return the row
	 */
	LedgerRow created(String handle, Seen seen) {
		LedgerRow row = LedgerRow.of(seen.id(), handle);
		row.check(seen, System.nanoTime(), 0);
		if (this.rows.putIfAbsent(seen.id(), row) != null) {
			throw new WrongValueException("Made " + seen + ", but there is a row with that id");
		}
		this.creating.remove(handle);
		return row;
	}

	/**
	 * A row that is made by the first of several clients to sign in.
	 * @param handle its handle
	 * @return the row, which may not be in the database yet
	 */
	LedgerRow guest(String handle) {
		return this.guests.computeIfAbsent(handle, LedgerRow::unborn);
	}

	/**
	 * Takes in a guest whose key is known now.
	 * @param guest the row
	 */
	void arrived(LedgerRow guest) {
		this.rows.putIfAbsent(guest.id(), guest);
	}

	/**
	 * Checks a row that a read came across without having asked for it.
	 * @param seen what was read
	 * @param since when the read began, by {@link System#nanoTime()}
	 */
	void check(Seen seen, long since) {
		LedgerRow row = known(seen);
		if (row != null) {
			row.check(seen, since, 0);
		}
		else if (!this.creating.contains(seen.handle()) && known(seen) == null) {
			throw new WrongValueException("Read " + seen + ", which nobody wrote");
		}
	}

	private @Nullable LedgerRow known(Seen seen) {
		if (this.seed.contains(seen.id())) {
			return seeded(seen.id());
		}
		LedgerRow row = this.rows.get(seen.id());
		return (row != null) ? row : this.guests.get(seen.handle());
	}

	void touched(LedgerRow row) {
		this.recent.set(ThreadLocalRandom.current().nextInt(this.recent.length()), row);
	}

	/**
	 * A row that some client wrote not long ago, or a seeded one.
	 * @return a row that is in the database, unless it is being deleted
	 */
	LedgerRow any() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		LedgerRow row = (random.nextInt(4) > 0) ? this.recent.get(random.nextInt(this.recent.length())) : null;
		return (row != null) ? row : seeded(1 + random.nextInt(this.seed.rows()));
	}

	Collection<LedgerRow> rows() {
		return Collections.unmodifiableCollection(this.rows.values());
	}

}
