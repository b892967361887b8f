package io.github.expandcontract.autoconfigure;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.UserCredentialsDataSourceAdapter;

/**
 * Where statements of ours get their connections: from a small pool of their own, so that
 * the heartbeat does not wait behind the application's calls. It is no bean of the type
 * {@link DataSource}, so that it is nobody's data source by accident.
 */
class ControlDataSource implements AutoCloseable {

	private static final int RESERVED = 3;

	private final DataSource dataSource;

	private final @Nullable HikariDataSource pool;

	/**
	 * Creates the pool if the source is a pool of Hikari or opens a connection for each
	 * request; any other source is used as it is.
	 * @param source the data source to run DDL on
	 * @param backfillWorkers number of workers of the backfill
	 */
	ControlDataSource(DataSource source, int backfillWorkers) {
		HikariConfig config = config(source);
		if (config != null) {
			config.setPoolName("expand-contract");
			config.setMinimumIdle(1);
			config.setMaximumPoolSize(RESERVED + backfillWorkers);
			config.setAutoCommit(true);
			config.setReadOnly(false);
			// Who waits for a row has to read what the one before it left.
			config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
			config.setRegisterMbeans(false);
			config.setLeakDetectionThreshold(0);
			this.pool = new HikariDataSource(config);
			this.dataSource = this.pool;
		}
		else {
			this.pool = null;
			this.dataSource = source;
		}
	}

	private static @Nullable HikariConfig config(DataSource source) {
		if (source instanceof AbstractDriverBasedDataSource) {
			HikariConfig config = new HikariConfig();
			config.setDataSource(source);
			return config;
		}
		HikariDataSource application = choosesUser(source) ? null
				: DataSourceUnwrapper.unwrap(source, HikariDataSource.class);
		if (application == null) {
			return null;
		}
		HikariConfig config = new HikariConfig();
		application.copyStateTo(config);
		if (config.getMetricsTrackerFactory() != null) {
			config.setMetricsTrackerFactory(null);
		}
		if (config.getMetricRegistry() != null) {
			config.setMetricRegistry(null);
		}
		if (config.getHealthCheckRegistry() != null) {
			config.setHealthCheckRegistry(null);
		}
		return config;
	}

	private static boolean choosesUser(@Nullable DataSource source) {
		return source instanceof UserCredentialsDataSourceAdapter
				|| (source instanceof DelegatingDataSource delegating && choosesUser(delegating.getTargetDataSource()));
	}

	/**
	 * The data source for statements of ours.
	 * @return the data source
	 */
	DataSource dataSource() {
		return this.dataSource;
	}

	@Override
	public void close() {
		if (this.pool != null) {
			this.pool.close();
		}
	}

}
