package io.github.expandcontract.backfill;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.BooleanSupplier;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.expandcontract.postgres.TableName;

/**
 * Vacuums a table while it is filled, so that later batches reuse the space of the row
 * versions that earlier ones replaced. It is a favour, not a duty: it does not wait for a
 * lock, never asks for the lock that would shorten the file, and a failure is only
 * logged.
 */
final class Vacuum {

	private static final Log logger = LogFactory.getLog(Vacuum.class);

	private static final long POLL_MILLIS = 200;

	private final DataSource dataSource;

	Vacuum(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Vacuums the table unless somebody holds it, and gives up when {@code goOn} says so.
	 */
	void run(TableName table, BooleanSupplier goOn) {
		try (Connection connection = this.dataSource.getConnection()) {
			boolean autoCommit = connection.getAutoCommit();
			connection.setAutoCommit(true);
			try (Statement statement = connection.createStatement()) {
				Thread watcher = cancelWhenTold(statement, goOn);
				try {
					statement.execute(statement(table));
				}
				finally {
					watcher.interrupt();
					join(watcher);
				}
			}
			finally {
				connection.setAutoCommit(autoCommit);
			}
		}
		catch (SQLException ex) {
			logger.info("Table \"" + table + "\" was not vacuumed: " + ex.getMessage());
		}
	}

	static String statement(TableName table) {
		return "VACUUM (SKIP_LOCKED, TRUNCATE FALSE) " + table.quoted();
	}

	private static Thread cancelWhenTold(Statement statement, BooleanSupplier goOn) {
		Thread watcher = new Thread(() -> {
			try {
				while (goOn.getAsBoolean()) {
					Thread.sleep(POLL_MILLIS);
				}
				statement.cancel();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (SQLException ex) {
				logger.debug("The VACUUM could not be cancelled", ex);
			}
		}, "expand-contract-vacuum-watcher");
		watcher.setDaemon(true);
		watcher.start();
		return watcher;
	}

	private static void join(Thread watcher) {
		try {
			watcher.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
