package io.github.expandcontract.jdbc;

import java.util.List;

import io.github.expandcontract.UnannotatedAccess;

/**
 * Is told what becomes of statements while a change is under way. Called on the thread
 * that runs the statement, so it has to be quick.
 */
public interface StatementListener {

	/**
	 * A statement is about to run with another text.
	 * @param sql the caller's text
	 */
	default void rewritten(String sql) {
	}

	/**
	 * A statement was refused.
	 * @param refusal its text and the reason
	 */
	default void refused(StatementRefusedException refusal) {
	}

	/**
	 * A statement names a changing column and does not come from an annotated repository.
	 * @param sql its text
	 * @param access what becomes of it
	 */
	default void unannotated(String sql, UnannotatedAccess access) {
	}

	/**
	 * Joins listeners to one.
	 * @param listeners the listeners in the order in which they are called
	 * @return a listener that calls them all
	 */
	static StatementListener all(StatementListener... listeners) {
		List<StatementListener> all = List.of(listeners);
		return new StatementListener() {

			@Override
			public void rewritten(String sql) {
				all.forEach((listener) -> listener.rewritten(sql));
			}

			@Override
			public void refused(StatementRefusedException refusal) {
				all.forEach((listener) -> listener.refused(refusal));
			}

			@Override
			public void unannotated(String sql, UnannotatedAccess access) {
				all.forEach((listener) -> listener.unannotated(sql, access));
			}

		};
	}

}
