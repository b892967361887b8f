package io.github.expandcontract.jdbc;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.UnannotatedAccess;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillSettings;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.CallScope;
import io.github.expandcontract.phase.Ticket;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.LockUnavailableException;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.schema.ColumnSteps;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rename of {@code users.username} to {@code handle}, with the real steps on the
 * schema, the real backfill and a pool that rewrites for it, moved by hand.
 */
final class Rename implements AutoCloseable {

	static final RenameColumn CHANGE = new RenameColumn("users-handle", new TableName("public", "users"), "username",
			"handle", "User.handle");

	static final List<Phase> FORWARD = List.of(Phase.EXPAND, Phase.DUAL_WRITE, Phase.BACKFILL, Phase.SWITCH_READS,
			Phase.STOP_DUAL_WRITE, Phase.CONTRACT);

	private static final Duration LOCK_TIMEOUT = Duration.ofMillis(500);

	final JdbcTemplate plain;

	final HikariDataSource pool;

	final ExpandContractDataSource dataSource;

	final Admission admission = new Admission(Duration.ofSeconds(30));

	final RecordingListener listener = new RecordingListener();

	final StatementInterceptor interceptor = new StatementInterceptor(this.admission, this.listener);

	final SchemaViewReader reader;

	final ColumnSteps steps;

	private final SyncMode sync;

	private final Backfill backfill;

	private Phase phase = Phase.EXPAND;

	private long version;

	/**
	 * Declares the rename of a table that exists, and publishes its first phase. The
	 * schema is as it was: {@link #expand} changes it.
	 */
	Rename(TestDatabase database, SyncMode sync) {
		this.sync = sync;
		this.plain = database.jdbc();
		this.pool = pool(database.url());
		this.dataSource = new ExpandContractDataSource(this.pool, this.interceptor);
		this.reader = new SchemaViewReader(this.plain, () -> SchemaViewReader.searchPath(this.plain), List.of(CHANGE));
		this.steps = new ColumnSteps(new Ddl(database.dataSource(), LockRetry.defaults()), sync);
		this.backfill = new Backfill(database.dataSource(), BackfillSettings.defaults());
		this.interceptor.activate(List.of(CHANGE), sync, UnannotatedAccess.WARN, this.reader.read());
		publish(Phase.EXPAND);
	}

	private static HikariDataSource pool(String url) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url + "&prepareThreshold=1");
		config.setMaximumPoolSize(20);
		config.setMinimumIdle(1);
		return new HikariDataSource(config);
	}

	void expand() {
		this.steps.expand(CHANGE);
		this.backfill.install();
		refresh();
	}

	/**
	 * Takes one step, as soon as the calls of the step before it have ended.
	 */
	void move(Phase next) {
		await(this.admission::drained);
		if (next == Phase.CONTRACT) {
			await(() -> contract(Duration.ofSeconds(2)));
		}
		else if (this.phase == Phase.CONTRACT) {
			await(() -> held(Duration.ofSeconds(2), () -> {
				this.steps.reopen(CHANGE, LOCK_TIMEOUT, (jdbc) -> {
				});
				this.backfill.reset(CHANGE);
				refresh();
				publish(next);
			}));
		}
		else {
			if (next == Phase.EXPAND) {
				expand();
			}
			if (next == Phase.SWITCH_READS && this.phase == Phase.BACKFILL) {
				fill();
			}
			if (next == Phase.STOP_DUAL_WRITE) {
				this.steps.relaxOld(CHANGE);
			}
			publish(next);
		}
	}

	void fill() {
		this.backfill.prepare(CHANGE);
		await(() -> {
			this.backfill.work(CHANGE, () -> true);
			return this.backfill.complete(CHANGE);
		});
		this.steps.copyIndexes(CHANGE);
		assertThat(this.backfill.verify(CHANGE, () -> true).mismatches()).isZero();
	}

	/**
	 * Tries the held cutover once.
	 * @param patience how long to wait for open calls
	 * @return whether it came through
	 */
	boolean contract(Duration patience) {
		return held(patience, this::contractUnheld);
	}

	void contractUnheld() {
		this.steps.contract(CHANGE, LOCK_TIMEOUT, (jdbc) -> {
		});
		refresh();
		publish(Phase.CONTRACT);
	}

	private boolean held(Duration patience, Runnable step) {
		this.admission.hold();
		try {
			long deadline = System.nanoTime() + patience.toNanos();
			while (!this.admission.idle()) {
				if (System.nanoTime() > deadline) {
					return false;
				}
				LockSupport.parkNanos(1_000_000);
			}
			step.run();
			return true;
		}
		catch (LockUnavailableException ex) {
			// As the coordinator does, which tries again in a later tick
			return false;
		}
		finally {
			this.admission.release();
		}
	}

	void publish(Phase next) {
		this.admission.publish(Map.of(CHANGE.id(), next), Map.of(CHANGE.id(), ++this.version));
		this.phase = next;
	}

	void refresh() {
		this.interceptor.schemaChanged(this.reader.read());
	}

	Phase phase() {
		return this.phase;
	}

	SyncMode sync() {
		return this.sync;
	}

	/**
	 * Does something within a call of an annotated repository.
	 */
	@SuppressWarnings("try")
	<T> T call(Work<T> work) throws Exception {
		try (Ticket ticket = this.admission.admit(); CallScope scope = CallScope.open(ticket)) {
			return work.run();
		}
	}

	/**
	 * Does something with a connection of the pool within a call of its own.
	 */
	<T> T onConnection(ConnectionWork<T> work) throws Exception {
		return call(() -> {
			try (Connection connection = this.dataSource.getConnection()) {
				return work.run(connection);
			}
		});
	}

	static void await(BooleanSupplier condition) {
		long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(20);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as("still waiting").isLessThan(deadline);
			LockSupport.parkNanos(1_000_000);
		}
	}

	@Override
	public void close() {
		this.pool.close();
	}

	@FunctionalInterface
	interface Work<T> {

		T run() throws Exception;

	}

	@FunctionalInterface
	interface ConnectionWork<T> {

		T run(Connection connection) throws Exception;

	}

}
