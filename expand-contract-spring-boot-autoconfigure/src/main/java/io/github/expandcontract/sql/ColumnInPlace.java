package io.github.expandcontract.sql;

import java.util.List;

import io.github.expandcontract.change.RenameInPlace;

/**
 * A column that still has another name than statements say.
 *
 * @param change the change that gives it the name
 */
record ColumnInPlace(RenameInPlace change) implements ChangingColumn {

	@Override
	public String name() {
		return this.change.newColumn();
	}

	@Override
	public String newColumn() {
		return this.change.oldColumn();
	}

	@Override
	public List<String> forbidden() {
		return List.of(this.change.oldColumn());
	}

}
