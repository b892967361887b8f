package io.github.expandcontract.change;

import java.util.List;

import io.github.expandcontract.postgres.TableName;

/**
 * No two rows of a table may have the same values in some columns.
 *
 * @param id the id of the change
 * @param table the table
 * @param name the constraint
 * @param columns the columns
 * @param nullsNotDistinct whether NULL is a value like others
 * @param timing when the constraint is checked
 * @param declaredAt where the change was declared
 */
public record AddUnique(String id, TableName table, String name, List<String> columns, boolean nullsNotDistinct,
		ConstraintTiming timing, String declaredAt) implements TableChange {

	public AddUnique {
		columns = List.copyOf(columns);
	}

	@Override
	public boolean names(String column) {
		return this.columns.contains(column);
	}

	@Override
	public AddUnique movedTo(String declaration) {
		return new AddUnique(this.id, this.table, this.name, this.columns, this.nullsNotDistinct, this.timing,
				declaration);
	}

	@Override
	public <T> T accept(TableChangeVisitor<T> visitor) {
		return visitor.addUnique(this);
	}

	@Override
	public String describe() {
		return "add unique constraint " + this.name + " on " + this.table + " (" + String.join(", ", this.columns)
				+ ")";
	}

}
