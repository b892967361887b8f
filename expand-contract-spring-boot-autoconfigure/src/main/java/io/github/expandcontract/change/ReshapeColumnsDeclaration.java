package io.github.expandcontract.change;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TableName;

/**
 * A split or a merge of columns as it was written down.
 *
 * @param explicitId the id that was written down, {@code null} to derive it
 * @param schema the schema as the catalog spells it, {@code null} to look the table up by
 * the search path
 * @param table the table as the catalog spells it
 * @param from the columns that go away
 * @param into the columns that stay
 * @param declaredAt where the change was declared
 */
public record ReshapeColumnsDeclaration(@Nullable String explicitId, @Nullable String schema, String table,
		List<From> from, List<Into> into, String declaredAt) implements ChangeDeclaration {

	/**
	 * Creates a declaration.
	 * @throws InvalidDeclarationException if a name is empty or stands twice, there are
	 * not at least two columns on one side and one on the other, the id cannot be used, a
	 * type or an expression cannot be put into a statement, or a column is in no
	 * expression of the other side
	 */
	public ReshapeColumnsDeclaration {
		from = List.copyOf(from);
		into = List.copyOf(into);
		if (from.isEmpty() || into.isEmpty() || from.size() + into.size() < 3) {
			throw InvalidDeclarationException.notReshaped(declaredAt);
		}
		Set<String> names = new HashSet<>();
		List<String> columns = new ArrayList<>(names(from));
		columns.addAll(names(into));
		for (String column : columns) {
			if (column.isBlank() || table.isBlank()) {
				throw InvalidDeclarationException.emptyName(declaredAt);
			}
			if (!names.add(column)) {
				throw InvalidDeclarationException.columnTwice(declaredAt, column);
			}
		}
		ChangeIds.requireUsable(ChangeIds.of(explicitId, table, into.get(0).column()), declaredAt);
		into.forEach((part) -> TypeText.require(part.type(), declaredAt));
		requireAllNamed(formers(from, into, declaredAt).stream().map(ReshapeColumns.Former::down).toList(), names(into),
				"down", declaredAt);
		requireAllNamed(parts(from, into, declaredAt).stream().map(ReshapeColumns.Part::up).toList(), names(from), "up",
				declaredAt);
	}

	/*
	 * What stands in no expression would be lost on the way.
	 */
	private static void requireAllNamed(List<Conversion> conversions, List<String> columns, String role,
			String declaredAt) {
		Set<String> missing = new HashSet<>(columns);
		conversions.forEach((conversion) -> conversion.columns().forEach(missing::remove));
		columns.stream().filter(missing::contains).findFirst().ifPresent((column) -> {
			throw InvalidDeclarationException.unnamedColumn(declaredAt, role, column);
		});
	}

	private static List<ReshapeColumns.Former> formers(List<From> from, List<Into> into, String declaredAt) {
		return from.stream()
			.map((former) -> new ReshapeColumns.Former(former.column(),
					conversion(former.down(), names(into), declaredAt, "down of " + former.column())))
			.toList();
	}

	private static List<ReshapeColumns.Part> parts(List<From> from, List<Into> into, String declaredAt) {
		return into.stream()
			.map((part) -> new ReshapeColumns.Part(part.column(), part.type(),
					conversion(part.up(), names(from), declaredAt, "up of " + part.column())))
			.toList();
	}

	private static Conversion conversion(String text, Collection<String> columns, String declaredAt, String role) {
		Conversion conversion = Conversion.parse(text, columns, declaredAt, role);
		if (conversion.columns().isEmpty()) {
			throw InvalidDeclarationException.conversion(declaredAt, role, text,
					"It names none of the columns \"" + String.join("\", \"", columns) + "\".");
		}
		return conversion;
	}

	private static List<String> names(List<? extends Side> side) {
		return side.stream().map(Side::column).toList();
	}

	@Override
	public String id() {
		return ChangeIds.of(this.explicitId, this.table, this.into.get(0).column());
	}

	/**
	 * The same change by another id.
	 * @param id lower case letters, digits and single hyphens
	 * @return the declaration with that id
	 * @throws InvalidDeclarationException if the id cannot be used
	 */
	public ReshapeColumnsDeclaration withId(String id) {
		return new ReshapeColumnsDeclaration(id, this.schema, this.table, this.from, this.into, this.declaredAt);
	}

	@Override
	public ReshapeColumns on(TableName table) {
		return new ReshapeColumns(id(), table, formers(this.from, this.into, this.declaredAt),
				parts(this.from, this.into, this.declaredAt), this.declaredAt);
	}

	private sealed interface Side {

		String column();

	}

	/**
	 * A column that goes away.
	 *
	 * @param column its name, as the catalog spells it
	 * @param down its value, an SQL expression over the new columns
	 */
	public record From(String column, String down) implements Side {
	}

	/**
	 * A column that stays.
	 *
	 * @param column its name, as the catalog spells it
	 * @param type its type, as SQL names it
	 * @param up its value, an SQL expression over the old columns
	 */
	public record Into(String column, String type, String up) implements Side {
	}

	/**
	 * Collects the columns of a split or a merge.
	 */
	public static final class Builder {

		private final String table;

		private final List<From> from = new ArrayList<>();

		private final List<Into> into = new ArrayList<>();

		Builder(String table) {
			this.table = table;
		}

		/**
		 * Adds a column that goes away.
		 * @param column its name, as the catalog spells it
		 * @param down its value, an SQL expression of its type over the new columns
		 * @return this builder
		 */
		public Builder from(String column, String down) {
			this.from.add(new From(column, down));
			return this;
		}

		/**
		 * Adds a column that takes the place of those that go away.
		 * @param column its name, as the catalog spells it
		 * @param type its type as SQL names it, such as {@code text}
		 * @param up its value, an SQL expression over the old columns
		 * @return this builder
		 */
		public Builder into(String column, String type, String up) {
			this.into.add(new Into(column, type, up));
			return this;
		}

		/**
		 * The declaration.
		 * @return the declaration, whose id is table and first new column joined by a
		 * hyphen
		 * @throws InvalidDeclarationException if it cannot be used
		 */
		public ReshapeColumnsDeclaration build() {
			WrittenName written = WrittenName.parse(this.table);
			return new ReshapeColumnsDeclaration(null, written.schema(), written.name(), this.from, this.into,
					"reshape(\"" + this.table + "\") from " + names(this.from) + " into " + names(this.into));
		}

	}

}
