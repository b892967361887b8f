package io.github.expandcontract.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.UserCredentialsDataSourceAdapter;

import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

class ControlDataSourceIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@Test
	void answersWhileTheApplicationsPoolIsExhausted() throws SQLException {
		try (HikariDataSource application = this.database.pool(2);
				Connection first = application.getConnection();
				Connection second = application.getConnection();
				ControlDataSource control = new ControlDataSource(new DelegatingDataSource(application), 2)) {
			assertThat(first.isValid(1) && second.isValid(1)).isTrue();
			assertThat(application.getHikariPoolMXBean().getIdleConnections()).isZero();
			assertThat(new JdbcTemplate(control.dataSource()).queryForObject("SELECT 1", Integer.class)).isEqualTo(1);
		}
	}

	@Test
	void isSmallAndSharesNoMetrics() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		try (HikariDataSource application = this.database.pool(50)) {
			application.setMetricRegistry(registry);
			application.setLeakDetectionThreshold(3000);
			int meters = registry.getMeters().size();
			try (ControlDataSource control = new ControlDataSource(application, 4)) {
				HikariDataSource pool = (HikariDataSource) control.dataSource();
				assertThat(pool.getPoolName()).isEqualTo("expand-contract");
				assertThat(pool.getMaximumPoolSize()).isEqualTo(7);
				assertThat(pool.getMinimumIdle()).isEqualTo(1);
				assertThat(pool.getMetricRegistry()).isNull();
				assertThat(pool.getJdbcUrl()).isEqualTo(application.getJdbcUrl());
				assertThat(registry.getMeters()).hasSize(meters);
				assertThat(application.getMetricRegistry()).isSameAs(registry);
				assertThat(application.getMaximumPoolSize()).isEqualTo(50);
			}
		}
	}

	@Test
	void readsWhatWasCommittedWhateverTheApplicationsIsolation() {
		try (HikariDataSource application = new HikariDataSource()) {
			application.setJdbcUrl(this.database.url());
			application.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
			try (ControlDataSource control = new ControlDataSource(application, 1)) {
				assertThat(new JdbcTemplate(control.dataSource()).queryForObject("SHOW transaction_isolation",
						String.class))
					.isEqualTo("read committed");
			}
		}
	}

	@Test
	void closesItsPoolAndNotTheApplications() {
		try (HikariDataSource application = this.database.pool(2)) {
			ControlDataSource control = new ControlDataSource(application, 1);
			control.close();
			assertThat(((HikariDataSource) control.dataSource()).isClosed()).isTrue();
			assertThat(application.isClosed()).isFalse();
		}
	}

	@Test
	void poolsWhatOpensAConnectionForEachRequest() {
		try (ControlDataSource control = new ControlDataSource(new DriverManagerDataSource(this.database.url()), 1)) {
			assertThat(control.dataSource()).isInstanceOf(HikariDataSource.class);
			assertThat(new JdbcTemplate(control.dataSource()).queryForObject("SELECT 1", Integer.class)).isEqualTo(1);
		}
	}

	@Test
	void usesAnyOtherSourceAsItIs() {
		DataSource source = this.database.dataSource();
		try (ControlDataSource control = new ControlDataSource(source, 1)) {
			assertThat(control.dataSource()).isSameAs(source);
		}
	}

	@Test
	void neverLosesTheUserThatAnAdapterChooses() {
		UserCredentialsDataSourceAdapter adapter = new UserCredentialsDataSourceAdapter();
		try (HikariDataSource application = this.database.pool(2)) {
			adapter.setTargetDataSource(application);
			DataSource source = new DelegatingDataSource(adapter);
			try (ControlDataSource control = new ControlDataSource(source, 1)) {
				assertThat(control.dataSource()).isSameAs(source);
			}
		}
	}

}
