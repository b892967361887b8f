package io.github.expandcontract.backfill;

import java.util.Set;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.SqlStates;

/**
 * The tables in which the backfill keeps its state.
 */
final class OwnTables {

	/** What PostgreSQL answers when somebody else creates the same object just now. */
	private static final Set<String> CREATED_BY_ANOTHER = Set.of(SqlStates.UNIQUE_VIOLATION, SqlStates.DUPLICATE_SCHEMA,
			SqlStates.DUPLICATE_TABLE, SqlStates.DUPLICATE_OBJECT, SqlStates.INTERNAL_ERROR);

	private static final int TRIES = 20;

	private OwnTables() {
	}

	/**
	 * Creates what is missing. Several instances may do so at once: the loser of a race
	 * looks again.
	 */
	static void install(Transactions transactions) {
		for (int attempt = 1;; attempt++) {
			try {
				transactions.run((jdbc) -> create(jdbc));
				return;
			}
			catch (DataAccessException ex) {
				if (attempt == TRIES || !CREATED_BY_ANOTHER.contains(SqlStates.of(ex).orElse(""))) {
					throw ex;
				}
			}
		}
	}

	private static void create(JdbcOperations jdbc) {
		Boolean there = jdbc.queryForObject("SELECT to_regclass('expand_contract.backfill_examination') IS NOT NULL",
				Boolean.class);
		if (Boolean.TRUE.equals(there)) {
			return;
		}
		Boolean schema = jdbc.queryForObject("SELECT to_regnamespace('expand_contract') IS NOT NULL", Boolean.class);
		if (!Boolean.TRUE.equals(schema)) {
			jdbc.execute("CREATE SCHEMA IF NOT EXISTS expand_contract");
		}
		jdbc.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.backfill_job (
					id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
					change_id text NOT NULL,
					direction text NOT NULL,
					pass int NOT NULL DEFAULT 0,
					rows_examined bigint NOT NULL DEFAULT 0,
					rows_copied bigint NOT NULL DEFAULT 0,
					rows_left bigint NOT NULL DEFAULT 0,
					vacuumed_tenths int NOT NULL DEFAULT 0,
					waiting_for text,
					next_pass_at timestamptz NOT NULL DEFAULT '-infinity',
					started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
					finished_at timestamptz,
					UNIQUE (change_id, direction))
				""");
		jdbc.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.backfill_range (
					id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
					job_id bigint NOT NULL REFERENCES expand_contract.backfill_job,
					leaf_schema text NOT NULL,
					leaf_name text NOT NULL,
					key_column text,
					lower_bound bigint NOT NULL,
					upper_bound bigint NOT NULL,
					next_position bigint NOT NULL,
					estimate bigint NOT NULL,
					rows_examined bigint NOT NULL DEFAULT 0,
					rows_differing bigint NOT NULL DEFAULT 0,
					rows_copied bigint NOT NULL DEFAULT 0,
					busy_millis bigint NOT NULL DEFAULT 0,
					batch_size int,
					lease_until timestamptz NOT NULL DEFAULT '-infinity',
					fence bigint NOT NULL DEFAULT 0,
					attempts int NOT NULL DEFAULT 0,
					done boolean NOT NULL DEFAULT false,
					error_sqlstate text,
					error_message text)
				""");
		jdbc.execute("""
				CREATE INDEX IF NOT EXISTS backfill_range_open
				ON expand_contract.backfill_range (job_id, id) WHERE NOT done
				""");
		jdbc.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.backfill_verification (
					change_id text PRIMARY KEY,
					rows_read bigint NOT NULL,
					mismatches bigint NOT NULL,
					sample text[] NOT NULL,
					verified_at timestamptz NOT NULL DEFAULT clock_timestamp())
				""");
		jdbc.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.backfill_pause (
					change_id text PRIMARY KEY,
					paused_at timestamptz NOT NULL DEFAULT clock_timestamp())
				""");
		jdbc.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.backfill_examination (
					change_id text PRIMARY KEY,
					rows_read bigint NOT NULL,
					lossy bigint NOT NULL,
					sample text[] NOT NULL,
					examined_at timestamptz NOT NULL DEFAULT clock_timestamp())
				""");
	}

}
