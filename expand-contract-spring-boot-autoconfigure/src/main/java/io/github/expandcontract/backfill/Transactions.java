package io.github.expandcontract.backfill;

import java.util.function.Consumer;
import java.util.function.Function;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Short transactions of the backfill's own, in READ COMMITTED whatever the pool's default
 * is. Locks are waited for no longer than the lock timeout, and row security may not hide
 * a row: where a policy would, the statement fails.
 */
final class Transactions {

	private final JdbcTemplate jdbc;

	private final TransactionTemplate template;

	private final long lockTimeoutMillis;

	private final long idleTimeoutMillis;

	Transactions(DataSource dataSource, BackfillSettings settings) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.template = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		this.template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.template.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
		this.lockTimeoutMillis = Math.max(1, settings.lockTimeout().toMillis());
		this.idleTimeoutMillis = Math.max(1, settings.rangeLease().toMillis());
	}

	void run(Consumer<JdbcOperations> work) {
		call((operations) -> {
			work.accept(operations);
			return null;
		});
	}

	<T extends @Nullable Object> T call(Function<JdbcOperations, T> work) {
		return this.template.execute((status) -> {
			this.jdbc.query("""
					SELECT set_config('lock_timeout', ?, true),
						set_config('idle_in_transaction_session_timeout', ?, true),
						set_config('row_security', 'off', true)
					""", (result) -> {
			}, this.lockTimeoutMillis + "ms", this.idleTimeoutMillis + "ms");
			return work.apply(this.jdbc);
		});
	}

}
