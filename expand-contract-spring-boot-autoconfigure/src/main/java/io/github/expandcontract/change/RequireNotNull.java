package io.github.expandcontract.change;

import io.github.expandcontract.postgres.TableName;

/**
 * A column that is there must not be NULL any more.
 *
 * @param id the id of the change
 * @param table the table
 * @param column the column
 * @param declaredAt where the change was declared
 */
public record RequireNotNull(String id, TableName table, String column, String declaredAt) implements TableChange {

	@Override
	public boolean names(String column) {
		return this.column.equals(column);
	}

	@Override
	public RequireNotNull movedTo(String declaration) {
		return new RequireNotNull(this.id, this.table, this.column, declaration);
	}

	@Override
	public <T> T accept(TableChangeVisitor<T> visitor) {
		return visitor.requireNotNull(this);
	}

	@Override
	public String describe() {
		return "forbid null in " + this.table + "." + this.column;
	}

}
