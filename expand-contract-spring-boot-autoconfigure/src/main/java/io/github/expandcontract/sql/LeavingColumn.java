package io.github.expandcontract.sql;

import java.util.List;

/**
 * A column that goes away and that nothing replaces.
 *
 * @param name the column
 */
record LeavingColumn(String name) implements ChangingColumn {

	@Override
	public boolean stays() {
		return false;
	}

	@Override
	public String newColumn() {
		return this.name;
	}

	@Override
	public List<String> leaving() {
		return List.of(this.name);
	}

	@Override
	public List<String> instead() {
		return List.of();
	}

}
