package io.github.expandcontract.testing;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Stops whoever has altered a table so that a condition holds, in the midst of the
 * transaction, until it is opened: the time to kill them in.
 */
public final class MidstOfTransaction {

	private final JdbcTemplate jdbc;

	/**
	 * Puts up the gate.
	 * @param jdbc the database, as a user who may create event triggers
	 * @param condition an SQL expression on the catalog
	 */
	public MidstOfTransaction(JdbcTemplate jdbc, String condition) {
		this.jdbc = jdbc;
		jdbc.execute(
				"""
						CREATE SCHEMA gate;
						CREATE TABLE gate.closed (condition text);
						CREATE FUNCTION gate.wait() RETURNS event_trigger LANGUAGE plpgsql AS $$
						DECLARE
						  reached boolean;
						BEGIN
						  LOOP
						    EXECUTE 'SELECT ' || coalesce((SELECT condition FROM gate.closed), 'false') INTO reached;
						    EXIT WHEN NOT reached;
						    PERFORM pg_sleep(0.01);
						  END LOOP;
						END $$;
						CREATE EVENT TRIGGER wait_at_gate ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION gate.wait()
						""");
		jdbc.update("INSERT INTO gate.closed VALUES (?)", condition);
	}

	/**
	 * Waits until somebody has come so far.
	 */
	public void awaitSomebody() {
		ChangeWalk.await(this::held, () -> "nobody comes to the gate");
	}

	/**
	 * Lets them go on, and waits until they have gone.
	 */
	public void open() {
		this.jdbc.update("DELETE FROM gate.closed");
		ChangeWalk.await(() -> !held(), () -> "they do not go on");
	}

	private boolean held() {
		return Boolean.TRUE.equals(this.jdbc.queryForObject("""
				SELECT EXISTS (SELECT FROM pg_stat_activity
				               WHERE datname = current_database() AND wait_event = 'PgSleep')""", Boolean.class));
	}

}
