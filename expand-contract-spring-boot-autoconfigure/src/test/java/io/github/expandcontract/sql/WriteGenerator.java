package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

import io.github.expandcontract.sql.Visible.Column;
import io.github.expandcontract.sql.Visible.Kind;
import io.github.expandcontract.sql.Visible.Origin;

/**
 * Generates UPDATE and DELETE, and the parts that all writing statements share.
 */
final class WriteGenerator {

	private final Dice dice;

	private final QueryGenerator queries;

	private final boolean varies;

	private final boolean synced;

	/**
	 * Creates a generator.
	 * @param varies whether values are written that differ each time, so that nothing may
	 * hang on what they are
	 * @param synced whether a trigger keeps the columns in step
	 */
	WriteGenerator(Dice dice, QueryGenerator queries, boolean varies, boolean synced) {
		this.synced = synced;
		this.dice = dice;
		this.queries = queries;
		this.varies = varies;
	}

	/**
	 * The table that is written.
	 */
	record Target(String table, String text, String alias, List<Column> columns, Visible visible) {

		/**
		 * The column that is the primary key.
		 */
		String key() {
			return this.table.equals("\"Person\"") ? "\"Id\"" : "id";
		}

		static boolean isKey(Column column) {
			return column.name().equals("id") || column.name().equals("\"Id\"");
		}

	}

	Target target() {
		String table = this.dice.pick("users", "users", "users", "products", "items", "\"Person\"", "accounts");
		// What the old column cannot hold is lost where no trigger is.
		List<Column> columns = this.queries.sources()
			.columnsOf(table)
			.stream()
			.filter((column) -> this.synced || !column.name().equals("millis"))
			.toList();
		String alias = this.dice.chance(40) ? this.dice.pick("u", "handle", "t", "\"T\"", "username", "accounts")
				: table;
		String written = this.dice.chance(7) ? "public." + table : table;
		Visible visible = new Visible(null);
		visible.add(new Origin(alias, columns));
		return new Target(table, alias.equals(table) ? written : written + " AS " + alias, alias, columns, visible);
	}

	boolean varies() {
		return this.varies;
	}

	/**
	 * A text that is another one each time, and greater than all others. The tildes are
	 * where the check finds it.
	 */
	String varying() {
		String value = "'zzz~' || " + this.dice.pick("gen_random_uuid()::text", "random()::text",
				"nextval('ticket')::text", "clock_timestamp()::text || random()", "CAST(nextval('ticket') AS text)")
				+ " || '~'";
		return switch (this.dice.below(6)) {
			case 0 -> "lower(" + value + ")";
			case 1 -> "coalesce(NULL, " + value + ")";
			case 2 -> "CASE WHEN true THEN " + value + " ELSE 'never' END";
			case 3 -> "(SELECT " + value + ")";
			default -> value;
		};
	}

	/**
	 * The statement without RETURNING.
	 */
	String update(Target target, CommonTables common) {
		String from = "";
		String join = "";
		Visible visible = target.visible();
		if (this.dice.chance(25)) {
			String alias = this.queries.sources().alias(visible);
			if (this.dice.chance(30)) {
				visible.add(new Origin(alias, FromGenerator.columns("id i", "handle t")));
				from = " FROM (VALUES (1, 'v1'), (2, " + GeneratedSql.parameter("v2") + "::text)) AS " + alias
						+ "(id, handle)";
			}
			else {
				String other = this.dice.pick("accounts", "products", "other.users", "imports");
				visible.add(new Origin(alias, this.queries.sources().columnsOf(other)));
				from = " FROM " + other + " " + alias;
			}
			join = alias + ".id = " + target.alias() + "." + target.key();
		}
		String text = "UPDATE " + only(target) + target.text() + " SET " + assignments(target, visible, common) + from;
		List<String> conditions = new ArrayList<>();
		if (!join.isEmpty()) {
			conditions.add(join);
		}
		if (this.dice.chance(50)) {
			conditions.add(target.alias() + "." + target.key() + " = " + this.dice.between(1, 3));
		}
		if (this.dice.chance(60)) {
			conditions.add(condition(target, visible, common));
		}
		return text + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
	}

	private String only(Target target) {
		return (!target.text().contains(".") && this.dice.chance(3)) ? "ONLY " : "";
	}

	private String condition(Target target, Visible visible, CommonTables common) {
		if (this.dice.chance(6)) {
			// Batches go by the place of the row.
			String inner = "SELECT b.ctid FROM public." + target.table() + " b WHERE b." + target.key() + " > 1";
			return target.alias() + ".ctid "
					+ (this.dice.chance(50) ? "IN (" + inner + ")" : "= ANY (ARRAY(" + inner + "))");
		}
		return this.queries.expressions().condition(visible, common, 2);
	}

	String delete(Target target, CommonTables common) {
		String using = "";
		Visible visible = target.visible();
		if (this.dice.chance(30)) {
			using = " USING " + this.queries.sources().from(visible, common, 1).text();
		}
		return "DELETE FROM " + only(target) + target.text() + using
				+ (this.dice.chance(85) ? " WHERE " + condition(target, visible, common) : "");
	}

