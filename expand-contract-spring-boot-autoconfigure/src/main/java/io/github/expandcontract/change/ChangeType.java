package io.github.expandcontract.change;

import java.util.function.Function;

import io.github.expandcontract.postgres.TableName;

/**
 * A column of another type and another name takes the place of a column, whose values are
 * converted both ways.
 *
 * @param id the id of the change
 * @param table the table
 * @param oldColumn the column that goes away
 * @param newColumn the column that stays, by its name while both are there
 * @param keepsName whether the code knows the new column by the old one's name, which it
 * gets in the end
 * @param type the new column's type, as SQL names it
 * @param upward the new column's value over the old column
 * @param downward the old column's value over the new column
 * @param lossless whether the new column's value survives the way through the old column
 * @param declaredAt where the change was declared
 */
public record ChangeType(String id, TableName table, String oldColumn, String newColumn, boolean keepsName, String type,
		Conversion upward, Conversion downward, boolean lossless, String declaredAt) implements ColumnChange {

	@Override
	public String name() {
		return this.keepsName ? this.oldColumn : this.newColumn;
	}

	/**
	 * {@inheritDoc} It is cast to the column's type, so that it is what the column would
	 * hold.
	 */
	@Override
	public String up(String oldReference) {
		return "CAST(" + this.upward.of(oldReference) + " AS " + this.type + ")";
	}

	@Override
	public String down(String newReference) {
		return "(" + this.downward.of(newReference) + ")";
	}

	@Override
	public boolean keepsOriginal(boolean synced) {
		return false;
	}

	@Override
	public ChangeType movedTo(String declaration) {
		return new ChangeType(this.id, this.table, this.oldColumn, this.newColumn, this.keepsName, this.type,
				this.upward, this.downward, this.lossless, declaration);
	}

	@Override
	public <T> T fold(Function<RenameColumn, T> rename, Function<ChangeType, T> typeChange) {
		return typeChange.apply(this);
	}

	@Override
	public <T> T accept(ChangeVisitor<T> visitor) {
		return visitor.changeType(this);
	}

	@Override
	public String describe() {
		return "change the type of " + this.table + "." + this.oldColumn + " to " + this.type
				+ (this.keepsName ? " under the same name" : " as " + this.newColumn);
	}

}
