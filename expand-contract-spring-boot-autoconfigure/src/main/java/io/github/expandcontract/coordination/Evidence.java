package io.github.expandcontract.coordination;

/**
 * One thing that has to be known before a move, and what is known of it.
 *
 * @param name what it is about
 * @param verdict whether the move may pass
 * @param detail what was seen, and what to do where the move may not pass
 */
public record Evidence(String name, Verdict verdict, String detail) {

	static Evidence ok(String name, String detail) {
		return new Evidence(name, Verdict.OK, detail);
	}

	static Evidence waits(String name, String detail) {
		return new Evidence(name, Verdict.WAITS, detail);
	}

	static Evidence blocks(String name, String detail) {
		return new Evidence(name, Verdict.BLOCKS, detail);
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
