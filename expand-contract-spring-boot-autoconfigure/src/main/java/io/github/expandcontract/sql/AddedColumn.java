package io.github.expandcontract.sql;

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
	public String up(UnaryOperator<String> reference) {
		return this.change.up(this.change.column(), reference);
	}

}
