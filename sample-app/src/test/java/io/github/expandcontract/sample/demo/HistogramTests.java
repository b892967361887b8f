package io.github.expandcontract.sample.demo;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class HistogramTests {

	private final Histogram histogram = new Histogram();

	@Test
	void isZeroWithoutDurations() {
		assertThat(this.histogram.count()).isZero();
		assertThat(this.histogram.millis(0.99)).isZero();
		assertThat(this.histogram.maxMillis()).isZero();
	}

	@Test
	void findsPercentilesWithinThreePercent() {
		for (int millis = 1; millis <= 1000; millis++) {
			this.histogram.record(millis * 1_000_000L);
		}
		assertThat(this.histogram.millis(0.5)).isCloseTo(500, within(17.0));
		assertThat(this.histogram.millis(0.99)).isCloseTo(990, within(32.0));
		assertThat(this.histogram.millis(1)).isEqualTo(1000);
		assertThat(this.histogram.maxMillis()).isEqualTo(1000);
	}

	@Test
	void countsTheShortestAndTheLongest() {
		this.histogram.record(0);
		this.histogram.record(Long.MAX_VALUE);
		assertThat(this.histogram.count()).isEqualTo(2);
		assertThat(this.histogram.millis(0.5)).isZero();
		assertThat(this.histogram.millis(1)).isEqualTo(this.histogram.maxMillis());
	}

	@Test
	void addsUp() {
		this.histogram.record(5_000_000);
		Histogram all = new Histogram();
		this.histogram.addTo(all);
		this.histogram.addTo(all);
		assertThat(all.count()).isEqualTo(2);
		assertThat(all.maxMillis()).isEqualTo(5);
	}

}
