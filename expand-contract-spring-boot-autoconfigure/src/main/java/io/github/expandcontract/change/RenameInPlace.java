package io.github.expandcontract.change;

import java.util.List;

import io.github.expandcontract.postgres.TableName;

/**
 * A column gets another name without a second column beside it: whoever knows of the
 * change says the former name for the new one until the column is renamed.
 *
 * @param id the id of the change
 * @param table the table
 * @param oldColumn the column's present name
 * @param newColumn the column's name after the change
 * @param declaredAt where the change was declared
 */
public record RenameInPlace(String id, TableName table, String oldColumn, String newColumn,
		String declaredAt) implements Change {

	@Override
	public List<String> changingColumns() {
		return List.of(this.oldColumn, this.newColumn);
	}

	/**
	 * The same rename by a copy, which ends in the same way.
	 * @return the change by the other strategy
	 */
	public RenameColumn byCopy() {
		return new RenameColumn(this.id, this.table, this.oldColumn, this.newColumn, this.declaredAt);
	}

	@Override
	public List<String> leavingColumns() {
		return List.of(this.oldColumn);
	}

	@Override
	public RenameInPlace movedTo(String declaration) {
		return new RenameInPlace(this.id, this.table, this.oldColumn, this.newColumn, declaration);
	}

	@Override
	public <T> T accept(ChangeVisitor<T> visitor) {
		return visitor.renameInPlace(this);
	}

	@Override
	public String describe() {
		return "rename " + this.table + "." + this.oldColumn + " to " + this.newColumn + " in place";
	}

}
