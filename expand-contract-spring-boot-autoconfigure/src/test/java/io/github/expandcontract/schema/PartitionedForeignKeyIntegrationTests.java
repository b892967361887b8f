package io.github.expandcontract.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.change.AddForeignKey;
import io.github.expandcontract.change.ConstraintTiming;
import io.github.expandcontract.change.ReferentialAction;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A foreign key between partitioned tables, by the ways that every server has.
 */
class PartitionedForeignKeyIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMillis(300);

	private static final String KEY = "orders_customer_fkey";

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	@BeforeEach
	void tables() {
		this.jdbc.execute("""
				CREATE SCHEMA expand_contract;
				CREATE TABLE customers (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
				CREATE TABLE customers_low PARTITION OF customers FOR VALUES FROM (MINVALUE) TO (10);
				CREATE TABLE customers_high PARTITION OF customers FOR VALUES FROM (10) TO (MAXVALUE);
				INSERT INTO customers SELECT generate_series(1, 20);
				CREATE TABLE orders (id bigint, customer_id bigint, year int) PARTITION BY LIST (year);
				CREATE TABLE orders_1 PARTITION OF orders FOR VALUES IN (1);
				CREATE TABLE orders_more PARTITION OF orders DEFAULT PARTITION BY RANGE (id);
				CREATE TABLE orders_2 PARTITION OF orders_more FOR VALUES FROM (MINVALUE) TO (30);
				CREATE TABLE orders_3 PARTITION OF orders_more DEFAULT;
				INSERT INTO orders SELECT i, 1 + i % 20, 1 + i % 3 FROM generate_series(1, 60) i
				""");
	}

	@Test
	void everyPartitionHasItAndThenTheTableWithoutReadingARow() throws Exception {
		for (String partition : List.of("orders_1", "orders_2", "orders_3")) {
			TableSteps steps = steps(partition);
			steps.check();
			forward(steps);
			assertThat(steps.stage()).isEqualTo(Stage.COMPLETE);
		}
		assertThatExceptionOfType(DataIntegrityViolationException.class)
			.isThrownBy(() -> this.jdbc.execute("INSERT INTO orders VALUES (1, 4711, 2)"));
		this.jdbc.execute("CREATE TABLE other AS SELECT id AS customer_id FROM customers");
		assertThat(messages("ALTER TABLE other ADD FOREIGN KEY (customer_id) REFERENCES customers"))
			.as("what the server says when it does read them")
			.anyMatch((message) -> message.contains("validating foreign key constraint"));
		assertThat(messages("ALTER TABLE orders ADD CONSTRAINT " + KEY + " FOREIGN KEY (customer_id) "
				+ "REFERENCES customers (id) ON DELETE CASCADE"))
			.noneMatch((message) -> message.contains("validating foreign key constraint"));
		assertThat(keys()).hasSize(5);
		this.jdbc.execute("CREATE TABLE orders_4 PARTITION OF orders FOR VALUES IN (4)");
		assertThatExceptionOfType(DataIntegrityViolationException.class)
			.isThrownBy(() -> this.jdbc.execute("INSERT INTO orders VALUES (1, 4711, 4)"));
		TableSteps steps = steps("orders_2");
		steps.check();
		assertThat(steps.stage()).isEqualTo(Stage.COMPLETE);
		assertThat(steps.isOurs()).as("it is the table's now").isFalse();
	}

	@Test
	void partitionLosesItOnTheWayBack() {
		TableSteps steps = steps("orders_2");
		steps.check();
		forward(steps);
		assertThat(steps.isOurs()).isTrue();
		steps.leave(Stage.NOTHING, PATIENCE, (within) -> {
		});
		assertThat(keys()).isEmpty();
		this.jdbc.execute("INSERT INTO orders VALUES (1, 4711, 2)");
		steps.look();
		assertThat(steps.lastFinding().orElseThrow().sample()).hasSize(1);
	}

	private TableSteps steps(String table) {
		return new TableSteps(new Ddl(this.database.dataSource(), new LockRetry(PATIENCE, 60, Duration.ofMillis(100))),
				new AddForeignKey("key-of-" + table, new TableName("public", table), KEY, List.of("customer_id"),
						new TableName("public", "customers"), List.of("id"), false, ReferentialAction.CASCADE,
						ReferentialAction.NO_ACTION, ConstraintTiming.IMMEDIATE, false, "test"));
	}

	private static void forward(TableSteps steps) {
		steps.enter(Stage.NEW_ROWS, PATIENCE, (within) -> {
		});
		steps.raise(Stage.ALL_ROWS);
		steps.enter(Stage.COMPLETE, PATIENCE, (within) -> {
		});
	}

	private List<String> keys() {
		return this.jdbc.queryForList("""
				SELECT conrelid::regclass || ' ' || conname FROM pg_constraint
				WHERE contype = 'f' AND conname = ? AND convalidated AND confrelid = 'customers'::regclass
				""", String.class, KEY);
	}

	/**
	 * Runs a statement and returns what the server tells about it.
	 */
	private List<String> messages(String sql) throws SQLException {
		try (Connection connection = this.database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("SET client_min_messages = debug1");
			statement.clearWarnings();
			statement.execute(sql);
			List<String> messages = new ArrayList<>();
			for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
				messages.add(String.valueOf(warning.getMessage()));
			}
			return messages;
		}
	}

}
