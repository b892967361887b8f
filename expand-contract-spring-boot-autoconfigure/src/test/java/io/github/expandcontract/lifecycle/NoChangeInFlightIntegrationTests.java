package io.github.expandcontract.lifecycle;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.expandcontract.Phase;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.CallScope;
import io.github.expandcontract.phase.Ticket;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.mybatis.spring.boot.autoconfigure.MybatisAutoConfiguration;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What it costs when nothing is under way: nothing.
 */
class NoChangeInFlightIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@Test
	void statementsAreTheDriversOwnWhenEveryChangeIsAtContract() throws SQLException {
		try (ConfigurableApplicationContext context = LifecycleApplication.start(this.database)) {
			Admission admission = context.getBean(Admission.class);
			DataSource dataSource = context.getBean(DataSource.class);
			LifecycleApplication.WALK.to(Phase.DUAL_WRITE, context);
			assertThat(isOurs(dataSource, admission)).isTrue();
			LifecycleApplication.WALK.to(Phase.CONTRACT, context);
			assertThat(isOurs(dataSource, admission)).isFalse();
			context.getBean(UserRepository.class).save(new User(null, "name", null));
			assertThat(context.getBean(UserRepository.class).existsByHandle("name")).isTrue();
		}
	}

	@Test
	void nothingOfOursExistsWhenNoChangeIsDeclared() throws SQLException {
		// Threads of contexts that other tests have closed may live on for a while.
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Plain.class)
			.properties("spring.datasource.url=" + this.database.url(), "spring.main.web-application-type=none",
					"spring.flyway.locations=classpath:lifecycle/migration")
			.run(); Connection connection = context.getBean(DataSource.class).getConnection()) {
			assertThat(connection.getClass().getName()).startsWith("com.zaxxer.hikari.pool.");
			assertThat(this.database.jdbc()
				.queryForObject("SELECT count(*) FROM pg_namespace WHERE nspname = 'expand_contract'", Long.class))
				.isZero();
			assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !before.contains(thread))
				.extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("expand-contract"));
		}
	}

	@Test
	void poolCanStillBeReached() throws SQLException {
		try (ConfigurableApplicationContext context = LifecycleApplication.start(this.database)) {
			DataSource dataSource = context.getBean(DataSource.class);
			assertThat(dataSource.unwrap(HikariDataSource.class).getMaximumPoolSize()).isEqualTo(8);
			assertThat(new JdbcTemplate(dataSource).queryForObject("SELECT 1", Long.class)).isOne();
		}
	}

	private static boolean isOurs(DataSource dataSource, Admission admission) throws SQLException {
		try (Ticket ticket = admission.admit();
				CallScope scope = CallScope.open(ticket);
				Connection connection = dataSource.getConnection();
				PreparedStatement prepared = connection.prepareStatement("SELECT handle FROM users");
				Statement statement = connection.createStatement()) {
			assertThat(scope).isNotNull();
			boolean preparedIsOurs = !prepared.getClass().getName().startsWith("com.zaxxer.hikari.pool.");
			boolean statementIsOurs = !statement.getClass().getName().startsWith("com.zaxxer.hikari.pool.");
			assertThat(preparedIsOurs).isEqualTo(statementIsOurs);
			return preparedIsOurs;
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { JooqAutoConfiguration.class, MybatisAutoConfiguration.class })
	@EntityScan("io.github.expandcontract.testing")
	static class Plain {

	}

}
