package io.github.expandcontract.naming;

import java.util.List;

import io.github.expandcontract.Phase;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A split with instances of both releases under traffic, beside a rename on the same
 * table.
 */
class SplitLifecycleIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	private void seed(int rows) {
		Registry.open(this.database.url(), "expand-contract.enabled=false").close();
		this.plain.update("INSERT INTO people (full_name, nick) SELECT 'A' || i || ' B' || i, 'n' || i "
				+ "FROM generate_series(1, ?) i", rows);
	}

	@Test
	void goesForwardsAndBackAndForwardsAgainUnderTraffic() {
		seed(1_500);
		try (ConfigurableApplicationContext first = Registry.open(this.database.url());
				ConfigurableApplicationContext second = Registry.open(this.database.url());
				Clerks clerks = new Clerks().newRelease(first, this.plain, 1, 100)
					.newRelease(second, this.plain, 101, 200)) {
			try (Clerks legacy = new Clerks().previousRelease(this.plain, "nick", 201, 300)) {
				for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.SWITCH_READS, Phase.BACKFILL,
						Phase.STOP_DUAL_WRITE)) {
					Registry.NAMES.to(phase, first, second);
					Registry.HANDLE.to(Phase.values()[phase.ordinal() - 1], first, second);
					clerks.served();
					legacy.served();
				}
				legacy.stopAndCompare(this.plain, true);
			}
			Registry.NAMES.to(Phase.CONTRACT, first, second);
			clerks.served();
			assertThat(columns()).containsExactly("first_name", "handle", "id", "last_name", "nick");
			Registry.HANDLE.to(Phase.CONTRACT, first, second);
			clerks.served();
			assertThat(columns()).containsExactly("first_name", "handle", "id", "last_name");
			Registry.NAMES.to(Phase.BACKFILL, first, second);
			clerks.served();
			assertThat(count("full_name IS NULL")).isZero();
			try (Clerks returned = new Clerks().previousRelease(this.plain, "handle", 301, 400)) {
				Registry.NAMES.to(Phase.EXPAND, first, second);
				clerks.served();
				returned.served();
				Registry.NAMES.to(Phase.STOP_DUAL_WRITE, first, second);
				returned.stopAndCompare(this.plain, true);
			}
			assertThat(count("full_name IS DISTINCT FROM nullif(concat_ws(' ', first_name, last_name), '')")).isZero();
			Registry.NAMES.to(Phase.CONTRACT, first, second);
			clerks.served();
			clerks.stopAndCompare(this.plain, false);
		}
		assertThat(count("id BETWEEN 401 AND 1500 AND first_name = 'A' || id AND last_name = 'B' || id "
				+ "AND handle = 'n' || id"))
			.isEqualTo(1_100);
		assertThat(columns()).containsExactly("first_name", "handle", "id", "last_name");
	}

	private long count(String condition) {
		Long count = this.plain.queryForObject("SELECT count(*) FROM people WHERE " + condition, Long.class);
		return (count != null) ? count : 0;
	}

	private List<String> columns() {
		return this.plain.queryForList("SELECT attname FROM pg_attribute WHERE attrelid = 'people'::regclass "
				+ "AND attnum > 0 AND NOT attisdropped ORDER BY 1", String.class);
	}

}
