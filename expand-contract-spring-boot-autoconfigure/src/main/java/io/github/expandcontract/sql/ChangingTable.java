package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.Table;

/**
 * A table with the rules of its changes.
 */
final class ChangingTable {

	private final Table table;

	private final List<ColumnRule> rules;

	private final List<FinalColumn> columns;

	private final @Nullable String guard;

	ChangingTable(Table table, List<ColumnRule> rules) {
		this.table = table;
		this.rules = rules;
		this.columns = finalColumns();
		this.guard = guard(table);
	}

	/**
	 * A column as the table will have it in the end.
	 *
	 * @param name its name
	 * @param rule the rule by which it is read and written now, if it changes
	 */
	record FinalColumn(String name, @Nullable ColumnRule rule) {
	}

	private List<FinalColumn> finalColumns() {
		List<FinalColumn> result = new ArrayList<>();
		for (Column column : this.table.columns()) {
			ColumnRule placed = ruleAt(column.name());
			if (placed != null) {
				result.add(new FinalColumn(placed.name(), placed));
			}
			else if (this.rules.stream().noneMatch((rule) -> isPartOf(rule, column.name()))) {
				result.add(new FinalColumn(column.name(), null));
			}
		}
		// A column that is yet to be added comes to stand at the end
		this.rules.stream()
			.filter((rule) -> rule.column().stays() && !rule.originalStays() && place(rule) == null)
			.forEach((rule) -> result.add(new FinalColumn(rule.name(), rule)));
		return List.copyOf(result);
	}

	private static boolean isPartOf(ColumnRule rule, String column) {
		return rule.hides(column) || rule.column().newColumn().equals(column);
	}

	private @Nullable ColumnRule ruleAt(String column) {
		return this.rules.stream()
			.filter((rule) -> rule.column().stays() && column.equals(place(rule)))
			.findFirst()
			.orElse(null);
	}

	/**
	 * The column of the table at whose place a column comes to stand.
	 */
	private @Nullable String place(ColumnRule rule) {
		ChangingColumn column = rule.column();
		// Where one of them is gone already, this instance has not heard of it
		Stream<@Nullable String> places = Stream.of(rule.originalStays() ? column.oldColumn() : null,
				column.newColumn(), rule.hides(column.name()) ? null : column.name());
		return places.filter(Objects::nonNull)
			.filter((name) -> this.table.column(name).isPresent())
			.findFirst()
			.orElse(null);
	}

	/**
	 * The table's columns as they will be in the end, in their final order.
	 */
	List<FinalColumn> columns() {
		return this.columns;
	}

	Table table() {
		return this.table;
	}

	List<ColumnRule> rules() {
		return this.rules;
	}

	/**
	 * The rule of a column that statements know by a name.
	 */
	@Nullable ColumnRule ruleOf(String name) {
		for (ColumnRule rule : this.rules) {
			if (rule.column().stays() && rule.name().equals(name)) {
				return rule;
			}
		}
		return null;
	}

	/**
	 * The rule by which no statement may say the name of a column.
	 */
	@Nullable ColumnRule ruleAgainst(String name) {
		for (ColumnRule rule : this.rules) {
			if (rule.column().forbidden().contains(name)) {
				return rule;
			}
		}
		return null;
	}

	/**
	 * Whether the table will have a column of that name in the end.
	 */
	boolean owns(String name) {
		return ruleOf(name) != null || (ruleAgainst(name) == null && this.table.column(name).isPresent());
	}

	@Nullable Column oldColumn(ColumnRule rule) {
		String name = rule.column().oldColumn();
		return (name != null) ? this.table.column(name).orElse(null) : null;
	}

	@Nullable String newType(ColumnRule rule) {
		return this.table.column(rule.column().newColumn()).map(Column::type).orElse(null);
	}

	/**
	 * The text by which a column is read. Where its value follows from a column that
	 * changes as well, that one is read by its own rule.
	 * @param reference gives the text of a column of the table by its name
	 */
	String expression(ColumnRule rule, Reading reading, UnaryOperator<String> reference) {
		return expression(rule, reading, reference, new LinkedHashSet<>());
	}

	private String expression(ColumnRule rule, Reading reading, UnaryOperator<String> reference,
			Set<ColumnRule> within) {
		if (reading == Reading.NEW) {
			return reference.apply(rule.column().newColumn());
		}
		if (!within.add(rule)) {
			throw new RefusalException(0,
					"The value of " + Identifiers.quote(rule.name())
							+ " follows from itself by several changes of table " + this.table.name().quoted() + ".",
					"Let one of these changes come to its end before the other one begins.");
		}
		String up = rule.column().up((column) -> {
			ColumnRule other = ruleOf(column);
			return (other == null || other.equals(rule)) ? reference.apply(column)
					: expression(other, other.predicate(), reference, within);
		});
		within.remove(rule);
		return (reading == Reading.OLD) ? up : rule.column().fallback(reference, up);
	}

	/**
	 * Whether the table has a column that tells a row of it from none.
	 */
	boolean isGuarded() {
		return this.guard != null;
	}

	private static @Nullable String guard(Table table) {
		return table.columns()
			.stream()
			.filter((column) -> column.notNull() || table.primaryKey().contains(column.name()))
			.map(Column::name)
			.findFirst()
			.orElse(null);
	}

	/**
	 * The text by which a column is read where there may be no row: what a value is
	 * converted to need not be NULL where it is NULL itself.
	 */
	private String guarded(ColumnRule rule, Reading reading, UnaryOperator<String> reference) {
		String expression = expression(rule, reading, reference);
		return (this.guard == null || reading == Reading.NEW || rule.column().isIdentity()) ? expression
				: "CASE WHEN " + reference.apply(this.guard) + " IS NOT NULL THEN " + expression + " END";
	}

	/**
	 * The text by which a column is read.
	 * @param missing whether there may be no row
	 * @param reference gives the text of a column of the table by its name
	 */
	String expression(ColumnRule rule, Reading reading, boolean missing, UnaryOperator<String> reference) {
		return missing ? guarded(rule, reading, reference) : expression(rule, reading, reference);
	}

	/**
	 * The columns of the table that are named where a column is read.
	 * @param missing whether there may be no row
	 */
	Set<String> named(ColumnRule rule, Reading reading, boolean missing) {
		Set<String> named = new LinkedHashSet<>();
		expression(rule, reading, missing, (column) -> {
			named.add(column);
			return column;
		});
		return named;
	}

}
