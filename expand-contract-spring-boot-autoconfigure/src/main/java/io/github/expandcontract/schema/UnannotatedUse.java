package io.github.expandcontract.schema;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.springframework.jdbc.core.JdbcOperations;

/**
 * What each instance has seen outside of annotated repositories that names what goes
 * away, since a phase began. Kept in rows, so that all instances know of it, also when
 * the one that saw it has ended.
 */
public final class UnannotatedUse {

	private static final int LONGEST = 300;

	private final JdbcOperations jdbc;

	/**
	 * Creates a store.
	 * @param jdbc where our own tables are
	 */
	public UnannotatedUse(JdbcOperations jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Creates the table where it does not exist.
	 * @param within a transaction that keeps other instances from doing the same
	 */
	public static void install(JdbcOperations within) {
		within.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.unannotated_use (
				  change_id     text NOT NULL,
				  version       bigint NOT NULL,
				  instance_id   uuid NOT NULL,
				  instance_name text NOT NULL,
				  text          text NOT NULL,
				  calls         bigint NOT NULL,
				  last_at       timestamptz NOT NULL,
				  PRIMARY KEY (change_id, version, instance_id, text)
				)""");
	}

	/**
	 * Adds what an instance has seen.
	 * @param change the id of the change
	 * @param version the version of the phase in which it was seen
	 * @param instance the id of the instance
	 * @param name its name
	 * @param text the statement without values
	 * @param calls how often
	 * @param lastAt when for the last time
	 */
	public void add(String change, long version, UUID instance, String name, String text, long calls, Instant lastAt) {
		this.jdbc.update("DELETE FROM expand_contract.unannotated_use WHERE change_id = ? AND version < ?", change,
				version);
		this.jdbc.update("""
				INSERT INTO expand_contract.unannotated_use AS known
				  (change_id, version, instance_id, instance_name, text, calls, last_at) VALUES (?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (change_id, version, instance_id, text) DO UPDATE
				  SET calls = known.calls + EXCLUDED.calls, last_at = greatest(known.last_at, EXCLUDED.last_at)
				""", change, version, instance, name, shown(text), calls, Timestamp.from(lastAt));
	}

	private static String shown(String text) {
		String line = text.replaceAll("\\s+", " ");
		return (line.length() > LONGEST) ? line.substring(0, LONGEST) + " ..." : line;
	}

	/**
	 * What all instances have seen.
	 * @param change the id of the change
	 * @param version the version of the phase
	 * @return the statements, the most frequent first
	 */
	public List<Seen> seen(String change, long version) {
		return this.jdbc.query("""
				SELECT text, sum(calls), max(last_at), string_agg(DISTINCT instance_name, ', ' ORDER BY instance_name)
				FROM expand_contract.unannotated_use WHERE change_id = ? AND version = ?
				GROUP BY text ORDER BY 2 DESC, 1
				""", (row, number) -> new Seen(row.getString(1), row.getLong(2), row.getTimestamp(3).toInstant(),
				row.getString(4)), change, version);
	}

	/**
	 * A statement and where it came from.
	 *
	 * @param text its text, shortened, without values
	 * @param calls how often it was seen
	 * @param lastAt when for the last time
	 * @param instances the instances that saw it
	 */
	public record Seen(String text, long calls, Instant lastAt, String instances) {

	}

}
