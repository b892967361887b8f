package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.expandcontract.sql.Visible.Column;
import io.github.expandcontract.sql.Visible.Kind;
import io.github.expandcontract.sql.Visible.Origin;
import io.github.expandcontract.sql.WriteGenerator.Target;

/**
 * Generates INSERT with its ON CONFLICT clause.
 */
final class InsertGenerator {

	private final Dice dice;

	private final QueryGenerator queries;

	private final WriteGenerator writes;

	InsertGenerator(Dice dice, QueryGenerator queries, WriteGenerator writes) {
		this.dice = dice;
		this.queries = queries;
		this.writes = writes;
	}

	/**
	 * The statement without RETURNING.
	 */
	String insert(Target target, CommonTables common) {
		if (target.table().equals("users") && this.dice.chance(5)) {
			return "INSERT INTO " + target.text() + " DEFAULT VALUES" + (this.dice.chance(20) ? conflict(target) : "");
		}
		if (target.table().equals("users") && !this.writes.varies() && this.dice.chance(8)) {
			return many(target, common);
		}
		// The identity fills the key of users in.
		boolean keyless = target.table().equals("users") && this.dice.chance(10);
		List<Column> columns = new ArrayList<>();
		for (Column column : target.columns()) {
			boolean needed = Target.isKey(column) || column.name().equals("stamp");
			if (column.kind() != Kind.OTHER && !(keyless && Target.isKey(column))
					&& (needed || this.dice.chance(column.name().equals("version") ? 20 : 75))) {
				columns.add(column);
			}
		}
		boolean listed = columns.isEmpty() || this.dice.chance(92) || target.table().equals("products");
		if (listed) {
			Collections.shuffle(columns, new Random(this.dice.below(1000)));
		}
		else {
			columns = target.columns().subList(0, this.dice.between(1, target.table().equals("users") ? 4 : 3));
		}
		if (columns.isEmpty()) {
			columns = target.columns().subList(1, 2);
		}
		String list = listed ? " (" + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + ")" : "";
		String overriding = (target.table().equals("users") && listed && this.dice.chance(4))
				? this.dice.pick(" OVERRIDING SYSTEM VALUE", " OVERRIDING USER VALUE") : "";
		String source = this.dice.chance(30) ? selected(columns, common) : values(columns);
		String conflict = (this.dice.chance(35) && listed) ? conflict(target) : "";
		return "INSERT INTO " + target.text() + list + overriding + " " + source + conflict;
	}

	/**
	 * Several rows from a query, each with a key of its own.
	 */
	private String many(Target target, CommonTables common) {
		Visible visible = new Visible(null);
		String from = this.queries.sources().from(visible, common, 1).text();
		String key = this.queries.expressions().reference(Kind.INT, visible, "1");
		String value = this.queries.expressions().text(visible, CommonTables.NONE, 0);
		boolean window = this.dice.chance(50);
		String number = window ? "row_number() OVER (ORDER BY " + key + ")" : key;
		return "INSERT INTO " + target.text() + " (id, handle, email) SELECT 1000 + " + number + ", 'new-' || " + number
				+ ", max(" + value + ") FROM " + from
				+ (this.dice.chance(60) ? " WHERE " + this.queries.expressions().condition(visible, common, 1) : "")
				+ " GROUP BY " + key;
	}

	private String values(List<Column> columns) {
		List<String> rows = new ArrayList<>();
		Visible nothing = new Visible(null);
		for (int i = this.dice.chance(60) ? 1 : this.dice.between(2, 3); i > 0; i--) {
			List<String> values = new ArrayList<>();
			for (Column column : columns) {
				values.add(value(column, i, nothing));
			}
			rows.add("(" + String.join(", ", values) + ")");
		}
		return "VALUES " + String.join(", ", rows);
	}

