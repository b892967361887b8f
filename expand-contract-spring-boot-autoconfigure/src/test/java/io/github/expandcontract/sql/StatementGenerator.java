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

/**
 * Generates statements from seeds: the same seed gives the same statement.
 */
final class StatementGenerator {

	private final long seed;

	private final Dice dice;

	private final QueryGenerator queries;

	private StatementGenerator(long seed) {
		this.seed = seed;
		this.dice = new Dice(seed);
		this.queries = new QueryGenerator(this.dice);
	}

	static GeneratedSql generate(long seed) {
		return new StatementGenerator(seed).generate();
	}

	private GeneratedSql generate() {
		if (this.dice.chance(60)) {
			QueryGenerator.Result query = this.queries.query(null, CommonTables.NONE, this.dice.between(1, 3), null);
			boolean parentheses = this.dice.chance(3);
			return GeneratedSql.of(this.seed, parentheses ? "(" + query.text() + ")" : query.text(), false,
					query.ordered());
		}
		return GeneratedSql.of(this.seed, this.dice.chance(15) ? withWriting() : writing(CommonTables.NONE), true,
				false);
	}

	private String withWriting() {
		if (this.dice.chance(40)) {
			QueryGenerator.Result source = this.queries.query(null, CommonTables.NONE, 1, this.queries.kinds());
			String name = this.dice.pick("src", "handle", "accounts");
			CommonTables common = CommonTables.NONE.with(new CommonTables.Member(name, source.columns()));
			return "WITH " + name + " AS (" + source.text() + ") " + writing(common);
		}
		Target target = target();
		List<Column> returned = List.of(this.dice.pick(target.columns().subList(0, 2)));
		String writing = this.dice.chance(50) ? update(target, CommonTables.NONE) : delete(target, CommonTables.NONE);
		String name = this.dice.pick("w", "handle", "moved");
		CommonTables common = CommonTables.NONE.with(new CommonTables.Member(name, returned));
		String rest = this.dice.chance(60) ? this.queries.query(null, common, 1, null).text()
				: "INSERT INTO accounts (id, " + this.dice.pick("handle", "username")
						+ ") SELECT 50 + row_number() OVER (ORDER BY " + returned.get(0).name() + "), "
						+ returned.get(0).name() + "::text FROM " + name;
		return "WITH " + name + " AS (" + writing + " RETURNING " + target.alias() + "." + returned.get(0).name() + ") "
				+ rest;
	}

	private String writing(CommonTables common) {
		Target target = target();
		int form = this.dice.below(100);
		if (form < 45) {
			return insert(target, common);
		}
		if (form < 80) {
			return update(target, common) + returning(target.visible());
		}
		String text = delete(target, common);
		if (target.visible().origins().size() == 1) {
			return text + returning(target.visible());
		}
		// Which of several rows of USING is returned is not settled.
		return text + this.dice.pick("", " RETURNING " + target.alias() + ".*",
				" RETURNING " + target.alias() + "." + target.columns().get(1).name());
	}

	/**
	 * The table that is written.
	 */
	private record Target(String table, String text, String alias, List<Column> columns, Visible visible) {
	}

	private Target target() {
		String table = this.dice.pick("users", "users", "users", "products", "\"Person\"", "accounts");
		List<Column> columns = FromGenerator.TABLES.getOrDefault(table, List.of());
		String alias = this.dice.chance(40) ? this.dice.pick("u", "handle", "t", "\"T\"", "username", "accounts")
				: table;
		String written = this.dice.chance(7) ? "public." + table : table;
		Visible visible = new Visible(null);
		visible.add(new Origin(alias, columns));
		return new Target(table, alias.equals(table) ? written : written + " AS " + alias, alias, columns, visible);
	}

