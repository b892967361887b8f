package io.github.expandcontract.coordination;

import java.time.temporal.ChronoUnit;

import io.github.expandcontract.phase.Acceptances.Acceptance;

/**
 * One thing that has to be known before a move, and what is known of it.
 *
 * @param name what it is about
 * @param verdict whether the move may pass
 * @param detail what was seen, and what to do where the move may not pass
 * @param acceptable whether an operator may let it pass all the same
 */
public record Evidence(String name, Verdict verdict, String detail, boolean acceptable) {

	static Evidence ok(String name, String detail) {
		return new Evidence(name, Verdict.OK, detail, false);
	}

	static Evidence waits(String name, String detail) {
		return new Evidence(name, Verdict.WAITS, detail, false);
	}

	static Evidence blocks(String name, String detail) {
		return new Evidence(name, Verdict.BLOCKS, detail, false);
	}

	/**
	 * Something that stands against the move as far as can be seen, of which an operator
	 * may know better.
	 */
	static Evidence suspects(String name, String detail) {
		return new Evidence(name, Verdict.BLOCKS,
				detail + " Where you know that this is no harm, accept it at the "
						+ "endpoint by {\"action\":\"accept\",\"evidence\":\"" + name + "\",\"by\":\"your name\"}.",
				true);
	}

	/**
	 * The same where somebody has accepted it.
	 */
	Evidence accepted(Acceptance acceptance) {
		return new Evidence(this.name, Verdict.OK, "Accepted by " + acceptance.by() + " at "
				+ acceptance.at().truncatedTo(ChronoUnit.SECONDS) + ": " + this.detail, true);
	}

	boolean passes() {
		return this.verdict == Verdict.OK;
	}

	/**
	 * Whether a move may pass.
	 */
	public enum Verdict {

		/**
		 * Nothing stands against it.
		 */
		OK,

		/**
		 * It is under way and passes by itself.
		 */
		WAITS,

		/**
		 * Somebody has to do something.
		 */
		BLOCKS

	}

}
