package io.github.expandcontract.backfill;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.Identifiers;

/**
 * Which of the two sides of a change is filled from the other, and the SQL for it.
 */
enum Direction {

	/** The new columns from the old ones. */
	FORWARD,

	/** The old columns from the new ones. */
	REVERSE;

	/**
	 * The name in our tables.
	 */
	String key() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The assignments of an UPDATE on a table with the alias {@code t}.
	 */
	String assignment(RowChange change) {
		return switch (this) {
			case FORWARD -> assignments(change.newColumns(), (column) -> up(change, column));
			case REVERSE -> assignments(change.oldColumns(), (column) -> down(change, column));
		};
	}

	private static String assignments(List<String> columns, Function<String, String> value) {
		return columns.stream()
			.map((column) -> Identifiers.quote(column) + " = " + value.apply(column))
			.collect(Collectors.joining(", "));
	}

	/**
	 * The condition that a row with the alias {@code t} has to be filled.
	 * <ul>
	 * <li>A plain copy is compared byte by byte, because some types have no equality
	 * ({@code json}), and in others equal values are not the same ({@code citext}).
	 * <li>Converted values are in step if either side follows from the other as a whole.
	 * A value that was written to one side and of which the other keeps less is never
	 * overwritten with what is left of it.
	 * <li>Old that holds nothing, while new gives it something, has not been filled
	 * again.
	 * <li>Where nothing is replaced, what is NULL is filled with what there is for it.
	 * </ul>
	 */
	String differs(RowChange change) {
		if (isCopy(change)) {
			return copyDiffers(change);
		}
		if (change.oldColumns().isEmpty()) {
			return (this == FORWARD) ? "(" + isEmpty(change.newColumns()) + " AND " + newGiven(change) + ")" : "false";
		}
		String unaccounted = newDiffers(change) + " AND " + oldDiffers(change);
		return switch (this) {
			case FORWARD -> "(" + unaccounted + ")";
			case REVERSE ->
				"(" + unaccounted + " OR " + isEmpty(change.oldColumns()) + " AND " + oldGiven(change) + ")";
		};
	}

	/**
	 * The condition that a row with the alias {@code t} breaks what the change promises:
	 * where it promises that nothing of new is lost, new is what old gives; where nothing
	 * is replaced, new is not NULL.
	 */
	static String broken(RowChange change) {
		if (change.oldColumns().isEmpty()) {
			return "(" + isEmpty(change.newColumns()) + ")";
		}
		return (isCopy(change) || !isLossless(change)) ? FORWARD.differs(change) : "(" + newDiffers(change) + ")";
	}

	/**
	 * Whether the change promises that {@code up} gives back whatever {@code down} took.
	 */
	static boolean isLossless(RowChange change) {
		return change instanceof ColumnChange pair && pair.lossless();
	}

	/**
	 * Whether the values are taken over as they are.
	 */
	static boolean isCopy(RowChange change) {
		if (!(change instanceof ColumnChange pair)) {
			return false;
		}
		String oldReference = reference(pair.oldColumn());
		String newReference = reference(pair.newColumn());
		return pair.up(oldReference).equals(oldReference) && pair.down(newReference).equals(newReference);
	}

	/**
	 * The columns that the new ones follow from.
	 */
	static Set<String> sources(RowChange change) {
		Set<String> sources = new LinkedHashSet<>();
		change.newColumns().forEach((column) -> change.up(column, (source) -> {
			sources.add(source);
			return source;
		}));
		return sources;
	}

	private static String copyDiffers(RowChange change) {
		return "(ROW(" + reference(change.newColumns().get(0)) + ")::record *<> ROW("
				+ reference(change.oldColumns().get(0)) + ")::record)";
	}

	private static String newDiffers(RowChange change) {
		return any(change.newColumns(), (column) -> reference(column) + " IS DISTINCT FROM " + up(change, column));
	}

	private static String oldDiffers(RowChange change) {
		return any(change.oldColumns(), (column) -> reference(column) + " IS DISTINCT FROM " + down(change, column));
	}

	private static String newGiven(RowChange change) {
		return any(change.newColumns(), (column) -> up(change, column) + " IS NOT NULL");
	}

	private static String oldGiven(RowChange change) {
		return any(change.oldColumns(), (column) -> down(change, column) + " IS NOT NULL");
	}

	private static String isEmpty(List<String> columns) {
		return columns.stream().map((column) -> reference(column) + " IS NULL").collect(Collectors.joining(" AND "));
	}

	static String any(List<String> columns, Function<String, String> condition) {
		List<String> conditions = columns.stream().map(condition).toList();
		return (conditions.size() == 1) ? conditions.get(0) : "(" + String.join(" OR ", conditions) + ")";
	}

	/**
	 * The row lock that the UPDATE will not have to strengthen: old may be the target of
	 * a foreign key, new never is.
	 */
	String rowLock() {
		return (this == FORWARD) ? "FOR NO KEY UPDATE" : "FOR UPDATE";
	}

	private static String up(RowChange change, String newColumn) {
		return change.up(newColumn, Direction::reference);
	}

	private static String down(RowChange change, String oldColumn) {
		return change.down(oldColumn, Direction::reference);
	}

	static String reference(String column) {
		return "t." + Identifiers.quote(column);
	}

}
