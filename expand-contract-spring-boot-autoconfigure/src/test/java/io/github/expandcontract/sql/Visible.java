package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a generated expression may name: the items of FROM of one level of nesting, and
 * the levels around it.
 */
final class Visible {

	private final @Nullable Visible outer;

	private final List<Origin> origins = new ArrayList<>();

	private final List<Column> columns = new ArrayList<>();

	Visible(@Nullable Visible outer) {
		this.outer = outer;
	}

	/**
	 * A type of values.
	 */
	enum Kind {

		TEXT, INT, DECIMAL, BOOL, OTHER

	}

	/**
	 * A column.
	 *
	 * @param name its name as it is written, empty if it cannot be named
	 */
	record Column(String name, Kind kind) {
	}

	/**
	 * An item of FROM.
	 *
	 * @param alias how it is written before a dot
	 * @param base the name after which it is called, the schema left out
	 * @param plain whether it is a table whose rows can be locked
	 */
	record Origin(String alias, String base, List<Column> columns, boolean plain) {

		Origin(String alias, List<Column> columns) {
			this(alias, alias, columns, false);
		}

	}

	@Nullable Visible outer() {
		return this.outer;
	}

	/**
	 * The items of this level, by which a name may be qualified.
	 */
	List<Origin> origins() {
		return this.origins;
	}

	/**
	 * The columns of this level, as a star lists them.
	 */
	List<Column> columns() {
		return this.columns;
	}

	/**
	 * This level without those around it.
	 */
	Visible alone() {
		Visible alone = new Visible(null);
		alone.origins.addAll(this.origins);
		alone.columns.addAll(this.columns);
		return alone;
	}

	void add(Origin origin) {
		this.origins.add(origin);
		this.columns.addAll(origin.columns());
	}

	/**
	 * The ways to name a column of a kind.
	 */
	List<String> references(Kind kind) {
		List<String> references = new ArrayList<>();
		List<String> hiddenAliases = new ArrayList<>();
		List<String> hiddenColumns = new ArrayList<>();
		for (Visible level = this; level != null; level = level.outer) {
			for (Origin origin : level.origins) {
				if (!hiddenAliases.contains(origin.base())) {
					origin.columns()
						.stream()
						.filter((column) -> column.kind() == kind && isUnique(column, origin.columns()))
						.forEach((column) -> references.add(origin.alias() + "." + column.name()));
				}
			}
			for (Column column : level.columns) {
				if (column.kind() == kind && isUnique(column, level.columns)
						&& !hiddenColumns.contains(column.name())) {
					references.add(column.name());
				}
			}
			level.origins.forEach((origin) -> hiddenAliases.add(origin.base()));
			level.columns.forEach((column) -> hiddenColumns.add(column.name()));
		}
		return references;
	}

	static boolean isUnique(Column column, List<Column> columns) {
		return !column.name().isEmpty()
				&& columns.stream().filter((other) -> other.name().equals(column.name())).count() == 1;
	}

}
