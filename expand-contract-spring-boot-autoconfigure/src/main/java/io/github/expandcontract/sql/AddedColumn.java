package io.github.expandcontract.sql;

import java.util.Set;
import java.util.function.UnaryOperator;

import io.github.expandcontract.change.AddColumn;

/**
 * A column that is there and may not be filled in every row.
 *
 * @param change the change that adds it
 */
record AddedColumn(AddColumn change) implements ChangingColumn {

	@Override
	public String name() {
		return this.change.column();
	}

	@Override
	public String newColumn() {
		return this.change.column();
	}

	@Override
	public boolean isFilledWith(Set<String> assigned) {
		return !assigned.contains(name()) && this.change.fill().columns().stream().anyMatch(assigned::contains);
	}

	@Override
	public String up(UnaryOperator<String> reference) {
		return this.change.up(this.change.column(), reference);
	}

}
