package io.github.expandcontract.change;

import java.util.List;

import io.github.expandcontract.postgres.TableName;

/**
 * Columns of a table may only hold what is there in another one.
 *
 * @param id the id of the change
 * @param table the referencing table
 * @param name the constraint
 * @param columns the referencing columns
 * @param referenced the table that is referred to
 * @param referencedColumns its columns, in the order of {@code columns}
 * @param matchFull whether a row that refers to something has all its columns filled
 * @param onDelete what becomes of a row when the one that it refers to is deleted
 * @param onUpdate what becomes of it when that one gets another key
 * @param timing when the constraint is checked
 * @param settingOrphansNull whether rows that refer to nothing are made to say so; else
 * they stop the change
 * @param declaredAt where the change was declared
 */
public record AddForeignKey(String id, TableName table, String name, List<String> columns, TableName referenced,
		List<String> referencedColumns, boolean matchFull, ReferentialAction onDelete, ReferentialAction onUpdate,
		ConstraintTiming timing, boolean settingOrphansNull, String declaredAt) implements TableChange {

	public AddForeignKey {
		columns = List.copyOf(columns);
		referencedColumns = List.copyOf(referencedColumns);
	}

	@Override
	public boolean names(String column) {
		return this.columns.contains(column);
	}

	@Override
	public AddForeignKey movedTo(String declaration) {
		return new AddForeignKey(this.id, this.table, this.name, this.columns, this.referenced, this.referencedColumns,
				this.matchFull, this.onDelete, this.onUpdate, this.timing, this.settingOrphansNull, declaration);
	}

	@Override
	public <T> T accept(TableChangeVisitor<T> visitor) {
		return visitor.addForeignKey(this);
	}

	@Override
	public String describe() {
		return "add foreign key " + this.name + " from " + this.table + " (" + String.join(", ", this.columns) + ") to "
				+ this.referenced + " (" + String.join(", ", this.referencedColumns) + ")";
	}

}
