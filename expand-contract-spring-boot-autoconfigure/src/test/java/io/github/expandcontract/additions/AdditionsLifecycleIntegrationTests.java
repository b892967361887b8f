package io.github.expandcontract.additions;

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import io.github.expandcontract.Phase;
import io.github.expandcontract.coordination.ChangeStatus;
import io.github.expandcontract.coordination.Evidence;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.testing.ChangeWalk;
import io.github.expandcontract.testing.TestDatabase;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All kinds at once on one table of a running application.
 */
class AdditionsLifecycleIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	@Test
	void goForwardsAndBackAndForwardsUnderWritesOfWhichNoneFails() {
		try (ConfigurableApplicationContext first = Warehouse.open(this.database.url());
				ConfigurableApplicationContext second = Warehouse.open(this.database.url())) {
			List<String> before = catalog();
			try (Writers writers = new Writers(first.getBean(JdbcTemplate.class), this.plain)) {
				for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.SWITCH_READS, Phase.CONTRACT)) {
					all(phase, first, second);
					writers.served();
				}
				List<String> after = catalog();
				assertThat(after).contains("UNIQUE (number) true", "CHECK ((total >= 0)) true",
						"FOREIGN KEY (customer_id) REFERENCES customers(id) ON DELETE CASCADE true", "number true",
						"CREATE INDEX orders_customer_idx ON public.orders USING btree (customer_id) INCLUDE (total) true");
				all(Phase.EXPAND, first, second);
				assertThat(catalog()).isEqualTo(before);
				writers.served();
				all(Phase.CONTRACT, first, second);
				assertThat(catalog()).isEqualTo(after);
				writers.served();
			}
			for (ChangeWalk walk : Warehouse.ALL) {
				ChangeStatus status = walk.status(first);
				assertThat(status.heldCutover()).isFalse();
				assertThat(status.backfill().state()).isEqualTo("It holds for all rows.");
				assertThat(status.evidence()).isEmpty();
			}
		}
	}

	private static void all(Phase phase, ConfigurableApplicationContext... contexts) {
		Warehouse.ALL.forEach((walk) -> contexts[0].getBean(Operations.class).override(walk.change(), phase, "test"));
		Warehouse.ALL.forEach((walk) -> walk.to(phase, contexts));
	}

	private List<String> catalog() {
		return this.plain.queryForList("""
				SELECT pg_get_constraintdef(oid) || ' ' || convalidated FROM pg_constraint
				WHERE conrelid = 'orders'::regclass AND contype <> 'n'
				UNION ALL SELECT pg_get_indexdef(indexrelid) || ' ' || indisvalid FROM pg_index
				WHERE indrelid = 'orders'::regclass
				UNION ALL SELECT attname || ' ' || attnotnull FROM pg_attribute
				WHERE attrelid = 'orders'::regclass AND attnum > 0
				ORDER BY 1
				""", String.class);
	}

	@Test
	void rowsThatStandAgainstThemBlockTheirPhaseAndNeverTheStart() {
		Warehouse.open(this.database.url(), "expand-contract.enabled=false").close();
		this.plain.execute("UPDATE orders SET customer_id = 4711 WHERE id = 1");
		this.plain.execute("UPDATE orders SET number = 'A3' WHERE id = 2");
		this.plain.execute("UPDATE orders SET total = -1 WHERE id = 4");
		this.plain.execute("UPDATE orders SET number = NULL WHERE id = 5");
		try (ConfigurableApplicationContext context = Warehouse.open(this.database.url())) {
			for (ChangeWalk walk : Warehouse.ALL) {
				context.getBean(Operations.class).override(walk.change(), Phase.CONTRACT, "test");
			}
			blocks(context, Warehouse.FOREIGN_KEY, Phase.DUAL_WRITE, "row 1 holds (4711)");
			blocks(context, Warehouse.UNIQUE, Phase.DUAL_WRITE, "(A3) in 2 rows: 2, 3");
			blocks(context, Warehouse.CHECK, Phase.EXPAND, "row 4");
			blocks(context, Warehouse.NOT_NULL, Phase.EXPAND, "row 5");
			this.plain.execute("DELETE FROM orders WHERE id IN (1, 2, 4, 5)");
			Warehouse.ALL.forEach((walk) -> walk.to(Phase.CONTRACT, context));
		}
		try (ConfigurableApplicationContext again = Warehouse.open(this.database.url())) {
			Warehouse.ALL.forEach((walk) -> assertThat(walk.phase(again)).isEqualTo(Phase.CONTRACT));
		}
	}

	@Test
	void orphansAreSetNullOnceNobodyHoldsThemWhereThatWasDeclared() throws Exception {
		Warehouse.open(this.database.url(), "expand-contract.enabled=false").close();
		this.plain.execute("UPDATE orders SET customer_id = 4711 WHERE id <= 3");
		try (ConfigurableApplicationContext context = Warehouse.open(this.database.url(), "warehouse.orphans=null");
				Connection holder = this.database.dataSource().getConnection()) {
			holder.setAutoCommit(false);
			try (Statement statement = holder.createStatement()) {
				statement.execute("SELECT FROM orders WHERE id = 2 FOR UPDATE");
			}
			Warehouse.FOREIGN_KEY.to(Phase.BACKFILL, context);
			ChangeWalk.await(() -> orphans() == 1, () -> String.valueOf(Warehouse.FOREIGN_KEY.status(context)));
			assertThat(Warehouse.FOREIGN_KEY.phase(context)).isEqualTo(Phase.BACKFILL);
			holder.rollback();
			Warehouse.FOREIGN_KEY.to(Phase.SWITCH_READS, context);
			assertThat(orphans()).isZero();
			assertThat(this.plain.queryForObject("SELECT count(*) FROM orders WHERE customer_id IS NULL", Long.class))
				.isEqualTo(3);
		}
	}

	private long orphans() {
		Long count = this.plain.queryForObject("SELECT count(*) FROM orders WHERE customer_id = 4711", Long.class);
		return (count != null) ? count : -1;
	}

	private static void blocks(ConfigurableApplicationContext context, ChangeWalk walk, Phase phase, String row) {
		ChangeWalk.await(() -> walk.phase(context) == phase && walk.status(context)
			.evidence()
			.stream()
			.anyMatch((evidence) -> evidence.verdict() == Evidence.Verdict.BLOCKS && evidence.detail().contains(row)),
				() -> String.valueOf(walk.status(context)));
		ChangeWalk.await(() -> walk.status(context).state().waitsFor().contains(row),
				() -> String.valueOf(walk.status(context)));
	}

	@Test
	void otherChangesGoOnWhileAnIndexIsBuilt() throws Exception {
		try (ConfigurableApplicationContext context = Warehouse.open(this.database.url());
				Connection reader = this.database.dataSource().getConnection()) {
			reader.setAutoCommit(false);
			try (Statement statement = reader.createStatement()) {
				statement.execute("SELECT FROM flyway_schema_history");
			}
			Warehouse.INDEX.to(Phase.BACKFILL, context);
			context.getBean(Operations.class).override(Warehouse.INDEX.change(), Phase.SWITCH_READS, "test");
			ChangeWalk.await(() -> Warehouse.INDEX.status(context).backfill().state().contains("waiting"),
					() -> String.valueOf(Warehouse.INDEX.status(context)));
			context.getBean(Operations.class).override(Warehouse.NOT_NULL.change(), Phase.DUAL_WRITE, "test");
			Warehouse.OTHER_TABLE.to(Phase.CONTRACT, context);
			ChangeWalk.await(
					() -> Warehouse.NOT_NULL.status(context).state().waitsFor().contains("builds an index of orders"),
					() -> String.valueOf(Warehouse.NOT_NULL.status(context)));
			assertThat(Warehouse.NOT_NULL.phase(context)).isEqualTo(Phase.EXPAND);
			assertThat(Warehouse.INDEX.phase(context)).isEqualTo(Phase.BACKFILL);
			reader.rollback();
			Warehouse.INDEX.to(Phase.SWITCH_READS, context);
			Warehouse.NOT_NULL.to(Phase.DUAL_WRITE, context);
		}
	}

	/**
	 * An application and a release before it, which write what all of the changes allow.
	 */
	private static final class Writers implements AutoCloseable {

		private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

		private final AtomicBoolean stop = new AtomicBoolean();

		private final AtomicLong written = new AtomicLong();

		private final List<Thread> threads = new ArrayList<>();

		Writers(JdbcTemplate... sources) {
			for (int i = 0; i < sources.length; i++) {
				JdbcTemplate jdbc = sources[i];
				String prefix = "W" + i + "-";
				Thread thread = new Thread(() -> run(jdbc, prefix), "writer");
				this.threads.add(thread);
				thread.start();
			}
		}

		private void run(JdbcTemplate jdbc, String prefix) {
			for (long n = 0; !this.stop.get(); n++) {
				try {
					jdbc.update("INSERT INTO orders (customer_id, number, total) VALUES (?, ?, ?)", 1 + n % 100,
							prefix + n, n);
					jdbc.update("UPDATE orders SET total = total + 1 WHERE number = ?", "A" + (1 + n % 5000));
					jdbc.update("UPDATE customers SET name = ? WHERE id = ?", prefix, 1 + n % 100);
				}
				catch (RuntimeException ex) {
					this.failures.add(ex);
				}
				this.written.incrementAndGet();
			}
		}

		void served() {
			long before = this.written.get();
			ChangeWalk.await(() -> this.written.get() > before + 50, () -> "the writers stand still");
			assertThat(this.failures).isEmpty();
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
			assertThat(this.failures).isEmpty();
		}

	}

}
