package io.github.expandcontract.sample;

import java.math.BigDecimal;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * The service in its first phase, on the PostgreSQL that it brings along.
 */
@SpringBootTest
class SampleApplicationIntegrationTests {

	@Autowired
	private UserController users;

	@Autowired
	private OrderController orders;

	@Autowired
	private JdbcTemplate jdbc;

	@Test
	void writesTheOldColumnAndReadsItAsTheNewOne() {
		User created = this.users.create(new NewUser("ada", "ada@example.org"));
		assertThat(created.id()).isNotNull();
		assertThat(username(created)).isEqualTo("ada");
		assertThat(this.users.findById(created.id()).getBody()).extracting(User::handle).isEqualTo("ada");
		assertThat(this.users.findByHandle("ada").getBody()).extracting(User::id).isEqualTo(created.id());
	}

	@Test
	void readsWhatThePreviousReleaseWrote() {
		this.jdbc.update("INSERT INTO users (username, email) VALUES ('grace', 'grace@example.org')");
		User user = this.users.findByHandle("grace").getBody();
		assertThat(user).extracting(User::handle, User::email).containsExactly("grace", "grace@example.org");
	}

	@Test
	void changesAHandle() {
		User user = this.users.create(new NewUser("alan", "alan@example.org"));
		this.users.replace(user.id(), new NewUser("alan.2", "alan2@example.org"));
		assertThat(username(user)).isEqualTo("alan.2");
		this.users.updateHandle(user.id(), "alan.3");
		this.users.updateEmail(user.id(), "alan3@example.org");
		assertThat(username(user)).isEqualTo("alan.3");
		assertThat(this.users.findByHandle("alan.3").getBody()).extracting(User::email).isEqualTo("alan3@example.org");
		assertThat(this.users.findByHandle("alan").getStatusCode().value()).isEqualTo(404);
	}

	@Test
	void countsVisitsByUpsert() {
		User first = this.users.signIn(new NewUser("edsger", "edsger@example.org"));
		User second = this.users.signIn(new NewUser("edsger", "edsger@example.org"));
		assertThat(first.visits()).isEqualTo(1);
		assertThat(second.visits()).isEqualTo(2);
		assertThat(second.id()).isEqualTo(first.id());
	}

	@Test
	void insertsABatchAndPagesThroughIt() {
		List<User> batch = this.users
			.createAll(List.of(new NewUser("page-1", "a"), new NewUser("page-2", "b"), new NewUser("page-3", "c")));
		assertThat(batch).extracting(User::handle).containsExactlyInAnyOrder("page-1", "page-2", "page-3");
		assertThat(this.users.page("page-1", 2)).extracting(User::handle).containsExactly("page-2", "page-3");
	}

	@Test
	void deletes() {
		User user = this.users.create(new NewUser("barbara", "barbara@example.org"));
		assertThat(this.users.delete(user.id()).getStatusCode().value()).isEqualTo(204);
		assertThat(this.users.delete(user.id()).getStatusCode().value()).isEqualTo(404);
	}

	@Test
	void writesCentsAndReadsThemAsADecimal() {
		Order created = this.orders.create(new NewOrder("ada", new BigDecimal("12.34"), 2, "express"));
		assertThat(created.id()).isNotNull();
		assertThat(cents(created)).isEqualTo(1234);
		this.orders.setPrice(created.id(), new BigDecimal("99.95"));
		assertThat(cents(created)).isEqualTo(9995);
		assertThat(this.orders.findById(created.id()).getBody())
			.isEqualTo(new Order(created.id(), "ada", new BigDecimal("99.95"), 2, "express"));
		assertThat(this.orders.setPrice(-1, BigDecimal.TEN).getStatusCode().value()).isEqualTo(404);
	}

	@Test
	void readsOrdersOfThePreviousRelease() {
		Order last = this.orders.create(new NewOrder("grace", BigDecimal.ONE, 1, "express"));
		this.jdbc.update("INSERT INTO orders (customer, price, quantity) VALUES ('grace', 250, 10), ('grace', 5, 11)");
		assertThat(this.orders.page(last.id(), 2))
			.extracting(Order::customer, Order::priceDecimal, Order::quantity, Order::shippingMethod)
			.containsExactly(tuple("grace", new BigDecimal("2.50"), 10, "standard"),
					tuple("grace", new BigDecimal("0.05"), 11, "freight"));
	}

	private Integer cents(Order order) {
		return this.jdbc.queryForObject("SELECT price FROM orders WHERE id = ?", Integer.class, order.id());
	}

	private String username(User user) {
		return this.jdbc.queryForObject("SELECT username FROM users WHERE id = ?", String.class, user.id());
	}

}
