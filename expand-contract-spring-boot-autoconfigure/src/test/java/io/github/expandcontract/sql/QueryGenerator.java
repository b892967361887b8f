package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.sql.Visible.Column;
import io.github.expandcontract.sql.Visible.Kind;
import io.github.expandcontract.sql.Visible.Origin;

/**
 * Generates queries whose rows PostgreSQL's manual settles: a LIMIT only behind an order
 * of all columns, no window that depends on the order of peers.
 */
final class QueryGenerator {

	private static final String[] LABELS = { "handle", "username", "sku", "code", "n", "label", "title", "h",
			"\"Group\"", "id", "\"User Name\"", "x" };

	private final Dice dice;

	private final ExpressionGenerator expressions;

	private final FromGenerator sources;

	QueryGenerator(Dice dice, boolean originalsStay) {
		this.dice = dice;
		this.expressions = new ExpressionGenerator(dice, this);
		this.sources = new FromGenerator(dice, this, originalsStay);
	}

	ExpressionGenerator expressions() {
		return this.expressions;
	}

	FromGenerator sources() {
		return this.sources;
	}

	/**
	 * A query.
	 *
	 * @param ordered whether its ORDER BY settles the order of all rows
	 */
	record Result(String text, List<Column> columns, boolean ordered) {

		Result(String text, List<Column> columns) {
			this(text, columns, false);
		}

	}

	private record Item(String text, Column column) {
	}

	List<Kind> kinds() {
		return IntStream.range(0, this.dice.between(1, 3))
			.mapToObj((i) -> this.dice.pick(List.of(Kind.TEXT, Kind.TEXT, Kind.TEXT, Kind.INT, Kind.DECIMAL)))
			.toList();
	}

	/**
	 * A query, perhaps with a WITH clause or a set operation.
	 * @param kinds the kinds of its columns, {@code null} for any
	 */
	Result query(@Nullable Visible outer, CommonTables common, int depth, @Nullable List<Kind> kinds) {
		CommonTables seen = common;
		String with = "";
		if (depth > 0 && this.dice.chance(15)) {
			List<String> members = new ArrayList<>();
			boolean recursive = this.dice.chance(25);
			for (int i = this.dice.between(1, 2); i > 0; i--) {
				seen = member(outer, seen, depth, members, recursive && i == 1);
			}
			with = "WITH " + (recursive ? "RECURSIVE " : "") + String.join(", ", members) + " ";
		}
		if (kinds == null && with.isEmpty() && this.dice.chance(1)) {
			String table = this.dice.pick("users", "products", "items", "\"Person\"");
			return new Result("TABLE public." + table, this.sources.columnsOf(table));
		}
		Result body = (depth > 0 && this.dice.chance(15)) ? setOperation(outer, seen, depth, kinds)
				: select(outer, seen, depth, kinds);
		return new Result(with + body.text(), body.columns(), body.ordered());
	}

	private CommonTables member(@Nullable Visible outer, CommonTables common, int depth, List<String> members,
			boolean recursive) {
		String name = this.dice.pick("c", "handle", "users", "accounts", "d", "username", "t");
		while (common.hides(name)) {
			name += "2";
		}
		if (recursive) {
			String text = this.dice
				.pick("SELECT id, handle FROM public.users WHERE id = 1",
						"SELECT id::int, sku FROM products WHERE sku = 'c1'", "SELECT 1, handle FROM public.users u")
				.replace("SELECT id,", "SELECT id::int AS id,");
			List<Column> columns = FromGenerator.columns("id i", this.dice.pick("handle t", "username t", "code t"));
			members.add(name + "(id, " + columns.get(1).name() + ") AS (" + text + " UNION SELECT r.id + 1, "
					+ this.dice.pick("p.sku", "p.label", "r." + columns.get(1).name()) + " FROM " + name
					+ " r JOIN products p ON p.id = r.id + 1 WHERE r.id < 4)");
			return common.with(new CommonTables.Member(name, columns));
		}
		Result query = query(outer, common, depth - 1, this.dice.chance(40) ? null : kinds());
		List<Column> columns = query.columns();
		String list = "";
		if (this.dice.chance(20)) {
			List<Column> renamed = new ArrayList<>();
			for (int i = 0; i < columns.size(); i++) {
				renamed.add(new Column((i == 0) ? this.dice.pick("handle", "username", "k") : "k" + i,
						columns.get(i).kind()));
			}
			columns = renamed;
			list = "(" + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + ")";
		}
		members.add(name + list + " AS " + this.dice.pick("", "", "MATERIALIZED ", "NOT MATERIALIZED ") + "("
				+ query.text() + ")");
		return common.with(new CommonTables.Member(name, columns));
	}

