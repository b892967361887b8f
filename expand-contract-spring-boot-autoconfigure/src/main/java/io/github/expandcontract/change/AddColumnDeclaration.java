package io.github.expandcontract.change;

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A required column as it was written down.
 *
 * @param explicitId the id that was written down, {@code null} to derive it
 * @param schema the schema as the catalog spells it, {@code null} to look the table up by
 * the search path
 * @param table the table as the catalog spells it
 * @param column the column that is added
 * @param type its type, as SQL names it
 * @param fill its value in the rows that are there before, an SQL expression
 * @param defaultExpression what a row gets whose writer does not name the column,
 * {@code null} to give it {@code fill}
 * @param declaredAt where the change was declared
 */
public record AddColumnDeclaration(@Nullable String explicitId, @Nullable String schema, String table, String column,
		String type, String fill, @Nullable String defaultExpression, String declaredAt) implements ChangeDeclaration {

	/**
	 * Creates a declaration.
	 * @throws InvalidDeclarationException if a name is empty, the id cannot be used, or
	 * the type or an expression cannot be put into a statement
	 */
	public AddColumnDeclaration {
		if (table.isBlank() || column.isBlank()) {
			throw InvalidDeclarationException.emptyName(declaredAt);
		}
		ChangeIds.requireUsable(ChangeIds.of(explicitId, table, column), declaredAt);
		TypeText.require(type, declaredAt);
		Conversion.parse(fill, List.of(), declaredAt, "fill");
		if (defaultExpression != null) {
			Conversion.parse(defaultExpression, List.of(), declaredAt, "defaultValue");
		}
	}

	@Override
	public String id() {
		return ChangeIds.of(this.explicitId, this.table, this.column);
	}

	/**
	 * The same change by another id.
	 * @param id lower case letters, digits and single hyphens
	 * @return the declaration with that id
	 * @throws InvalidDeclarationException if the id cannot be used
	 */
	public AddColumnDeclaration withId(String id) {
		return new AddColumnDeclaration(id, this.schema, this.table, this.column, this.type, this.fill,
				this.defaultExpression, this.declaredAt);
	}

	/**
	 * The same change, whose column has a default of its own for rows whose writer does
	 * not name it.
	 * @param expression an SQL expression without columns, which may be volatile
	 * @return the declaration with that default
	 * @throws InvalidDeclarationException if it is not one expression
	 */
	public AddColumnDeclaration withDefault(String expression) {
		return new AddColumnDeclaration(this.explicitId, this.schema, this.table, this.column, this.type, this.fill,
				expression, this.declaredAt);
	}

	/**
	 * {@inheritDoc} For one that names no column of the table.
	 */
	@Override
	public AddColumn on(TableName table) {
		return on(table, List.of());
	}

	@Override
	public AddColumn on(TableName table, Collection<String> columns) {
		List<String> others = columns.stream().filter((name) -> !name.equals(this.column)).toList();
		return new AddColumn(id(), table, this.column, this.type,
				Conversion.parse(this.fill, others, this.declaredAt, "fill"), this.defaultExpression, this.declaredAt);
	}

}
