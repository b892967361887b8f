package io.github.expandcontract.change;

import java.util.List;
import java.util.function.UnaryOperator;

import io.github.expandcontract.postgres.TableName;

/**
 * Columns take the place of others, each of whose values may follow from several: one is
 * split into two, or two are merged into one.
 *
 * @param id the id of the change
 * @param table the table
 * @param from the columns that go away
 * @param into the columns that stay
 * @param declaredAt where the change was declared
 */
public record ReshapeColumns(String id, TableName table, List<Former> from, List<Part> into,
		String declaredAt) implements RowChange {

	/**
	 * Creates a change.
	 */
	public ReshapeColumns {
		from = List.copyOf(from);
		into = List.copyOf(into);
	}

	/**
	 * A column that goes away.
	 *
	 * @param column its name
	 * @param down its value over the new columns
	 */
	public record Former(String column, Conversion down) {
	}

	/**
	 * A column that stays.
	 *
	 * @param column its name
	 * @param type its type, as SQL names it
	 * @param up its value over the old columns
	 */
	public record Part(String column, String type, Conversion up) {
	}

	@Override
	public List<String> oldColumns() {
		return this.from.stream().map(Former::column).toList();
	}

	@Override
	public List<String> newColumns() {
		return this.into.stream().map(Part::column).toList();
	}

	/**
	 * {@inheritDoc} It is cast to the column's type, so that it is what the column would
	 * hold.
	 */
	@Override
	public String up(String newColumn, UnaryOperator<String> reference) {
		Part part = this.into.stream().filter((each) -> each.column().equals(newColumn)).findFirst().orElseThrow();
		return "CAST(" + part.up().of(reference) + " AS " + part.type() + ")";
	}

	@Override
	public String down(String oldColumn, UnaryOperator<String> reference) {
		Former former = this.from.stream().filter((each) -> each.column().equals(oldColumn)).findFirst().orElseThrow();
		return "(" + former.down().of(reference) + ")";
	}

	@Override
	public ReshapeColumns movedTo(String declaration) {
		return new ReshapeColumns(this.id, this.table, this.from, this.into, declaration);
	}

	@Override
	public <T> T accept(ChangeVisitor<T> visitor) {
		return visitor.reshape(this);
	}

	@Override
	public String describe() {
		return "make " + String.join(", ", newColumns()) + " of " + String.join(", ", oldColumns()) + " in "
				+ this.table;
	}

}
