package io.github.expandcontract.schema;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.OwnSchema;

/**
 * Looks for the rows that stand against a change, and keeps what was found in a table of
 * ours, so that every instance shows it and the endpoint reads no table for it.
 */
final class Findings {

	private static final String MEMORY = OwnSchema.NAME + ".bad_rows";

	private static final int SAMPLE = 10;

	private final Ddl ddl;

	private final String change;

	Findings(Ddl ddl, String change) {
		this.ddl = ddl;
		this.change = change;
	}

	/**
	 * Reads the table. No lock is taken that keeps anybody out, and row security may not
	 * hide a row: where a policy would, the query fails.
	 */
	Finding look(BadRows badRows) {
		long begin = System.nanoTime();
		List<String> found = this.ddl.inTransaction("look for " + badRows.what(), (jdbc) -> {
			jdbc.execute("SET LOCAL row_security = off");
			return jdbc.queryForList(query(badRows), String.class);
		});
		return keep(new Finding(found.subList(0, Math.min(SAMPLE, found.size())), found.size() > SAMPLE, Duration.ZERO,
				Duration.ofNanos(System.nanoTime() - begin)));
	}

	static String query(BadRows badRows) {
		return badRows.query() + " LIMIT " + (SAMPLE + 1);
	}

	private Finding keep(Finding finding) {
		return this.ddl.inTransaction("keep what was found in the rows", (jdbc) -> {
			jdbc.execute(
					"CREATE TABLE IF NOT EXISTS " + MEMORY + " (change_id text PRIMARY KEY, sample text[] NOT NULL, "
							+ "more boolean NOT NULL, took_ms bigint NOT NULL, looked_at timestamptz NOT NULL)");
			jdbc.update(
					"INSERT INTO " + MEMORY
							+ " VALUES (?, ?, ?, ?, pg_catalog.clock_timestamp()) ON CONFLICT (change_id) "
							+ "DO UPDATE SET sample = EXCLUDED.sample, more = EXCLUDED.more, "
							+ "took_ms = EXCLUDED.took_ms, looked_at = EXCLUDED.looked_at",
					this.change, finding.sample().toArray(String[]::new), finding.more(), finding.took().toMillis());
			return finding;
		});
	}

	Optional<Finding> last() {
		JdbcOperations jdbc = this.ddl.jdbc();
		Boolean there = jdbc.queryForObject("SELECT pg_catalog.to_regclass(?) IS NOT NULL", Boolean.class, MEMORY);
		if (!Boolean.TRUE.equals(there)) {
			return Optional.empty();
		}
		return jdbc
			.query("SELECT sample, more, took_ms, "
					+ "(extract(epoch FROM pg_catalog.clock_timestamp() - looked_at) * 1000)::bigint AS age FROM "
					+ MEMORY + " WHERE change_id = ?", (row, number) -> finding(row), this.change)
			.stream()
			.findFirst();
	}

	private static Finding finding(ResultSet row) throws SQLException {
		Array sample = row.getArray("sample");
		return new Finding(List.of((String[]) sample.getArray()), row.getBoolean("more"),
				Duration.ofMillis(row.getLong("age")), Duration.ofMillis(row.getLong("took_ms")));
	}

}
