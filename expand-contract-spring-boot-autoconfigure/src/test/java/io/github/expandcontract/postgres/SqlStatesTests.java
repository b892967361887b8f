package io.github.expandcontract.postgres;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SqlStatesTests {

	@Test
	void findsTheCodeBehindOtherExceptions() {
		Throwable failure = new IllegalStateException(new RuntimeException(new SQLException("no lock", "55P03")));
		assertThat(SqlStates.of(failure)).contains("55P03");
		assertThat(SqlStates.isLockNotAvailable(failure)).isTrue();
		assertThat(SqlStates.isDeadlock(failure)).isFalse();
	}

	@Test
	void looksBehindAnExceptionThatCarriesNoCode() {
		assertThat(SqlStates.of(new SQLException("batch", (String) null, new SQLException("gone", "42P01"))))
			.contains("42P01");
		assertThat(SqlStates.of(new IllegalStateException())).isEmpty();
		assertThat(SqlStates.of(null)).isEmpty();
	}

}
