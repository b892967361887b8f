package io.github.expandcontract.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import io.github.expandcontract.ExpandContractRepository;
import io.github.expandcontract.Phase;
import io.github.expandcontract.repository.ExpandContractAdvisor;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Aspect and data source together: what a phase move waits for, and what it never stops.
 */
class AdmittedCallsIntegrationTests {

	private static final TestDatabase DATABASE = TestDatabase.create();

	private final Users users = Users.create(DATABASE, Duration.ofSeconds(30));

	private final HikariDataSource pool = DATABASE.pool(10);

	private final ExpandContractDataSource dataSource = new ExpandContractDataSource(this.pool, this.users.interceptor);

	private final TransactionTemplate transaction = new TransactionTemplate(
			new JdbcTransactionManager(this.dataSource));

	private final TransactionTemplate newTransaction = new TransactionTemplate(
			new JdbcTransactionManager(this.dataSource));

	private final Repository repository = repository();

	AdmittedCallsIntegrationTests() {
		this.newTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
	}

	private Repository repository() {
		ProxyFactory factory = new ProxyFactory(new JdbcRepository(new JdbcTemplate(this.dataSource)));
		factory.addAdvisor(new ExpandContractAdvisor(this.users.admission));
		return (Repository) factory.getProxy();
	}

	@AfterEach
	void close() {
		assertThat(this.users.admission.open()).isZero();
		this.pool.close();
	}

	@Test
	void aStreamThatOutlivesItsCallKeepsItsPhase() {
		this.users.plain.update("INSERT INTO users (username) SELECT 'u' || n FROM generate_series(1, 3) n");
		this.users.phase(Phase.DUAL_WRITE);
		try (Stream<String> handles = this.repository.handles()) {
			this.users.phase(Phase.SWITCH_READS);
			assertThat(this.users.admission.drained()).isFalse();
			assertThat(handles).containsExactly("u1", "u2", "u3");
		}
		assertThat(this.users.admission.drained()).isTrue();
	}

	@Test
	void aHeldCutoverWaitsForATransactionAndDoesNotStopIt() throws Exception {
		this.users.phase(Phase.DUAL_WRITE);
		ExecutorService threads = Executors.newFixedThreadPool(1);
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch held = new CountDownLatch(1);
		Future<?> work = threads.submit(() -> this.transaction.executeWithoutResult((status) -> {
			this.repository.insert("a", "1");
			begun.countDown();
			await(held);
			this.repository.insert("b", "1");
			this.newTransaction.executeWithoutResult((inner) -> this.repository.insert("c", "2"));
		}));
		await(begun);
		this.users.admission.hold();
		assertThat(this.users.admission.idle()).isFalse();
		held.countDown();
		work.get(30, TimeUnit.SECONDS);
		assertThat(this.users.admission.idle()).isTrue();
		this.users.phase(Phase.STOP_DUAL_WRITE);
		Future<?> next = threads.submit(() -> this.repository.insert("d", "3"));
		this.users.admission.release();
		next.get(30, TimeUnit.SECONDS);
		threads.shutdown();
		assertThat(this.users.plain.queryForList("SELECT username FROM users ORDER BY handle", String.class))
			.containsExactly("a", "b", "c", null);
	}

	@Test
	void noTransactionMixesPhasesWhileTheyMove() throws Exception {
		Phase[] phases = { Phase.EXPAND, Phase.DUAL_WRITE, Phase.STOP_DUAL_WRITE, Phase.CONTRACT };
		this.users.phase(Phase.EXPAND);
		int workers = 4;
		ExecutorService threads = Executors.newFixedThreadPool(workers);
		List<Future<?>> works = new ArrayList<>();
		for (int worker = 0; worker < workers; worker++) {
			String prefix = "w" + worker + "-";
			works.add(threads.submit(() -> {
				for (int i = 0; i < 150; i++) {
					write(prefix + i, i);
				}
			}));
		}
		int moves = 0;
		while (works.stream().anyMatch((work) -> !work.isDone())) {
			this.users.admission.hold();
			this.users.phase(phases[++moves % phases.length]);
			this.users.admission.release();
			while (!this.users.admission.drained()) {
				Thread.onSpinWait();
			}
		}
		for (Future<?> work : works) {
			work.get(30, TimeUnit.SECONDS);
		}
		threads.shutdown();
		assertThat(moves).isGreaterThan(20);
		assertThat(this.users.plain.queryForObject("SELECT count(*) FROM users", Integer.class))
			.isEqualTo(workers * 150 * 3);
		assertThat(this.users.plain.queryForList("""
				SELECT email FROM users GROUP BY email
				HAVING count(DISTINCT (username IS NULL, handle IS NULL)) > 1""", String.class)).isEmpty();
		assertThat(this.users.plain.queryForList("""
				SELECT DISTINCT (username IS NULL)::text || (handle IS NULL)::text FROM users""", String.class))
			.hasSize(3);
	}

	private void write(String key, int number) {
		this.transaction.executeWithoutResult((status) -> {
			this.repository.insert(key + "a", key);
			if (number % 3 == 0) {
				this.newTransaction.executeWithoutResult((inner) -> this.repository.insert(key + "b", key));
			}
			else {
				this.repository.insert(key + "b", key);
			}
			this.repository.insert(key + "c", key);
		});
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@ExpandContractRepository
	interface Repository {

		void insert(String handle, String email);

		Stream<String> handles();

	}

	private static final class JdbcRepository implements Repository {

		private final JdbcTemplate jdbc;

		private JdbcRepository(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		@Override
		public void insert(String handle, String email) {
			this.jdbc.update("INSERT INTO users (handle, email) VALUES (?, ?)", handle, email);
		}

		@Override
		public Stream<String> handles() {
			return this.jdbc.queryForStream("SELECT id, handle FROM users ORDER BY handle",
					(results, number) -> results.getString("handle"));
		}

	}

}