	private Result setOperation(@Nullable Visible outer, CommonTables common, int depth, @Nullable List<Kind> kinds) {
		List<Kind> shared = (kinds != null && !kinds.isEmpty()) ? kinds : kinds();
		Result first = operand(outer, common, depth - 1, shared);
		StringBuilder text = new StringBuilder(first.text());
		for (int i = this.dice.chance(80) ? 1 : 2; i > 0; i--) {
			text.append(this.dice.pick(" UNION ", " UNION ALL ", " EXCEPT ", " INTERSECT ", " EXCEPT ALL "))
				.append(operand(outer, common, depth - 1, shared).text());
		}
		boolean ordered = this.dice.chance(40);
		if (ordered) {
			Column column = first.columns().get(0);
			String sort = (Visible.isUnique(column, first.columns()) && this.dice.chance(50)) ? column.name() : "1";
			text.append(" ORDER BY ").append(sort).append(this.dice.pick("", " DESC"));
			text.append(positions(shared.size())).append(limit());
		}
		return new Result(text.toString(), first.columns(), ordered);
	}

	private Result operand(@Nullable Visible outer, CommonTables common, int depth, List<Kind> kinds) {
		Result select = select(outer, common, depth, kinds);
		boolean closed = select.ordered() || select.text().contains(" FOR ") || this.dice.chance(15);
		return closed ? new Result("(" + select.text() + ")", select.columns()) : select;
	}

	private static String positions(int count) {
		return IntStream.rangeClosed(1, count).mapToObj((i) -> ", " + i).collect(Collectors.joining());
	}

	private String limit() {
		return this.dice.pick("", "", " LIMIT 2", " OFFSET 1", " LIMIT 1 OFFSET 1", " FETCH FIRST 3 ROWS ONLY",
				" LIMIT " + GeneratedSql.parameter("2") + "::bigint");
	}

	/**
	 * A query in an expression.
	 * @param kinds the kinds of its columns, empty if they do not matter
	 */
	String correlated(List<Kind> kinds, Visible visible, CommonTables common, int depth) {
		if (kinds.isEmpty() && this.dice.chance(50)) {
			Visible inner = new Visible(visible);
			String from = this.sources.from(inner, common, depth).text();
			return "SELECT " + this.dice.pick("1", "*", "NULL") + " FROM " + from + where(inner, common, depth);
		}
		return query(visible, common, depth, kinds.isEmpty() ? null : kinds).text();
	}

	/**
	 * A query in parentheses that gives one value.
	 */
	String scalar(Kind kind, Visible visible, CommonTables common, int depth) {
		Visible inner = new Visible(visible);
		String from = this.sources.from(inner, common, 0).text();
		String aggregate = this.dice.pick("max(", "min(");
		return "(SELECT " + aggregate + this.expressions.value(kind, inner.alone(), CommonTables.NONE, 0) + ") FROM "
				+ from + where(inner, common, depth) + ")";
	}

	private String where(Visible visible, CommonTables common, int depth) {
		return this.dice.chance(65) ? " WHERE " + this.expressions.condition(visible, common, depth) : "";
	}

	private Result select(@Nullable Visible outer, CommonTables common, int depth, @Nullable List<Kind> kinds) {
		Visible visible = new Visible(outer);
		FromGenerator.From from = this.sources.from(visible, common, depth);
		int form = this.dice.below(100);
		if (form < 17) {
			return grouped(visible, from.text(), common, depth, kinds);
		}
		boolean distinct = form < 27;
		boolean distinctOn = form >= 27 && form < 31;
		boolean windows = form >= 31 && form < 40;
		List<Item> items = (kinds != null && !kinds.isEmpty())
				? kinds.stream().map((kind) -> item(kind, visible, common, depth)).toList()
				: freely(visible, common, depth);
		String window = windows ? window(visible, common) : "";
		boolean named = windows && this.dice.chance(25);
		if (windows) {
			items = new ArrayList<>(items);
			items.set(items.size() - 1,
					overWindow(visible, common, named ? "win" : window, items.get(items.size() - 1).column().kind()));
		}
		List<Column> columns = columns(items, visible);
		String on = distinctOn ? this.expressions.reference(Kind.TEXT, visible.alone(), "1") : "";
		String list = items.stream().map(Item::text).collect(Collectors.joining(", "));
		String text = "SELECT " + (distinct ? "DISTINCT " : distinctOn ? "DISTINCT ON (" + on + ") " : "") + list
				+ " FROM " + from.text() + where(visible, common, depth) + (named ? " WINDOW win AS " + window : "");
		boolean ordered = distinctOn || this.dice.chance(40);
		if (ordered) {
			text += " ORDER BY " + (distinctOn ? on : sort(visible, columns, distinct, common, depth))
					+ (distinctOn ? "" : this.dice.pick("", " DESC", " ASC NULLS FIRST", " DESC NULLS LAST"))
					+ positions(columns.size()) + limit();
		}
		if (form > 92 && from.lockable() && !windows && this.dice.chance(60)) {
			List<Origin> plain = visible.origins().stream().filter(Origin::plain).toList();
			boolean of = this.dice.chance(50) && plain.stream().noneMatch((origin) -> origin.alias().contains("."));
			text += this.dice.pick(" FOR UPDATE", " FOR NO KEY UPDATE", " FOR SHARE")
					+ (of ? " OF " + this.dice.pick(plain).alias() : "")
					+ this.dice.pick("", " SKIP LOCKED", " NOWAIT");
		}
		return new Result(text, columns, ordered);
	}

