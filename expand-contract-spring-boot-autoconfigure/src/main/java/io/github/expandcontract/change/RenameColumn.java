package io.github.expandcontract.change;

import java.util.function.Function;

import io.github.expandcontract.postgres.TableName;

/**
 * A column gets another name and keeps everything else.
 *
 * @param id the id of the change
 * @param table the table
 * @param oldColumn the column's present name
 * @param newColumn the column's name after the change
 * @param declaredAt where the change was declared
 */
public record RenameColumn(String id, TableName table, String oldColumn, String newColumn,
		String declaredAt) implements ColumnChange {

	@Override
	public String up(String oldReference) {
		return oldReference;
	}

	@Override
	public String down(String newReference) {
		return newReference;
	}

	@Override
	public boolean lossless() {
		return true;
	}

	@Override
	public boolean keepsOriginal(boolean synced) {
		return synced;
	}

	@Override
	public RenameColumn movedTo(String declaration) {
		return new RenameColumn(this.id, this.table, this.oldColumn, this.newColumn, declaration);
	}

	@Override
	public <T> T fold(Function<RenameColumn, T> rename, Function<ChangeType, T> type) {
		return rename.apply(this);
	}

	@Override
	public <T> T accept(ChangeVisitor<T> visitor) {
		return visitor.rename(this);
	}

	/**
	 * The same rename without a copy.
	 * @return the change by the other strategy
	 */
	public RenameInPlace inPlace() {
		return new RenameInPlace(this.id, this.table, this.oldColumn, this.newColumn, this.declaredAt);
	}

	@Override
	public String describe() {
		return "rename " + this.table + "." + this.oldColumn + " to " + this.newColumn;
	}

}
