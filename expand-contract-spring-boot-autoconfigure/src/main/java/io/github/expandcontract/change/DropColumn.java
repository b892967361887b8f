package io.github.expandcontract.change;

import java.util.List;

import io.github.expandcontract.postgres.TableName;

/**
 * A column goes away and nothing comes instead.
 *
 * @param id the id of the change
 * @param table the table
 * @param column the column
 * @param declaredAt where the change was declared
 */
public record DropColumn(String id, TableName table, String column, String declaredAt) implements Change {

	@Override
	public List<String> changingColumns() {
		return List.of(this.column);
	}

	@Override
	public List<String> leavingColumns() {
		return List.of(this.column);
	}

	@Override
	public DropColumn movedTo(String declaration) {
		return new DropColumn(this.id, this.table, this.column, declaration);
	}

	@Override
	public <T> T accept(ChangeVisitor<T> visitor) {
		return visitor.dropColumn(this);
	}

	@Override
	public String describe() {
		return "drop " + this.table + "." + this.column;
	}

}
