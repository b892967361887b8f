package io.github.expandcontract.change;

import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A column is added that must not be NULL in the end.
 *
 * @param id the id of the change
 * @param table the table
 * @param column the column
 * @param type its type, as SQL names it
 * @param fill its value in the rows that are there before, a constant or an expression
 * over other columns
 * @param defaultExpression what a row gets whose writer does not name the column,
 * {@code null} to give it {@code fill}
 * @param declaredAt where the change was declared
 */
public record AddColumn(String id, TableName table, String column, String type, Conversion fill,
		@Nullable String defaultExpression, String declaredAt) implements RowChange {

	/**
	 * Whether the rows that are there get their value with the column itself, because it
	 * is the same for all.
	 * @return whether {@link #fill()} names no column
	 */
	public boolean filledAtOnce() {
		return this.fill.columns().isEmpty();
	}

	/**
	 * The default that the column has from the beginning and keeps.
	 * @return an SQL expression, {@code null} where only each row's own columns tell what
	 * it gets
	 */
	public @Nullable String columnDefault() {
		return (this.defaultExpression != null || !filledAtOnce()) ? this.defaultExpression : this.fill.text();
	}

	@Override
	public List<String> oldColumns() {
		return List.of();
	}

	@Override
	public List<String> newColumns() {
		return List.of(this.column);
	}

	/**
	 * {@inheritDoc} It is cast to the column's type, so that it is what the column would
	 * hold.
	 */
	@Override
	public String up(String newColumn, UnaryOperator<String> reference) {
		return "CAST(" + this.fill.of(reference) + " AS " + this.type + ")";
	}

	@Override
	public String down(String oldColumn, UnaryOperator<String> reference) {
		throw new IllegalArgumentException("Nothing is replaced by " + this.column);
	}

	@Override
	public AddColumn movedTo(String declaration) {
		return new AddColumn(this.id, this.table, this.column, this.type, this.fill, this.defaultExpression,
				declaration);
	}

	@Override
	public <T> T accept(ChangeVisitor<T> visitor) {
		return visitor.addColumn(this);
	}

	@Override
	public String describe() {
		return "add " + this.table + "." + this.column + " as " + this.type + ", not null";
	}

}
