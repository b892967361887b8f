package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Table;

/**
 * A table with the rules of its changes.
 */
final class ChangingTable {

	private final Table table;

	private final List<ColumnRule> rules;

	private final List<FinalColumn> columns;

	ChangingTable(Table table, List<ColumnRule> rules) {
		this.table = table;
		this.rules = rules;
		this.columns = finalColumns();
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
			ColumnRule replaced = ruleOfOld(column.name());
			ColumnRule added = ruleOfNew(column.name());
			ColumnRule rule = (replaced != null) ? replaced : added;
			if (rule == null) {
				result.add(new FinalColumn(column.name(), null));
			}
			else if (rule.originalStays() == (replaced != null)) {
				result.add(new FinalColumn(rule.change().newColumn(), rule));
			}
		}
		// A column that is yet to be added comes to stand at the end
		this.rules.stream()
			.filter((rule) -> !rule.originalStays() && this.table.column(rule.change().newColumn()).isEmpty())
			.forEach((rule) -> result.add(new FinalColumn(rule.change().newColumn(), rule)));
		return List.copyOf(result);
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

	@Nullable ColumnRule ruleOfNew(String name) {
		for (ColumnRule rule : this.rules) {
			if (rule.change().newColumn().equals(name)) {
				return rule;
			}
		}
		return null;
	}

	@Nullable ColumnRule ruleOfOld(String name) {
		for (ColumnRule rule : this.rules) {
			if (rule.change().oldColumn().equals(name)) {
				return rule;
			}
		}
		return null;
	}

	/**
	 * Whether the table will have a column of that name in the end.
	 */
	boolean owns(String name) {
		return ruleOfNew(name) != null || (ruleOfOld(name) == null && this.table.column(name).isPresent());
	}

	@Nullable Column oldColumn(ColumnRule rule) {
		return this.table.column(rule.change().oldColumn()).orElse(null);
	}

	@Nullable String newType(ColumnRule rule) {
		return this.table.column(rule.change().newColumn()).map(Column::type).orElse(null);
	}

}
