package io.github.expandcontract.ordering;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.DocPage;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether {@code docs/required-column.md} says what is so.
 */
class RequiredColumnPageIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	private final DocPage page = DocPage.read("required-column.md");

	@Test
	void itsJavaIsCompiled() {
		this.page.requireJavaIn(Order.class, RequiredColumnPageIntegrationTests.class);
	}

	@Test
	void itsExamplesRun() {
		OrderDesk.open(this.database.url(), "expand-contract.enabled=false").close();
		this.plain.update("INSERT INTO orders (price, quantity) VALUES (1.5, 2)");
		List<String> sql = this.page.examples("sql");
		assertThat(sql).hasSize(3);
		try (ConfigurableApplicationContext context = OrderDesk.open(this.database.url(), properties())) {
			ChangeWalk.await(
					() -> OrderDesk.SHIPPING.phase(context) == Phase.CONTRACT
							&& OrderDesk.TOTAL.phase(context) == Phase.STOP_DUAL_WRITE,
					() -> OrderDesk.SHIPPING.status(context) + " " + OrderDesk.TOTAL.status(context));
			assertThat(context.getBean(OrderRepository.class).findAll()).extracting(Order::describe)
				.containsExactly("1.50|2|standard|3.00");
		}
		this.plain.execute("ALTER TABLE orders DROP shipping_method");
		this.plain.execute("BEGIN; " + sql.get(0) + " COMMIT");
		assertThat(sql.get(1).split(";")).hasSize(4).allSatisfy(this.plain::execute);
		assertThat(required()).containsExactly("id", "price", "quantity", "shipping_method", "total");
		sql.get(2).lines().forEach(this.plain::execute);
		assertThat(required()).containsExactly("id", "price", "quantity", "shipping_method");
		assertThat(this.plain.queryForList("SELECT tgname FROM pg_trigger WHERE tgrelid = 'orders'::regclass"))
			.isEmpty();
		assertThat(this.plain.queryForList("SELECT proname FROM pg_proc WHERE proname LIKE 'sync\\_orders%'"))
			.isEmpty();
		assertThat(this.plain.queryForList("SELECT id FROM expand_contract.change", String.class))
			.containsExactly("orders-shipping-method");
	}

	private String[] properties() {
		YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
		yaml.setResources(new ByteArrayResource(this.page.examples("yaml").get(0).getBytes(StandardCharsets.UTF_8)));
		return Map.copyOf(yaml.getObject())
			.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + "=" + entry.getValue())
			.toArray(String[]::new);
	}

	private List<String> required() {
		return this.plain.queryForList("SELECT attname FROM pg_attribute WHERE attrelid = 'orders'::regclass "
				+ "AND attnotnull AND attnum > 0 ORDER BY 1", String.class);
	}

	@Test
	void itsBeanIsTaken() {
		OrderDesk.open(Channels.class, this.database.url()).close();
		assertThat(this.plain.queryForObject("INSERT INTO orders (price, quantity) VALUES (1, 2) RETURNING channel",
				String.class))
			.isEqualTo("web");
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Channels {

		@Bean
		ChangeDeclaration channel() {
			return ChangeDeclaration.addColumn("orders", "channel", "text", "'unknown'").withDefault("'web'");
		}

	}

}