	private String insert(Target target, CommonTables common) {
		List<Column> columns = new ArrayList<>();
		for (Column column : target.columns()) {
			boolean needed = column.name().equalsIgnoreCase("id") || column.name().equals("\"Id\"")
					|| column.name().equals("stamp");
			if (column.kind() != Kind.OTHER
					&& (needed || this.dice.chance(column.name().equals("version") ? 20 : 75))) {
				columns.add(column);
			}
		}
		boolean listed = this.dice.chance(92) || target.table().equals("products");
		if (listed) {
			Collections.shuffle(columns, new Random(this.dice.below(1000)));
		}
		else {
			columns = target.columns().subList(0, this.dice.between(1, target.table().equals("users") ? 4 : 3));
		}
		String list = listed ? " (" + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + ")" : "";
		String source = this.dice.chance(30) ? selected(columns, common) : values(columns);
		String conflict = (this.dice.chance(35) && listed) ? conflict(target) : "";
		return "INSERT INTO " + target.text() + list + " " + source + conflict + returning(target.visible());
	}

	private String values(List<Column> columns) {
		List<String> rows = new ArrayList<>();
		Visible nothing = new Visible(null);
		for (int i = this.dice.chance(60) ? 1 : this.dice.between(2, 3); i > 0; i--) {
			List<String> values = new ArrayList<>();
			for (Column column : columns) {
				values.add(inserted(column, i, nothing));
			}
			rows.add("(" + String.join(", ", values) + ")");
		}
		return "VALUES " + String.join(", ", rows);
	}

	private String inserted(Column column, int row, Visible nothing) {
		if (column.name().equalsIgnoreCase("id") || column.name().equals("\"Id\"")) {
			return String.valueOf(this.dice.chance(90) ? 60 + row : row);
		}
		if (column.kind() == Kind.INT) {
			return column.name().equals("version") ? this.dice.pick("3", "DEFAULT")
					: this.dice.pick("3", "NULL", "DEFAULT", GeneratedSql.parameter("4"), "2 + 2");
		}
		return switch (this.dice.below(8)) {
			case 0 -> column.name().equals("stamp") ? "'s'" : "DEFAULT";
			case 1 -> "NULL";
			case 2 -> this.queries.expressions().text(nothing, CommonTables.NONE, 2);
			case 3, 4 -> GeneratedSql.parameter("new" + row + this.dice.below(10));
			case 5 -> "'ann'";
			default -> "'N" + row + this.dice.below(10) + "'";
		};
	}

	private String selected(List<Column> columns, CommonTables common) {
		Visible visible = new Visible(null);
		String from = this.queries.sources().from(visible, common, 1).text();
		List<String> items = new ArrayList<>();
		for (Column column : columns) {
			boolean key = column.name().equalsIgnoreCase("id") || column.name().equals("\"Id\"");
			if (key) {
				items.add("70");
			}
			else if (column.kind() == Kind.OTHER) {
				items.add("NULL");
			}
			else {
				String value = this.queries.expressions().value(column.kind(), visible, common, this.dice.below(3));
				String cast = (column.kind() == Kind.INT) ? "(" + value + ")::int" : value;
				items.add(cast + (this.dice.chance(15) ? " AS " + this.dice.pick("handle", "username", "v") : ""));
			}
		}
		String all = IntStream.rangeClosed(1, items.size()).mapToObj(String::valueOf).collect(Collectors.joining(", "));
		return "SELECT " + String.join(", ", items) + " FROM " + from
				+ (this.dice.chance(60) ? " WHERE " + this.queries.expressions().condition(visible, common, 1) : "")
				+ " ORDER BY " + all + " LIMIT 1";
	}

	private String conflict(Target target) {
		String key = target.table().equals("\"Person\"") ? "\"Id\"" : "id";
		String inferred = !target.table().equals("users") ? "(" + key + ")"
				: this.dice.pick("(id)", "(handle)", "(handle)", "(handle)", "(lower(handle))",
						"(handle) WHERE handle <> 'nobody' AND age > 0", "ON CONSTRAINT users_name_key");
		if (this.dice.chance(30)) {
			return " ON CONFLICT " + this.dice.pick("", inferred) + " DO NOTHING";
		}
		Visible both = new Visible(null);
		both.add(new Origin(target.alias(), target.columns()));
		both.add(new Origin(this.dice.pick("excluded", "EXCLUDED"), target.columns()));
		return " ON CONFLICT " + inferred + " DO UPDATE SET " + assignments(target, both, CommonTables.NONE)
				+ (this.dice.chance(30) ? " WHERE " + this.queries.expressions().condition(both, CommonTables.NONE, 1)
						: "");
	}

