package io.github.expandcontract.schema;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.TableName;

/**
 * Whether anybody has read or written a table since a phase began, by the server's
 * counters. The first reading notes them, each later one adds what came; counters that
 * were set back begin at zero again.
 */
public final class TableUse {

	private final Ddl ddl;

	/**
	 * Creates a reader.
	 * @param ddl where statements run
	 */
	public TableUse(Ddl ddl) {
		this.ddl = ddl;
	}

	/**
	 * Creates the table where it does not exist.
	 * @param within a transaction that keeps other instances from doing the same
	 */
	public static void install(JdbcOperations within) {
		within.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.table_use (
				  change_id     text PRIMARY KEY,
				  version       bigint NOT NULL,
				  first_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
				  read_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
				  scans         bigint NOT NULL,
				  writes        bigint NOT NULL,
				  new_scans     bigint NOT NULL DEFAULT 0,
				  new_writes    bigint NOT NULL DEFAULT 0
				)""");
	}

	/**
	 * Takes a reading, unless the last one is young enough.
	 * @param change the id of the change
	 * @param version the version of the phase
	 * @param table where the table is now
	 * @param age how old the last reading may be
	 */
	public void read(String change, long version, TableName table, Duration age) {
		this.ddl.jdbc().update("""
				INSERT INTO expand_contract.table_use AS known (change_id, version, scans, writes)
				SELECT ?, ?, coalesce(seq_scan, 0) + coalesce(idx_scan, 0), n_tup_ins + n_tup_upd + n_tup_del
				FROM pg_catalog.pg_stat_all_tables WHERE relid = pg_catalog.to_regclass(?)
				ON CONFLICT (change_id) DO UPDATE SET
				  first_at = CASE WHEN known.version = EXCLUDED.version THEN known.first_at ELSE clock_timestamp() END,
				  new_scans = CASE WHEN known.version <> EXCLUDED.version THEN 0
				    WHEN EXCLUDED.scans < known.scans THEN known.new_scans + EXCLUDED.scans
				    ELSE known.new_scans + EXCLUDED.scans - known.scans END,
				  new_writes = CASE WHEN known.version <> EXCLUDED.version THEN 0
				    WHEN EXCLUDED.writes < known.writes THEN known.new_writes + EXCLUDED.writes
				    ELSE known.new_writes + EXCLUDED.writes - known.writes END,
				  version = EXCLUDED.version, scans = EXCLUDED.scans, writes = EXCLUDED.writes,
				  read_at = clock_timestamp()
				WHERE known.version <> EXCLUDED.version
				OR known.read_at <= clock_timestamp() - ? * interval '1 millisecond'
				""", change, version, table.quoted(), age.toMillis());
	}

	/**
	 * What was counted in a phase.
	 * @param change the id of the change
	 * @param version the version of the phase
	 * @return the counts, empty if there was no reading
	 */
	public Optional<Counts> last(String change, long version) {
		return this.ddl.jdbc()
			.query("""
					SELECT first_at, new_scans, new_writes FROM expand_contract.table_use
					WHERE change_id = ? AND version = ?
					""", (row, number) -> new Counts(row.getTimestamp(1).toInstant(), row.getLong(2), row.getLong(3)),
					change, version)
			.stream()
			.findFirst();
	}

	/**
	 * How often a table was used.
	 *
	 * @param since since when
	 * @param scans how often it was read, by an index or as a whole
	 * @param writes how many rows were inserted, updated and deleted
	 */
	public record Counts(Instant since, long scans, long writes) {

	}

}