	private String sort(Visible visible, List<Column> columns, boolean distinct, CommonTables common, int depth) {
		Column column = this.dice.pick(columns);
		if (Visible.isUnique(column, columns) && this.dice.chance(40)) {
			return column.name();
		}
		if (distinct || this.dice.chance(25)) {
			return String.valueOf(this.dice.between(1, columns.size()));
		}
		return this.dice.chance(70) ? sortable(visible, columns)
				: this.expressions.text(visible, common, depth) + " || ''";
	}

	/**
	 * A column that is not caught by a label.
	 */
	private String sortable(Visible visible, List<Column> columns) {
		String reference = this.expressions.reference(Kind.TEXT, visible, "1");
		return columns.stream().filter((column) -> column.name().equals(reference)).count() > 1 ? "1" : reference;
	}

	private List<Item> freely(Visible visible, CommonTables common, int depth) {
		List<Item> items = new ArrayList<>();
		for (int i = this.dice.between(1, 3); i > 0; i--) {
			Origin origin = visible.origins().isEmpty() ? null : this.dice.pick(visible.origins());
			int choice = this.dice.below(100);
			if (choice < 14) {
				items.add(new Item("*", new Column("*", Kind.OTHER)));
			}
			else if (choice < 22 && origin != null) {
				items.add(new Item(origin.alias() + ".*", new Column(origin.alias() + ".*", Kind.OTHER)));
			}
			else if (choice < 28 && origin != null && isRow(origin, visible)) {
				items.add(row(origin));
			}
			else {
				items.add(item(
						this.dice.pick(List.of(Kind.TEXT, Kind.TEXT, Kind.TEXT, Kind.INT, Kind.DECIMAL, Kind.BOOL)),
						visible, common, depth));
			}
		}
		return items;
	}

	private static boolean isRow(Origin origin, Visible visible) {
		boolean hidden = false;
		for (Visible level = visible; level != null; level = level.outer()) {
			hidden |= level.columns().stream().anyMatch((column) -> column.name().equals(origin.alias()));
		}
		return !hidden && !origin.alias().contains(".") && origin.columns().size() > 1;
	}

	private Item row(Origin origin) {
		Column column = origin.columns().get(0);
		return switch (this.dice.below(4)) {
			case 0 -> new Item("to_jsonb(" + origin.alias() + ")", new Column("to_jsonb", Kind.OTHER));
			case 1 -> new Item(origin.alias(), new Column(origin.alias(), Kind.OTHER));
			case 2 -> Visible.isUnique(column, origin.columns())
					? new Item("(" + origin.alias() + ")." + column.name(), column)
					: new Item(origin.alias() + "::text", new Column(origin.alias(), Kind.TEXT));
			default -> new Item(origin.alias() + "::text AS r", new Column("r", Kind.TEXT));
		};
	}

	private Item item(Kind kind, Visible visible, CommonTables common, int depth) {
		String text = this.expressions.value(kind, visible, common, this.dice.chance(50) ? 0 : depth);
		return labelled(text, kind);
	}

	private Item labelled(String text, Kind kind) {
		if (this.dice.chance(30)) {
			String label = this.dice.pick(LABELS);
			boolean keyword = label.startsWith("\"") || this.dice.chance(80) || text.matches(".*\\W$|.*\\b[A-Z]+");
			return new Item(text + (keyword ? " AS " : " ") + label, new Column(label, kind));
		}
		return new Item(text, new Column(naturalName(text), kind));
	}

	/**
	 * The name that PostgreSQL gives an item, empty where that is not plain.
	 */
	private static String naturalName(String text) {
		if (text.matches("([\\w]+\\.|\"[^\"]+\"\\.)*([a-z_]\\w*|\"[^\"]+\")") && !text.equalsIgnoreCase("null")) {
			String name = text.replaceFirst("^.*\\.(?=[^.]*$)", "");
			return name.matches("\"[a-z_]+\"") ? name.substring(1, name.length() - 1) : name;
		}
		return "";
	}

	private String window(Visible visible, CommonTables common) {
		String partition = this.expressions.reference(Kind.TEXT, visible.alone(), "1");
		String sort = this.expressions.text(visible.alone(), common, 1);
		return "(" + this.dice.pick("", "PARTITION BY " + partition + " ") + "ORDER BY " + sort
				+ this.dice.pick("", " DESC", " NULLS FIRST") + ")";
	}

