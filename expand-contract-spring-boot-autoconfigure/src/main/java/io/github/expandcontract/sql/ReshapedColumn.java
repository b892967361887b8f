package io.github.expandcontract.sql;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import io.github.expandcontract.change.ReshapeColumns;

/**
 * A column that others give way to, perhaps together with further new ones. A row is not
 * filled as long as none of the new columns has a value.
 *
 * @param change the change that splits or merges columns
 * @param name the column
 */
record ReshapedColumn(ReshapeColumns change, String name) implements ChangingColumn {

	@Override
	public String newColumn() {
		return this.name;
	}

	@Override
	public List<String> leaving() {
		return this.change.oldColumns();
	}

	@Override
	public List<String> instead() {
		return this.change.newColumns();
	}

	@Override
	public String up(UnaryOperator<String> reference) {
		return this.change.up(this.name, reference);
	}

	@Override
	public boolean isFilledWith(Set<String> assigned) {
		return !assigned.contains(this.name) && this.change.newColumns().stream().anyMatch(assigned::contains);
	}

	@Override
	public String fallback(UnaryOperator<String> reference, String up) {
		String unfilled = this.change.newColumns()
			.stream()
			.map((column) -> reference.apply(column) + " IS NULL")
			.collect(Collectors.joining(" AND "));
		return "CASE WHEN " + unfilled + " THEN " + up + " ELSE " + reference.apply(this.name) + " END";
	}

}
