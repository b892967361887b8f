package io.github.expandcontract.schema;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.change.ColumnChange;

/**
 * The comment by which a new column is known to be the copy that a change made, and not
 * somebody else's column.
 */
final class Marker {

	private static final String RELAXED = ", old was not null";

	private Marker() {
	}

	static String of(ColumnChange change) {
		return "expand-contract: copy of " + change.oldColumn() + ", change " + change.id();
	}

	static String relaxed(ColumnChange change) {
		return of(change) + RELAXED;
	}

	static boolean marks(@Nullable String comment, ColumnChange change) {
		return of(change).equals(comment) || isRelaxed(comment, change);
	}

	static boolean isRelaxed(@Nullable String comment, ColumnChange change) {
		return relaxed(change).equals(comment);
	}

}
