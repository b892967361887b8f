package io.github.expandcontract.change;

import java.util.List;

import io.github.expandcontract.postgres.TableName;

/**
 * A table goes away and nothing comes instead.
 *
 * @param id the id of the change
 * @param table the table
 * @param declaredAt where the change was declared
 */
public record DropTable(String id, TableName table, String declaredAt) implements Change {

	@Override
	public List<String> changingColumns() {
		return List.of();
	}

	@Override
	public DropTable movedTo(String declaration) {
		return new DropTable(this.id, this.table, declaration);
	}

	@Override
	public <T> T accept(ChangeVisitor<T> visitor) {
		return visitor.dropTable(this);
	}

	@Override
	public String describe() {
		return "drop table " + this.table;
	}

}
