package io.github.expandcontract.postgres;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LockRetryTests {

	@Test
	void pausesAreBoundedAndGrow() {
		LockRetry retry = new LockRetry(Duration.ofMillis(10), 100, Duration.ofMillis(500));
		for (int attempt = 1; attempt <= 100; attempt++) {
			long bound = (attempt < 7) ? 10L << (attempt - 1) : 500;
			for (int i = 0; i < 20; i++) {
				assertThat(retry.pauseAfter(attempt)).isBetween(Duration.ZERO, Duration.ofMillis(bound));
			}
		}
	}

	@Test
	void refusesATimeoutOfZeroBecauseItWouldMeanForever() {
		assertThatIllegalArgumentException().isThrownBy(() -> new LockRetry(Duration.ZERO, 1, Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> new LockRetry(Duration.ofSeconds(1), 0, Duration.ZERO));
	}

}