	/**
	 * A value of VALUES.
	 * @param row makes the keys of several rows differ
	 */
	String value(Column column, int row, Visible visible) {
		if (Target.isKey(column)) {
			return String.valueOf(this.dice.chance(90) ? 60 + row : row);
		}
		if (column.kind() == Kind.INT) {
			return column.name().equals("version") ? this.dice.pick("3", "DEFAULT")
					: this.dice.pick("3", "NULL", "DEFAULT", GeneratedSql.parameter("4"), "2 + 2");
		}
		if (column.kind() == Kind.DECIMAL) {
			return this.dice.pick("12.5", "NULL", "DEFAULT", GeneratedSql.parameter("7.25"), "3 * 1.5",
					"(" + GeneratedSql.parameter("0.5") + ")::numeric");
		}
		if (column.kind() == Kind.OTHER) {
			return "NULL";
		}
		if (this.writes.varies() && this.dice.chance(60)) {
			return this.writes.varying();
		}
		return switch (this.dice.below(8)) {
			case 0 -> column.name().equals("stamp") ? "'s'" : "DEFAULT";
			case 1 -> "NULL";
			case 2 -> this.queries.expressions().text(visible, CommonTables.NONE, this.writes.varies() ? 0 : 2);
			case 3, 4 -> GeneratedSql.parameter("new" + row + this.dice.below(10));
			case 5 -> "'ann'";
			default -> "'N" + row + this.dice.below(10) + "'";
		};
	}

	private String selected(List<Column> columns, CommonTables common) {
		Visible visible = new Visible(null);
		String from = this.writes.varies() ? "accounts a" : this.queries.sources().from(visible, common, 1).text();
		if (this.writes.varies()) {
			visible.add(new Origin("a", this.queries.sources().columnsOf("accounts")));
		}
		List<String> items = new ArrayList<>();
		for (Column column : columns) {
			if (Target.isKey(column)) {
				items.add("70");
			}
			else if (column.kind() == Kind.OTHER) {
				items.add("NULL");
			}
			else if (this.writes.varies() && column.kind() == Kind.TEXT && this.dice.chance(60)) {
				items.add(this.writes.varying());
			}
			else {
				String value = this.queries.expressions()
					.value(column.kind(), visible, common, this.writes.varies() ? 0 : this.dice.below(3));
				String cast = (column.kind() == Kind.INT) ? "(" + value + ")::int" : value;
				items.add(cast + (this.dice.chance(15)
						? this.dice.pick(" AS ", " ") + this.dice.pick("handle", "username", "v") : ""));
			}
		}
		if (this.writes.varies()) {
			return "SELECT " + String.join(", ", items) + " FROM " + from + " WHERE a.id = 2";
		}
		String all = IntStream.rangeClosed(1, items.size()).mapToObj(String::valueOf).collect(Collectors.joining(", "));
		return "SELECT " + String.join(", ", items) + " FROM " + from
				+ (this.dice.chance(60) ? " WHERE " + this.queries.expressions().condition(visible, common, 1) : "")
				+ " ORDER BY " + all + " LIMIT 1";
	}

	private String conflict(Target target) {
		String inferred = target.table().equals("items")
				? this.dice.pick("(id)", "(name)", "ON CONSTRAINT items_name_key")
				: !target.table().equals("users") ? "(" + target.key() + ")"
						: this.dice.pick("(id)", "(handle)", "(handle)", "(handle)", "(lower(handle))",
								"(handle) WHERE handle <> 'nobody' AND age > 0", "ON CONSTRAINT users_name_key");
		if (this.dice.chance(30)) {
			return " ON CONFLICT " + this.dice.pick("", inferred) + " DO NOTHING";
		}
		Visible both = new Visible(null);
		both.add(new Origin(target.alias(), target.columns()));
		both.add(new Origin(this.dice.pick("excluded", "EXCLUDED"), target.columns()));
		String condition = (!this.writes.varies() && this.dice.chance(30))
				? " WHERE " + this.queries.expressions().condition(both, CommonTables.NONE, 1) : "";
		return " ON CONFLICT " + inferred + " DO UPDATE SET " + this.writes.assignments(target, both, CommonTables.NONE)
				+ condition;
	}

}
