package io.github.expandcontract.coordination;

import java.time.Duration;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.phase.FleetMember;
import io.github.expandcontract.phase.Hold;
import io.github.expandcontract.phase.PhaseStore;
import io.github.expandcontract.postgres.Ddl;

import org.springframework.jdbc.core.JdbcOperations;

/**
 * What the courses work with.
 *
 * @param store the rows of the fleet
 * @param member this instance
 * @param ddl where statements on the schema run
 * @param backfill what goes over the rows
 * @param settings how moves are made
 * @param recent what was seen lately of that which is not looked at with every tick
 */
record Tools(PhaseStore store, FleetMember member, Ddl ddl, Backfill backfill, CoordinationSettings settings,
		Recent recent) {

	/**
	 * Runs steps while all calls are held.
	 */
	Cutover cutover() {
		return new Cutover(this.store, this.member, this.settings.cutoverTimeout());
	}

	/**
	 * Moves a change by a step of the phase alone.
	 */
	void move(ChangeState state, Phase next) {
		this.store.move(state.withoutHold(), next, this.member.id());
	}

	/**
	 * Moves a change within the transaction that changes its table.
	 */
	void move(JdbcOperations within, ChangeState state, Phase next) {
		this.store.move(within, state, next, this.member.id());
	}

	/**
	 * How long a transaction waits for its lock: no longer than the calls are to be held.
	 */
	Duration lockTimeout(ChangeState state) {
		Duration configured = this.settings.lockTimeout();
		return state.hold().map(Hold::endsIn).filter((left) -> left.compareTo(configured) < 0).orElse(configured);
	}

}
