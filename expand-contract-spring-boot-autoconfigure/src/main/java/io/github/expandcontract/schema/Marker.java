package io.github.expandcontract.schema;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.change.TableChange;

/**
 * The comment by which a new column, an index or a constraint is known to be what a
 * change made, and not somebody else's.
 */
final class Marker {

	private static final String RELAXED = ", old was not null";

	private static final String REFILLING = ", old is being refilled";

	private Marker() {
	}

	static String of(RowChange change) {
		return "expand-contract: copy of " + String.join(", ", change.oldColumns()) + ", change " + change.id();
	}

	/**
	 * Of an index or a constraint that a change made.
	 */
	static String made(TableChange change) {
		return "expand-contract: made by change " + change.id();
	}

	static String relaxed(RowChange change) {
		return of(change) + RELAXED;
	}

	/**
	 * Of a column from which old, added again, takes its values.
	 * @param required whether old is to be NOT NULL when it has them
	 */
	static String refilling(RowChange change, boolean required) {
		return (required ? relaxed(change) : of(change)) + REFILLING;
	}

	static boolean marks(@Nullable String comment, RowChange change) {
		return of(change).equals(comment) || isRelaxed(comment, change) || isRefilling(comment, change);
	}

	static boolean isRelaxed(@Nullable String comment, RowChange change) {
		return relaxed(change).equals(comment) || refilling(change, true).equals(comment);
	}

	static boolean isRefilling(@Nullable String comment, RowChange change) {
		return refilling(change, true).equals(comment) || refilling(change, false).equals(comment);
	}

}