	String assignments(Target target, Visible visible, CommonTables common) {
		List<Column> columns = new ArrayList<>(target.columns()
			.stream()
			.filter((column) -> column.kind() == Kind.TEXT || column.kind() == Kind.DECIMAL
					|| column.name().equals("millis"))
			.toList());
		Collections.shuffle(columns, new Random(this.dice.below(1000)));
		columns = new ArrayList<>(columns.subList(0, this.dice.between(1, columns.size())));
		if (this.dice.chance((columns.size() > 1) ? 20 : 5)) {
			return row(columns, visible, common);
		}
		String besides = (target.table().equals("users") && this.dice.chance(6))
				? ", " + this.dice.pick("tags[1] = 'z'", "data = '{\"handle\": \"?\"}'", "version = version + 1",
						"tags = ARRAY[" + GeneratedSql.parameter("q") + "]")
				: "";
		return columns.stream()
			.map((column) -> column.name() + " = " + assigned(column, visible, common))
			.collect(Collectors.joining(", ")) + besides;
	}

	private String row(List<Column> columns, Visible visible, CommonTables common) {
		String list = columns.stream().map(Column::name).collect(Collectors.joining(", "));
		if (this.dice.chance(40)) {
			Visible inner = new Visible(visible);
			String from = this.queries.sources().from(inner, common, 0).text();
			String values = columns.stream()
				.map((column) -> "max(" + this.queries.expressions().value(column.kind(), inner.alone(), common, 0)
						+ ")")
				.collect(Collectors.joining(", "));
			return "(" + list + ") = (SELECT " + values + " FROM " + from + ")";
		}
		String row = (columns.size() == 1) ? "ROW " : this.dice.pick("", "ROW ");
		return "(" + list + ") = " + row + "("
				+ columns.stream().map((column) -> assigned(column, visible, common)).collect(Collectors.joining(", "))
				+ ")";
	}

	private String assigned(Column column, Visible visible, CommonTables common) {
		if (column.kind() == Kind.DECIMAL) {
			return switch (this.dice.below(5)) {
				case 0 -> "DEFAULT";
				case 1 -> "NULL";
				case 2 -> GeneratedSql.parameter(this.dice.pick("12.50", "0", "3.1"));
				default -> this.queries.expressions().decimal(visible, common, this.dice.below(3));
			};
		}
		if (column.kind() == Kind.INT) {
			return switch (this.dice.below(5)) {
				case 0 -> "NULL";
				case 1 -> GeneratedSql.parameter("1234");
				case 2 -> "1999";
				default -> this.queries.expressions().number(visible, common, this.dice.below(3));
			};
		}
		if (this.varies && this.dice.chance(60)) {
			return varying();
		}
		return switch (this.dice.below(8)) {
			case 0 -> column.name().equals("stamp") ? "'s'" : "DEFAULT";
			case 1 -> "NULL";
			case 2 -> GeneratedSql.parameter("upd" + this.dice.below(10));
			case 3 -> "'U" + this.dice.below(10) + "'";
			default -> this.queries.expressions().text(visible, common, this.varies ? 0 : this.dice.below(3));
		};
	}

	String returning(Visible visible) {
		return returning(visible, visible.origins().get(0));
	}

	/**
	 * A RETURNING clause or none.
	 * @param target what is written
	 */
	String returning(Visible visible, Origin target) {
		if (this.dice.chance(55)) {
			return "";
		}
		if (this.dice.chance(5)) {
			return oldAndNew(target);
		}
		List<String> items = new ArrayList<>();
		for (int i = this.dice.between(1, 3); i > 0; i--) {
			items.add(switch (this.dice.below(6)) {
				case 0 -> "*";
				case 1 -> this.dice.pick(visible.origins()).alias() + ".*";
				case 2 -> this.queries.expressions().text(visible, CommonTables.NONE, this.varies ? 0 : 1) + " AS "
						+ this.dice.pick("h", "username", "handle");
				case 3 -> this.varies ? "7" : this.queries.expressions().number(visible, CommonTables.NONE, 1);
				default -> this.queries.expressions().text(visible, CommonTables.NONE, 0);
			});
		}
		return " RETURNING " + String.join(", ", items);
	}

	/**
	 * What servers from 18 on know.
	 */
	private String oldAndNew(Origin target) {
		List<String> columns = target.columns()
			.stream()
			.filter((column) -> column.kind() == Kind.TEXT)
			.map(Column::name)
			.toList();
		String column = this.dice.pick(columns);
		return this.dice.pick(" RETURNING old." + column + ", new." + column,
				" RETURNING WITH (OLD AS before, NEW AS after) before." + column + ", after." + column + " AS n",
				" RETURNING old.*, new." + column, " RETURNING WITH (NEW AS after) after.*");
	}

}