	private Item overWindow(Visible visible, CommonTables common, String window, Kind kind) {
		String over = " OVER " + window;
		if (kind == Kind.TEXT) {
			return labelled(
					this.dice.pick("max(", "min(") + this.expressions.text(visible.alone(), common, 1) + ")" + over,
					kind);
		}
		String rank = this.dice.pick("rank()", "dense_rank()", "count(*)") + over;
		return labelled((kind == Kind.BOOL) ? rank + " = 1" : rank,
				(kind == Kind.BOOL || kind == Kind.DECIMAL) ? kind : Kind.INT);
	}

	private static List<Column> columns(List<Item> items, Visible visible) {
		List<Column> columns = new ArrayList<>();
		for (Item item : items) {
			String name = item.column().name();
			if (item.text().equals("*")) {
				columns.addAll(visible.columns());
			}
			else if (item.text().endsWith(".*")) {
				visible.origins()
					.stream()
					.filter((origin) -> name.equals(origin.alias() + ".*"))
					.findFirst()
					.ifPresent((origin) -> columns.addAll(origin.columns()));
			}
			else {
				columns.add(item.column());
			}
		}
		return columns;
	}

	private Result grouped(Visible visible, String from, CommonTables common, int depth, @Nullable List<Kind> kinds) {
		Visible alone = visible.alone();
		List<Kind> wanted = (kinds != null && !kinds.isEmpty()) ? kinds : kinds();
		List<String> groups = new ArrayList<>();
		List<Item> items = new ArrayList<>();
		for (Kind kind : wanted) {
			if (kind == Kind.TEXT && this.dice.chance(60)) {
				String group = this.expressions.reference(Kind.TEXT, alone, "");
				if (group.isEmpty() || this.dice.chance(20)) {
					group = "lower(" + this.expressions.text(alone, CommonTables.NONE, 0) + ")";
				}
				Item item = labelled(group, kind);
				boolean byLabel = this.dice.chance(20) && !item.column().name().isEmpty()
						&& visible.columns().stream().noneMatch((column) -> column.name().equals(item.column().name()));
				groups.add(byLabel ? item.column().name()
						: this.dice.chance(15) ? String.valueOf(items.size() + 1) : group);
				items.add(item);
			}
			else {
				items.add(labelled(aggregate(kind, alone), kind));
			}
		}
		String list = items.stream().map(Item::text).collect(Collectors.joining(", "));
		String text = "SELECT " + list + " FROM " + from + where(visible, common, depth);
		if (!groups.isEmpty()) {
			String by = String.join(", ", groups);
			boolean positions = groups.stream().anyMatch((group) -> group.matches("\\d+"));
			text += " GROUP BY " + ((positions || this.dice.chance(80)) ? by
					: this.dice.pick("ROLLUP (" + by + ")", "CUBE (" + by + ")", "GROUPING SETS ((" + by + "), ())"));
		}
		if (this.dice.chance(25)) {
			text += " HAVING " + aggregate(Kind.INT, alone) + " > 0";
		}
		List<Column> columns = items.stream().map(Item::column).toList();
		boolean ordered = this.dice.chance(40);
		if (ordered) {
			String sort = this.dice.chance(30) ? aggregate(Kind.INT, alone)
					: (!groups.isEmpty() && this.dice.chance(40)) ? groups.get(0) : "1";
			boolean twice = columns.stream().filter((column) -> column.name().equals(sort)).count() > 1;
			text += " ORDER BY " + (twice ? "1" : sort) + this.dice.pick("", " DESC") + positions(columns.size())
					+ limit();
		}
		return new Result(text, columns, ordered);
	}

	private String aggregate(Kind kind, Visible alone) {
		String value = this.expressions.text(alone, CommonTables.NONE, this.dice.below(2));
		return switch (kind) {
			case TEXT ->
				this.dice.pick("max(" + value + ")", "min(" + value + ")", "string_agg(DISTINCT " + value + ", ',')",
						"percentile_disc(0.5) WITHIN GROUP (ORDER BY " + value + ")",
						"array_to_string(array_agg(" + value + " ORDER BY " + value + " DESC NULLS LAST), ',')",
						"string_agg(" + value + ", ',' ORDER BY " + value + ")");
			case INT -> this.dice.pick("count(*)", "count(" + value + ")", "count(DISTINCT " + value + ")",
					"count(*) FILTER (WHERE " + value + " IS NOT NULL)");
			case DECIMAL -> this.dice.pick("sum(", "max(", "min(", "count(DISTINCT ")
					+ this.expressions.decimal(alone, CommonTables.NONE, 0) + ")::numeric";
			default -> "bool_or(" + value + " = 'ann')";
		};
	}

}
