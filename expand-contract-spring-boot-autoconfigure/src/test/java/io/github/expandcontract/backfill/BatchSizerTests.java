package io.github.expandcontract.backfill;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BatchSizerTests {

	private static final Duration TARGET = Duration.ofMillis(50);

	@Test
	void growsByHalfAtMost() {
		BatchSizer sizer = new BatchSizer(TARGET, 1_000, 10_000);
		sizer.took(Duration.ofMillis(1), 1_000);
		assertThat(sizer.size()).isEqualTo(1_500);
	}

	@Test
	void neverExceedsTheLargestSize() {
		BatchSizer sizer = new BatchSizer(TARGET, 1_000, 10_000);
		for (int batch = 0; batch < 30; batch++) {
			sizer.took(Duration.ofMillis(1), sizer.size());
		}
		assertThat(sizer.size()).isEqualTo(10_000);
	}

	@Test
	void dividesByTenAtOnceWhenFiveTimesOverTheTarget() {
		BatchSizer sizer = new BatchSizer(TARGET, 1_000, 10_000);
		sizer.took(Duration.ofMillis(250), 1_000);
		assertThat(sizer.size()).isEqualTo(100);
	}

	@Test
	void keepsAtLeastOneRow() {
		BatchSizer sizer = new BatchSizer(TARGET, 5, 10_000);
		sizer.took(Duration.ofSeconds(9), 5);
		sizer.took(Duration.ofSeconds(9), 1);
		assertThat(sizer.size()).isEqualTo(1);
	}

	@Test
	void settlesWhereABatchTakesTheTarget() {
		BatchSizer sizer = new BatchSizer(TARGET, 1_000, 10_000);
		for (int batch = 0; batch < 30; batch++) {
			sizer.took(Duration.ofNanos(sizer.size() * 10_000L), sizer.size());
		}
		assertThat(sizer.size()).isBetween(4_990, 5_000);
	}

	@Test
	void learnsNothingFromTheFewRowsAtTheEndOfARange() {
		BatchSizer sizer = new BatchSizer(TARGET, 1_000, 10_000);
		sizer.took(Duration.ofMillis(40), 3);
		assertThat(sizer.size()).isEqualTo(1_000);
	}

}
