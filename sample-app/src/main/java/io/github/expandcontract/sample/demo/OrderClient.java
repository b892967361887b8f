package io.github.expandcontract.sample.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a client does with orders. It writes only rows that no other client writes, and
 * reads everyone's. Half of the time it takes one of the few rows that all take often.
 */
final class OrderClient {

	private static final int POPULAR = 400;

	private static final int PAGE = 10;

	private final OrderLedger ledger;

	private final int number;

	private final int clients;

	private final List<OrderRow> created = new ArrayList<>();

	/**
	 * Creates a client.
	 * @param ledger what is written down
	 * @param number this one's number, from 0
	 * @param clients how many clients there are
	 */
	OrderClient(OrderLedger ledger, int number, int clients) {
		this.ledger = ledger;
		this.number = number;
		this.clients = clients;
	}

	void read(Release release) {
		OrderRow row = takesCreated() ? this.created.get(random(this.created.size()))
				: this.ledger.seeded(1 + random(bound()));
		int since = row.committed();
		SeenOrder seen = release.orders()
			.findById(row.id())
			.orElseThrow(() -> new WrongValueException("Order " + row.id() + " was not found"));
		row.check(seen, since);
	}

	void readPage(Release release) {
		int after = random(bound() - PAGE);
		List<OrderRow> rows = new ArrayList<>();
		for (int i = 1; i <= PAGE; i++) {
			rows.add(this.ledger.seeded(after + i));
		}
		List<Integer> since = rows.stream().map(OrderRow::committed).toList();
		List<SeenOrder> page = release.orders().page(after, PAGE);
		if (page.size() != PAGE) {
			throw new WrongValueException("Asked for " + PAGE + " orders after " + after + " and got " + page);
		}
		for (int i = 0; i < PAGE; i++) {
			rows.get(i).check(page.get(i), since.get(i));
		}
	}

	void reprice(Release release) {
		OrderRow row = takesCreated() ? this.created.get(random(this.created.size()))
				: this.ledger.seeded(1 + this.number + (long) this.clients * random(bound() / this.clients));
		if (!release.orders().setPrice(row.id(), row.issue())) {
			throw new WrongValueException("Order " + row.id() + " could not be written, it was not found");
		}
		row.commit();
	}

	void create(Release release) {
		String customer = "client-" + this.number;
		int cents = 1 + random(100_000);
		int quantity = 1 + random(20);
		SeenOrder seen = release.orders().create(customer, cents, quantity);
		String shippingMethod = release.orders().shippingMethod(quantity);
		OrderRow row = this.ledger.created(new SeenOrder(seen.id(), customer, cents, quantity, shippingMethod));
		this.created.add(row);
		row.check(seen, 0);
	}

	private boolean takesCreated() {
		return !this.created.isEmpty() && random(4) == 0;
	}

	private int bound() {
		return (random(2) == 0) ? POPULAR : this.ledger.seeded();
	}

	private static int random(int bound) {
		return ThreadLocalRandom.current().nextInt(bound);
	}

}
