package io.github.expandcontract.sql;

import java.util.BitSet;

/**
 * Which tokens have been given a meaning. A name of a changing column that has none when
 * all is done means that the statement was not understood.
 */
final class Account {

	private final BitSet settled = new BitSet();

	void settle(int token) {
		this.settled.set(token);
	}

	void settle(int first, int last) {
		this.settled.set(first, last + 1);
	}

	boolean isSettled(int token) {
		return this.settled.get(token);
	}

}
