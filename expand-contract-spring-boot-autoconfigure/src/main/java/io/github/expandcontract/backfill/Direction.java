package io.github.expandcontract.backfill;

import java.util.Locale;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;

/**
 * Which of the two columns is filled from the other, and the SQL for it.
 */
enum Direction {

	/** The new column from the old one. */
	FORWARD,

	/** The old column from the new one. */
	REVERSE;

	/**
	 * The name in our tables.
	 */
	String key() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The assignment of an UPDATE on a table with the alias {@code t}.
	 */
	String assignment(ColumnChange change) {
		return switch (this) {
			case FORWARD -> Identifiers.quote(change.newColumn()) + " = " + change.up(oldReference(change));
			case REVERSE -> Identifiers.quote(change.oldColumn()) + " = " + change.down(newReference(change));
		};
	}

	/**
	 * The condition that a row with the alias {@code t} is not in step.
	 * <ul>
	 * <li>A plain copy is compared byte by byte, because some types have no equality
	 * ({@code json}), and in others equal values are not the same ({@code citext}).
	 * <li>A value that can be told from the other is compared with it.
	 * <li>Where {@code down} loses information, a value written to the new column is not
	 * {@code up(old)}, and must not be overwritten with it: the pair is in step if either
	 * value follows from the other.
	 * </ul>
	 */
	String differs(ColumnChange change) {
		String oldReference = oldReference(change);
		String newReference = newReference(change);
		if (change.up(oldReference).equals(oldReference) && change.down(newReference).equals(newReference)) {
			return "(ROW(" + newReference + ")::record *<> ROW(" + oldReference + ")::record)";
		}
		String fromOld = newReference + " IS DISTINCT FROM " + change.up(oldReference);
		String fromNew = oldReference + " IS DISTINCT FROM " + change.down(newReference);
		if (!change.lossless()) {
			return "(" + fromOld + " AND " + fromNew + ")";
		}
		return "(" + ((this == FORWARD) ? fromOld : fromNew) + ")";
	}

	/**
	 * The row lock that the UPDATE will not have to strengthen: old may be the target of
	 * a foreign key, new never is.
	 */
	String rowLock() {
		return (this == FORWARD) ? "FOR NO KEY UPDATE" : "FOR UPDATE";
	}

	private static String oldReference(ColumnChange change) {
		return "t." + Identifiers.quote(change.oldColumn());
	}

	private static String newReference(ColumnChange change) {
		return "t." + Identifiers.quote(change.newColumn());
	}

}
