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
	 * The condition that a row with the alias {@code t} has to be filled.
	 * <ul>
	 * <li>A plain copy is compared byte by byte, because some types have no equality
	 * ({@code json}), and in others equal values are not the same ({@code citext}).
	 * <li>Converted values are in step if either follows from the other. A value that was
	 * written to one column and of which the other keeps less is never overwritten with
	 * what is left of it.
	 * <li>Old that holds nothing, while new gives it something, has not been filled
	 * again.
	 * </ul>
	 */
	String differs(ColumnChange change) {
		if (isCopy(change)) {
			return copyDiffers(change);
		}
		String unaccounted = newDiffers(change) + " AND " + oldDiffers(change);
		return switch (this) {
			case FORWARD -> "(" + unaccounted + ")";
			case REVERSE -> "(" + unaccounted + " OR " + oldReference(change) + " IS NULL AND "
					+ change.down(newReference(change)) + " IS NOT NULL)";
		};
	}

	/**
	 * The condition that a row with the alias {@code t} breaks what the change promises:
	 * where it promises that nothing of new is lost, new is what old gives.
	 */
	static String broken(ColumnChange change) {
		return (isCopy(change) || !change.lossless()) ? FORWARD.differs(change) : "(" + newDiffers(change) + ")";
	}

	/**
	 * Whether the values are taken over as they are.
	 */
	static boolean isCopy(ColumnChange change) {
		String oldReference = oldReference(change);
		String newReference = newReference(change);
		return change.up(oldReference).equals(oldReference) && change.down(newReference).equals(newReference);
	}

	private static String copyDiffers(ColumnChange change) {
		return "(ROW(" + newReference(change) + ")::record *<> ROW(" + oldReference(change) + ")::record)";
	}

	private static String newDiffers(ColumnChange change) {
		return newReference(change) + " IS DISTINCT FROM " + change.up(oldReference(change));
	}

	private static String oldDiffers(ColumnChange change) {
		return oldReference(change) + " IS DISTINCT FROM " + change.down(newReference(change));
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
