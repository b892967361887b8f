package io.github.expandcontract.backfill;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.expandcontract.backfill.RangePlanner.Planned;
import io.github.expandcontract.postgres.TableName;

import static org.assertj.core.api.Assertions.assertThat;

class RangePlannerTests {

	private static final Leaf LEAF = new Leaf(new TableName("public", "users"), "id", List.of("id"), 10, 600);

	@Test
	void rangesTouchAndCoverEverything() {
		List<Planned> ranges = divide(-5, 1_000_000);
		assertThat(ranges.get(0).lower()).isEqualTo(-5);
		assertThat(ranges.get(ranges.size() - 1).upper()).isEqualTo(1_000_000);
		for (int index = 1; index < ranges.size(); index++) {
			assertThat(ranges.get(index).lower()).isEqualTo(ranges.get(index - 1).upper() + 1);
		}
	}

	@Test
	void aSparseKeyIsFewRanges() {
		List<Planned> ranges = divide(Long.MIN_VALUE, Long.MAX_VALUE);
		assertThat(ranges).hasSizeBetween(2, 64);
		assertThat(ranges.get(0).lower()).isEqualTo(Long.MIN_VALUE);
		assertThat(ranges.get(ranges.size() - 1).upper()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void aSingleKeyIsOneRange() {
		assertThat(divide(7, 7)).singleElement().satisfies((range) -> {
			assertThat(range.lower()).isEqualTo(7);
			assertThat(range.upper()).isEqualTo(7);
			assertThat(range.estimate()).isEqualTo(1);
		});
	}

	@Test
	void halvesOfARangeDoNotOverflow() {
		assertThat(RangeWorker.middle(Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(-1);
		assertThat(RangeWorker.middle(7, 8)).isEqualTo(7);
		assertThat(RangeWorker.middle(-8, -7)).isEqualTo(-8);
	}

	private static List<Planned> divide(long least, long greatest) {
		List<Planned> ranges = new ArrayList<>();
		RangePlanner.divide(LEAF, least, greatest, 65_536, ranges);
		return ranges;
	}

}
