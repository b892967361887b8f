package io.github.expandcontract.change;

import io.github.expandcontract.postgres.TableName;

/**
 * The rows of a table have to satisfy a condition.
 *
 * @param id the id of the change
 * @param table the table
 * @param name the constraint
 * @param condition the condition, an SQL expression over columns of the row
 * @param declaredAt where the change was declared
 */
public record AddCheck(String id, TableName table, String name, String condition,
		String declaredAt) implements TableChange {

	@Override
	public boolean names(String column) {
		return WrittenSql.names(this.condition, column);
	}

	@Override
	public AddCheck movedTo(String declaration) {
		return new AddCheck(this.id, this.table, this.name, this.condition, declaration);
	}

	@Override
	public <T> T accept(TableChangeVisitor<T> visitor) {
		return visitor.addCheck(this);
	}

	@Override
	public String describe() {
		return "add check " + this.name + " to " + this.table + ": " + this.condition;
	}

}