	private String update(Target target, CommonTables common) {
		String from = "";
		String join = "";
		Visible visible = target.visible();
		if (this.dice.chance(25)) {
			String other = this.dice.pick("accounts", "products", "other.users", "imports");
			String alias = this.queries.sources().alias(visible);
			visible.add(new Origin(alias, FromGenerator.TABLES.getOrDefault(other, List.of())));
			from = " FROM " + other + " " + alias;
			join = alias + ".id = " + target.alias() + "." + (target.table().equals("\"Person\"") ? "\"Id\"" : "id");
		}
		String text = "UPDATE " + target.text() + " SET " + assignments(target, visible, common) + from;
		List<String> conditions = new ArrayList<>();
		if (!join.isEmpty()) {
			conditions.add(join);
		}
		if (this.dice.chance(50)) {
			conditions.add(target.alias() + "." + (target.table().equals("\"Person\"") ? "\"Id\"" : "id") + " = "
					+ this.dice.between(1, 3));
		}
		if (this.dice.chance(60)) {
			conditions.add(this.queries.expressions().condition(visible, common, 2));
		}
		return text + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
	}

	private String assignments(Target target, Visible visible, CommonTables common) {
		List<Column> columns = new ArrayList<>(
				target.columns().stream().filter((column) -> column.kind() == Kind.TEXT).toList());
		Collections.shuffle(columns, new Random(this.dice.below(1000)));
		columns = new ArrayList<>(columns.subList(0, this.dice.between(1, columns.size())));
		if (columns.size() > 1 && this.dice.chance(20)) {
			String list = columns.stream().map(Column::name).collect(Collectors.joining(", "));
			List<Kind> kinds = columns.stream().map(Column::kind).toList();
			if (this.dice.chance(40)) {
				Visible inner = new Visible(visible);
				String from = this.queries.sources().from(inner, common, 0).text();
				String values = kinds.stream()
					.map((kind) -> "max(" + this.queries.expressions().value(kind, inner.alone(), common, 0) + ")")
					.collect(Collectors.joining(", "));
				return "(" + list + ") = (SELECT " + values + " FROM " + from + ")";
			}
			return "(" + list + ") = " + this.dice.pick("", "ROW ") + "("
					+ columns.stream()
						.map((column) -> assigned(column, visible, common))
						.collect(Collectors.joining(", "))
					+ ")";
		}
		return columns.stream()
			.map((column) -> column.name() + " = " + assigned(column, visible, common))
			.collect(Collectors.joining(", "));
	}

	private String assigned(Column column, Visible visible, CommonTables common) {
		return switch (this.dice.below(8)) {
			case 0 -> column.name().equals("stamp") ? "'s'" : "DEFAULT";
			case 1 -> "NULL";
			case 2 -> GeneratedSql.parameter("upd" + this.dice.below(10));
			case 3 -> "'U" + this.dice.below(10) + "'";
			default -> this.queries.expressions().text(visible, common, this.dice.below(3));
		};
	}

	private String delete(Target target, CommonTables common) {
		String using = "";
		Visible visible = target.visible();
		if (this.dice.chance(30)) {
			using = " USING " + this.queries.sources().from(visible, common, 1).text();
		}
		return "DELETE FROM " + target.text() + using
				+ (this.dice.chance(85) ? " WHERE " + this.queries.expressions().condition(visible, common, 2) : "");
	}

	private String returning(Visible visible) {
		if (this.dice.chance(55)) {
			return "";
		}
		List<String> items = new ArrayList<>();
		for (int i = this.dice.between(1, 3); i > 0; i--) {
			items.add(switch (this.dice.below(6)) {
				case 0 -> "*";
				case 1 -> this.dice.pick(visible.origins()).alias() + ".*";
				case 2 -> this.queries.expressions().text(visible, CommonTables.NONE, 1) + " AS "
						+ this.dice.pick("h", "username", "handle");
				case 3 -> this.queries.expressions().number(visible, CommonTables.NONE, 1);
				default -> this.queries.expressions().text(visible, CommonTables.NONE, 0);
			});
		}
		return " RETURNING " + String.join(", ", items);
	}

}
