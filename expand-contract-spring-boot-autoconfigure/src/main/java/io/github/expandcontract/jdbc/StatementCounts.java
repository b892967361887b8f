package io.github.expandcontract.jdbc;

import java.util.concurrent.atomic.LongAdder;

import io.github.expandcontract.UnannotatedAccess;

/**
 * Counts what becomes of statements.
 */
public final class StatementCounts implements StatementListener {

	private final LongAdder rewritten = new LongAdder();

	private final LongAdder refused = new LongAdder();

	private final LongAdder unannotated = new LongAdder();

	@Override
	public void rewritten(String sql) {
		this.rewritten.increment();
	}

	@Override
	public void refused(StatementRefusedException refusal) {
		this.refused.increment();
	}

	@Override
	public void unannotated(String sql, UnannotatedAccess access) {
		this.unannotated.increment();
	}

	/**
	 * Statements that ran with another text.
	 * @return the number since the application started
	 */
	public long rewritten() {
		return this.rewritten.sum();
	}

	/**
	 * Statements that were refused.
	 * @return the number since the application started
	 */
	public long refused() {
		return this.refused.sum();
	}

	/**
	 * Statements that name a changing column and came from outside of annotated
	 * repositories.
	 * @return the number since the application started
	 */
	public long unannotated() {
		return this.unannotated.sum();
	}

}
