package io.github.expandcontract.backfill;

import org.springframework.jdbc.core.JdbcOperations;

/**
 * Which changes an operator has paused. A pause holds for all instances, and may come
 * before the job.
 */
final class Pauses {

	private Pauses() {
	}

	static boolean paused(String changeId, JdbcOperations jdbc) {
		Boolean paused = jdbc.queryForObject(
				"SELECT EXISTS (SELECT FROM expand_contract.backfill_pause WHERE change_id = ?)", Boolean.class,
				changeId);
		return Boolean.TRUE.equals(paused);
	}

	static void pause(String changeId, JdbcOperations jdbc) {
		jdbc.update("INSERT INTO expand_contract.backfill_pause (change_id) VALUES (?) ON CONFLICT DO NOTHING",
				changeId);
	}

	static void resume(String changeId, JdbcOperations jdbc) {
		jdbc.update("DELETE FROM expand_contract.backfill_pause WHERE change_id = ?", changeId);
	}

}
