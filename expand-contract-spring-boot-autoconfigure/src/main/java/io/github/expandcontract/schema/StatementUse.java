package io.github.expandcontract.schema;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.LiteralMask;

/**
 * Which statements of anybody named what goes away since a phase began, by
 * {@code pg_stat_statements}.
 * <ol>
 * <li>The first reading in a phase notes how often each statement that names it had run
 * until then.</li>
 * <li>Each later reading adds what came since the one before. A counter that was set
 * back, because the statistics were reset or the statement was thrown out and came back,
 * begins at zero again; what was seen before that stays seen. PostgreSQL says so of a
 * counter from version 17 on; before, a statement that is missing in a reading tells
 * it.</li>
 * </ol>
 * Everything is kept in rows, so that it outlives this instance.
 */
public final class StatementUse {

	private static final int LONGEST = 300;

	private final Ddl ddl;

	/**
	 * Creates a reader.
	 * @param ddl where statements run
	 */
	public StatementUse(Ddl ddl) {
		this.ddl = ddl;
	}

	/**
	 * Creates the tables where they do not exist.
	 * @param within a transaction that keeps other instances from doing the same
	 */
	public static void install(JdbcOperations within) {
		within.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.statement_reading (
				  change_id     text PRIMARY KEY,
				  version       bigint NOT NULL,
				  first_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
				  read_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
				  dealloc_first bigint,
				  dealloc       bigint,
				  hidden        bigint NOT NULL DEFAULT 0,
				  problem       text
				)""");
		within.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.statement_use (
				  change_id     text NOT NULL,
				  version       bigint NOT NULL,
				  user_id       bigint NOT NULL,
				  query_id      bigint NOT NULL,
				  top_level     boolean NOT NULL,
				  calls         bigint NOT NULL,
				  stats_since   timestamptz,
				  grown         bigint NOT NULL,
				  grown_at      timestamptz,
				  user_name     text NOT NULL,
				  text          text NOT NULL,
				  PRIMARY KEY (change_id, version, user_id, query_id, top_level)
				)""");
	}

	/**
	 * Takes a reading, unless the last one is young enough.
	 * @param leaving what goes away
	 * @param version the version of the phase
	 * @param age how old the last reading may be
	 */
	public void read(Leaving leaving, long version, Duration age) {
		if (last(leaving, version).filter((reading) -> reading.age().compareTo(age) < 0).isPresent()) {
			return;
		}
		try {
			this.ddl.inTransaction("read the statistics of statements", (jdbc) -> read(leaving, version, jdbc));
		}
		catch (DataAccessException ex) {
			String problem = ex.getMostSpecificCause().getMessage();
			this.ddl.inTransaction("note that there are no statistics of statements",
					(jdbc) -> begin(leaving, version, jdbc, problem));
		}
	}

	private boolean read(Leaving leaving, long version, JdbcOperations jdbc) {
		Optional<String> view = jdbc.queryForList("""
				SELECT pg_catalog.quote_ident(n.nspname) || '.' FROM pg_catalog.pg_extension e
				JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'
				""", String.class).stream().findFirst();
		if (view.isEmpty()) {
			return begin(leaving, version, jdbc, "the extension pg_stat_statements is not installed in this database");
		}
		Reading before = last(leaving, version, jdbc).filter((reading) -> reading.problem() == null).orElse(null);
		begin(leaving, version, jdbc, null);
		boolean reset = counts(leaving, view.get(), jdbc);
		forgotten(leaving, view.get(), jdbc);
		for (Counted counted : statements(leaving, view.get(), jdbc)) {
			note(leaving, version, counted.grownSince(before), reset, counted, jdbc);
		}
		return true;
	}

	/**
	 * The row of the reading, which is locked until the end of the transaction.
	 */
	private static boolean begin(Leaving leaving, long version, JdbcOperations jdbc, @Nullable String problem) {
		jdbc.update("""
				INSERT INTO expand_contract.statement_reading AS known (change_id, version, problem) VALUES (?, ?, ?)
				ON CONFLICT (change_id) DO UPDATE SET
				  first_at = CASE WHEN known.version = EXCLUDED.version
				      AND (known.problem IS NULL OR EXCLUDED.problem IS NOT NULL)
				    THEN known.first_at ELSE clock_timestamp() END,
				  dealloc_first = CASE WHEN known.version = EXCLUDED.version THEN known.dealloc_first END,
				  version = EXCLUDED.version, problem = EXCLUDED.problem, hidden = 0
				""", leaving.change(), version, problem);
		jdbc.update("DELETE FROM expand_contract.statement_use WHERE change_id = ? AND version <> ?", leaving.change(),
				version);
		if (problem != null) {
			jdbc.update("UPDATE expand_contract.statement_reading SET read_at = clock_timestamp() WHERE change_id = ?",
					leaving.change());
		}
		return true;
	}

	/**
	 * Notes what the statistics as a whole lack.
	 * @return whether all counters began again since the last reading
	 */
	private static boolean counts(Leaving leaving, String schema, JdbcOperations jdbc) {
		jdbc.update(
				"""
						UPDATE expand_contract.statement_reading SET hidden = (SELECT count(*) FROM %1$spg_stat_statements(false) s
						  WHERE s.queryid IS NULL
						  AND s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
						WHERE change_id = ?
						"""
					.formatted(schema),
				leaving.change());
		boolean told = Boolean.TRUE.equals(jdbc.queryForObject("SELECT pg_catalog.to_regclass(?) IS NOT NULL",
				Boolean.class, schema + "pg_stat_statements_info"));
		if (!told) {
			jdbc.update("UPDATE expand_contract.statement_reading SET read_at = clock_timestamp() WHERE change_id = ?",
					leaving.change());
			return false;
		}
		return jdbc.query("""
				UPDATE expand_contract.statement_reading now SET read_at = clock_timestamp(), dealloc = info.dealloc,
				  dealloc_first = least(coalesce(now.dealloc_first, info.dealloc), info.dealloc)
				FROM %spg_stat_statements_info info, expand_contract.statement_reading before
				WHERE now.change_id = ? AND before.change_id = now.change_id
				RETURNING coalesce(info.stats_reset > before.read_at, false)
				""".formatted(schema), (row, number) -> row.getBoolean(1), leaving.change()).contains(true);
	}

	/*
	 * What is not there any more begins at zero if it comes back. What is hidden from
	 * this user may still be there.
	 */
	private static void forgotten(Leaving leaving, String schema, JdbcOperations jdbc) {
		jdbc.update("""
				UPDATE expand_contract.statement_use known SET calls = 0
				WHERE known.change_id = ? AND known.calls > 0
				AND NOT EXISTS (SELECT FROM %spg_stat_statements(false) s
				  WHERE s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
				  AND s.userid::bigint = known.user_id AND (s.queryid IS NULL OR s.queryid = known.query_id
				    AND coalesce((pg_catalog.to_jsonb(s) ->> 'toplevel')::boolean, true) = known.top_level))
				""".formatted(schema), leaving.change());
	}

	/*
	 * What the server asks on behalf of a foreign key is nobody's statement: it goes by
	 * the column's number.
	 */
	private static List<Counted> statements(Leaving leaving, String schema, JdbcOperations jdbc) {
		return jdbc.query("""
				SELECT s.userid::bigint, s.queryid, coalesce((pg_catalog.to_jsonb(s) ->> 'toplevel')::boolean, true),
				  s.calls, (pg_catalog.to_jsonb(s) ->> 'stats_since')::timestamptz,
				  coalesce(pg_catalog.pg_get_userbyid(s.userid), ''), s.query
				FROM %spg_stat_statements s
				WHERE s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
				AND s.queryid IS NOT NULL
				AND (pg_catalog.strpos(pg_catalog.lower(s.query), pg_catalog.lower(?)) > 0
				  OR pg_catalog.strpos(pg_catalog.lower(s.query), 'u&"') > 0)
				AND NOT (s.query ~ '(FROM|UPDATE) ONLY "' AND s.query ~ 'OPERATOR\\(pg_catalog\\.'
				  AND NOT coalesce((pg_catalog.to_jsonb(s) ->> 'toplevel')::boolean, true))
				""".formatted(schema), StatementUse::counted, leaving.table().name())
			.stream()
			.filter((counted) -> leaving.brokenIn(counted.text()))
			.toList();
	}

	private static Counted counted(ResultSet row, int number) throws SQLException {
		return new Counted(row.getLong(1), row.getLong(2), row.getBoolean(3), row.getLong(4), row.getTimestamp(5),
				row.getString(6), row.getString(7));
	}

	private static void note(Leaving leaving, long version, long grown, boolean reset, Counted counted,
			JdbcOperations jdbc) {
		jdbc.update("""
				INSERT INTO expand_contract.statement_use AS known (change_id, version, user_id, query_id, top_level,
				  calls, stats_since, grown, grown_at, user_name, text)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, CASE WHEN ? THEN clock_timestamp() END, ?, ?)
				ON CONFLICT (change_id, version, user_id, query_id, top_level) DO UPDATE SET
				  grown = known.grown + CASE WHEN ? OR EXCLUDED.calls < known.calls
				      OR EXCLUDED.stats_since IS DISTINCT FROM known.stats_since
				    THEN EXCLUDED.calls ELSE EXCLUDED.calls - known.calls END,
				  grown_at = CASE WHEN EXCLUDED.calls = known.calls AND NOT ?
				      AND EXCLUDED.stats_since IS NOT DISTINCT FROM known.stats_since
				    THEN known.grown_at ELSE clock_timestamp() END,
				  calls = EXCLUDED.calls, stats_since = EXCLUDED.stats_since
				""", leaving.change(), version, counted.user(), counted.query(), counted.topLevel(), counted.calls(),
				counted.since(), grown, grown > 0, counted.userName(), shown(counted.text()), reset, reset);
	}

	private static String shown(String text) {
		String masked = LiteralMask.mask(text).replaceAll("\\s+", " ");
		return (masked.length() > LONGEST) ? masked.substring(0, LONGEST) + " ..." : masked;
	}

	/**
	 * The last reading in a phase.
	 * @param leaving what goes away
	 * @param version the version of the phase
	 * @return the reading, empty if there was none
	 */
	public Optional<Reading> last(Leaving leaving, long version) {
		return last(leaving, version, this.ddl.jdbc());
	}

	private static Optional<Reading> last(Leaving leaving, long version, JdbcOperations jdbc) {
		return jdbc
			.query("""
					SELECT first_at, extract(epoch FROM clock_timestamp() - read_at) * 1000, hidden,
					  coalesce(dealloc - dealloc_first, 0), problem
					FROM expand_contract.statement_reading WHERE change_id = ? AND version = ?
					""",
					(row, number) -> new Reading(row.getTimestamp(1).toInstant(), Duration.ofMillis(row.getLong(2)),
							row.getLong(3), row.getLong(4), row.getString(5)),
					leaving.change(), version)
			.stream()
			.findFirst();
	}

	/**
	 * The statements that ran since the first reading in a phase.
	 * @param leaving what goes away
	 * @param version the version of the phase
	 * @return the statements, the most frequent first
	 */
	public List<Seen> seen(Leaving leaving, long version) {
		return this.ddl.jdbc()
			.query("""
					SELECT user_name, text, grown, grown_at FROM expand_contract.statement_use
					WHERE change_id = ? AND version = ? AND grown > 0 ORDER BY grown DESC, text
					""", (row, number) -> new Seen(row.getString(1), row.getString(2), row.getLong(3),
					row.getTimestamp(4).toInstant()), leaving.change(), version);
	}

	private record Counted(long user, long query, boolean topLevel, long calls, @Nullable Timestamp since,
			String userName, String text) {

		/**
		 * How often a statement ran since the first reading that no reading has shown.
		 */
		long grownSince(@Nullable Reading before) {
			if (before == null) {
				return 0;
			}
			// One whose text could not be read until now may be old.
			boolean came = (this.since != null) ? this.since.toInstant().isAfter(before.since()) : before.hidden() == 0;
			return came ? this.calls : 0;
		}

	}

	/**
	 * When the statistics were read, and what they lack.
	 *
	 * @param since when they were read for the first time in the phase
	 * @param age how long ago they were read the last time
	 * @param hidden statements of other users whose text this user may not read
	 * @param thrownOut how often the server made room by forgetting statements
	 * @param problem why there is nothing to read, {@code null} if there is
	 */
	public record Reading(Instant since, Duration age, long hidden, long thrownOut, @Nullable String problem) {

	}

	/**
	 * A statement and how often it ran.
	 *
	 * @param user who ran it
	 * @param text its text, shortened, without values
	 * @param calls how often since the first reading in the phase
	 * @param lastAt when the last reading that found it again was taken
	 */
	public record Seen(String user, String text, long calls, Instant lastAt) {

	}

}
