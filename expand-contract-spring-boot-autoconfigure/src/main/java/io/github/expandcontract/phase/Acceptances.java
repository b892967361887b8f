package io.github.expandcontract.phase;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import org.springframework.jdbc.core.JdbcOperations;

/**
 * Evidence that an operator lets pass although it stands against a move, with who and
 * when. It holds for one version of a change's row, so until the phase changes.
 */
public final class Acceptances {

	private final JdbcOperations jdbc;

	Acceptances(JdbcOperations jdbc) {
		this.jdbc = jdbc;
	}

	static void install(JdbcOperations within) {
		within.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.acceptance (
				  change_id     text NOT NULL REFERENCES expand_contract.change ON DELETE CASCADE,
				  version       bigint NOT NULL,
				  evidence      text NOT NULL,
				  accepted_by   text NOT NULL,
				  accepted_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
				  PRIMARY KEY (change_id, version, evidence)
				)""");
	}

	/**
	 * Lets evidence pass.
	 * @param state where the change stands
	 * @param evidence the name of the evidence
	 * @param by who lets it pass
	 */
	public void accept(ChangeState state, String evidence, String by) {
		this.jdbc.update("""
				INSERT INTO expand_contract.acceptance (change_id, version, evidence, accepted_by) VALUES (?, ?, ?, ?)
				ON CONFLICT DO NOTHING""", state.id(), state.version(), evidence, by);
	}

	/**
	 * What was accepted in the present phase.
	 * @param state where the change stands
	 * @return who accepted it and when, by the name of the evidence
	 */
	public Map<String, Acceptance> of(ChangeState state) {
		Map<String, Acceptance> accepted = new HashMap<>();
		this.jdbc.query("""
				SELECT evidence, accepted_by, accepted_at FROM expand_contract.acceptance
				 WHERE change_id = ? AND version = ?""", (row) -> {
			accepted.put(row.getString(1), new Acceptance(row.getString(2), row.getTimestamp(3).toInstant()));
		}, state.id(), state.version());
		return accepted;
	}

	/**
	 * Somebody's word.
	 *
	 * @param by whose
	 * @param at when
	 */
	public record Acceptance(String by, Instant at) {

	}

}
