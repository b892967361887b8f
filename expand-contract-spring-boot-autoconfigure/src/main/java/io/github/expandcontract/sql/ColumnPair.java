package io.github.expandcontract.sql;

import java.util.List;
import java.util.function.UnaryOperator;

import io.github.expandcontract.change.ColumnChange;

/**
 * A column whose value two columns hold, of which statements may know either name.
 *
 * @param change the change that puts one in the place of the other
 */
record ColumnPair(ColumnChange change) implements ChangingColumn {

	@Override
	public String name() {
		return this.change.name();
	}

	@Override
	public String newColumn() {
		return this.change.newColumn();
	}

	@Override
	public String oldColumn() {
		return this.change.oldColumn();
	}

	@Override
	public List<String> leaving() {
		return List.of(this.change.oldColumn());
	}

	@Override
	public List<String> forbidden() {
		boolean keepsName = this.change.name().equals(this.change.oldColumn());
		return keepsName ? List.of(this.change.newColumn()) : leaving();
	}

	@Override
	public String up(UnaryOperator<String> reference) {
		return this.change.up(reference.apply(this.change.oldColumn()));
	}

	@Override
	public String down(String newReference) {
		return this.change.down(newReference);
	}

	@Override
	public boolean isIdentity() {
		return this.change.up(Analysis.MARK).equals(Analysis.MARK)
				&& this.change.down(Analysis.MARK).equals(Analysis.MARK);
	}

	@Override
	public boolean lossless() {
		return this.change.lossless();
	}

	@Override
	public boolean originalStays(boolean synced) {
		return this.change.keepsOriginal(synced);
	}

}
