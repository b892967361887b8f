package io.github.expandcontract.pricing;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

import io.github.expandcontract.testing.Customers;

import org.springframework.context.ApplicationContext;

/**
 * The new release, whose prices are decimals.
 *
 * @param products its repository
 */
record NewTill(ProductRepository products) implements Customers.Till {

	static NewTill of(ApplicationContext context) {
		return new NewTill(context.getBean(ProductRepository.class));
	}

	@Override
	public long insert(int cents) {
		return Objects.requireNonNull(this.products.save(new Product(null, "new", price(cents))).id());
	}

	@Override
	public void update(long id, int cents) {
		if (ThreadLocalRandom.current().nextBoolean()) {
			this.products.save(new Product(id, "saved", price(cents)));
		}
		else {
			this.products.reprice(price(cents), id);
		}
	}

	@Override
	public boolean holds(long id, int cents) {
		return this.products.countByPrice(price(cents), id) == 1
				&& this.products.findById(id).orElseThrow().priceDecimal().compareTo(price(cents)) == 0;
	}

	private static BigDecimal price(int cents) {
		return BigDecimal.valueOf(cents, 2);
	}

}
