package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.expandcontract.sql.Visible.Column;
import io.github.expandcontract.sql.Visible.Kind;
import io.github.expandcontract.sql.Visible.Origin;

/**
 * Generates FROM clauses: tables, queries, functions, and joins of all kinds.
 */
final class FromGenerator {

	private static final Map<String, List<Column>> ORIGINALS_STAY = Map.of("users",
			columns("id i", "handle t", "email t", "age i", "tags o", "data o", "version i"), "products",
			columns("id i", "sku t", "label t", "price d", "stamp t"), "\"Person\"",
			columns("\"Id\" i", "\"Group\" t", "\"Note\" t"), "items", columns("id i", "name t", "price d", "millis i"),
			"accounts", columns("id i", "user_id i", "handle t", "username t"), "orders",
			columns("id i", "user_id i", "total d"), "imports", columns("id i", "name t", "email t"), "other.users",
			columns("id i", "username t", "handle t"));

	private static final Map<String, List<Column>> COPIES_STAY = new HashMap<>(ORIGINALS_STAY);

	static {
		COPIES_STAY.put("users", columns("id i", "email t", "age i", "tags o", "data o", "version i", "handle t"));
		COPIES_STAY.put("products", columns("id i", "price d", "stamp t", "sku t", "label t"));
		COPIES_STAY.put("\"Person\"", columns("\"Id\" i", "\"Note\" t", "\"Group\" t"));
	}

	private static final List<String> WEIGHTED = List.of("users", "users", "users", "users", "products", "products",
			"items", "\"Person\"", "accounts", "accounts", "orders", "imports", "other.users");

	private static final List<String> ALIASES = List.of("u", "x", "y", "a", "handle", "username", "users", "\"U\"",
			"code", "title", "p", "accounts", "sku", "q", "w", "z", "\"User Name\"");

	private final Dice dice;

	private final QueryGenerator queries;

	private final Map<String, List<Column>> tables;

	FromGenerator(Dice dice, QueryGenerator queries, boolean originalsStay) {
		this.dice = dice;
		this.queries = queries;
		this.tables = tables(originalsStay);
	}

	/**
	 * The tables of the corpus in their final shape.
	 * @param originalsStay whether the columns that change their names stay where they
	 * are
	 */
	static Map<String, List<Column>> tables(boolean originalsStay) {
		return originalsStay ? ORIGINALS_STAY : COPIES_STAY;
	}

	/**
	 * The columns of a table in their final order.
	 */
	List<Column> columnsOf(String table) {
		return this.tables.getOrDefault(table, List.of());
	}

	static List<Column> columns(String... columns) {
		List<Column> result = new ArrayList<>();
		for (String column : columns) {
			int space = column.lastIndexOf(' ');
			String kind = column.substring(space + 1);
			result.add(new Column(column.substring(0, space), switch (kind) {
				case "i" -> Kind.INT;
				case "t" -> Kind.TEXT;
				case "d" -> Kind.DECIMAL;
				default -> Kind.OTHER;
			}));
		}
		return result;
	}

	/**
	 * One or several items.
	 * @param visible what is filled with them
	 * @return the items, and whether rows of all of them can be locked
	 */
	From from(Visible visible, CommonTables common, int depth) {
		List<String> items = new ArrayList<>();
		boolean lockable = true;
		int count = this.dice.chance(65) ? 1 : 2;
		for (int i = 0; i < count; i++) {
			Joined joined = this.dice.chance((count == 1) ? 45 : 20) ? joined(visible, common, depth)
					: single(visible, visible, common, depth, true);
			items.add(joined.text());
			lockable &= joined.inner();
			joined.origins().forEach(visible.origins()::add);
			visible.columns().addAll(joined.columns());
		}
		return new From(String.join(", ", items), lockable);
	}

	/**
	 * A FROM clause without its keyword.
	 */
	record From(String text, boolean lockable) {
	}

	private record Joined(String text, List<Origin> origins, List<Column> columns, boolean inner) {
	}

	private Joined joined(Visible visible, CommonTables common, int depth) {
		Joined left = single(visible, visible, common, depth, true);
		int joins = this.dice.chance(75) ? 1 : 2;
		for (int i = 0; i < joins; i++) {
			Visible seen = new Visible(visible.outer());
			visible.origins().forEach(seen.origins()::add);
			left.origins().forEach(seen.origins()::add);
			Joined right = single(seen, seen, common, depth, false);
			left = join(left, right, seen, common);
		}
		if (this.dice.chance(5) && left.origins().stream().noneMatch((origin) -> origin.base().equals("j"))) {
			return new Joined("(" + left.text() + ") AS j", List.of(new Origin("j", left.columns())), left.columns(),
					false);
		}
		return left;
	}

	private Joined join(Joined left, Joined right, Visible seen, CommonTables common) {
		List<Origin> origins = new ArrayList<>(left.origins());
		origins.addAll(right.origins());
		List<Column> columns = new ArrayList<>(left.columns());
		columns.addAll(right.columns());
		List<Column> shared = left.columns().stream().filter((column) -> right.columns().contains(column)).toList();
		boolean mergeable = !shared.isEmpty() && shared.stream()
			.allMatch((column) -> Visible.isUnique(column, left.columns()) && Visible.isUnique(column, right.columns())
					&& column.kind() != Kind.OTHER);
		boolean sameKinds = left.columns()
			.stream()
			.noneMatch((column) -> !shared.contains(column) && !column.name().isEmpty()
					&& right.columns().stream().anyMatch((other) -> other.name().equals(column.name())));
		String kind = this.dice.pick("JOIN", "JOIN", "LEFT JOIN", "INNER JOIN", "RIGHT JOIN", "FULL JOIN");
		boolean inner = left.inner() && right.inner() && (kind.equals("JOIN") || kind.equals("INNER JOIN"));
		if (mergeable && sameKinds && this.dice.chance(20)) {
			return new Joined(left.text() + " NATURAL " + kind + " " + right.text(), origins, merged(shared, columns),
					false);
		}
		if (mergeable && this.dice.chance(40)) {
			List<Column> using = List.of(this.dice.pick(shared));
			return new Joined(left.text() + " " + kind + " " + right.text() + " USING (" + using.get(0).name() + ")",
					origins, merged(using, columns), inner);
		}
		if (this.dice.chance(8)) {
			return new Joined(left.text() + " CROSS JOIN " + right.text(), origins, columns, inner);
		}
		Visible both = new Visible(seen.outer());
		origins.forEach(both::add);
		both.columns().clear();
		both.columns().addAll(columns);
		Visible leftSide = new Visible(null);
		left.origins().forEach(leftSide::add);
		Visible rightSide = new Visible(null);
		right.origins().forEach(rightSide::add);
		Kind compared = this.dice.pick(List.of(Kind.TEXT, Kind.INT));
		boolean constant = leftSide.references(compared).isEmpty() || rightSide.references(compared).isEmpty();
		if (kind.equals("FULL JOIN") && constant) {
			// The planner takes this only where it finds that it can do without.
			kind = "LEFT JOIN";
		}
		String condition = qualified(compared, leftSide) + " = " + qualified(compared, rightSide);
		if (!kind.equals("FULL JOIN") && this.dice.chance(30)) {
			condition += " AND " + this.queries.expressions().condition(both, common, 1);
		}
		return new Joined(left.text() + " " + kind + " " + right.text() + " ON " + condition, origins, columns, inner);
	}

	private String qualified(Kind kind, Visible side) {
		Visible named = new Visible(null);
		side.origins().forEach(named.origins()::add);
		return this.queries.expressions().reference(kind, named, (kind == Kind.TEXT) ? "'ann'" : "1");
	}

	private static List<Column> merged(List<Column> using, List<Column> columns) {
		List<Column> merged = new ArrayList<>(using);
		columns.stream().filter((column) -> !using.contains(column)).forEach(merged::add);
		return merged;
	}

	private Joined single(Visible taken, Visible lateral, CommonTables common, int depth, boolean first) {
		int choice = this.dice.below(100);
		if (depth > 0 && choice < 18) {
			return derived(taken, lateral, common, depth);
		}
		if (choice < 24) {
			return function(taken, lateral, first);
		}
		if (!common.tables().isEmpty() && choice < 60) {
			CommonTables.Member member = this.dice.pick(common.tables());
			return named(member.name(), member.name(), member.columns(), taken, false);
		}
		String table = this.dice.pick(WEIGHTED);
		String written = (common.hides(table) || (table.indexOf('.') < 0 && this.dice.chance(5))) ? "public." + table
				: table;
		String only = (table.equals("users") && this.dice.chance(3)) ? "ONLY " : "";
		return named(only + written, table.substring(table.indexOf('.') + 1), columnsOf(table), taken, true);
	}

	private Joined named(String written, String name, List<Column> columns, Visible taken, boolean plain) {
		boolean free = isFree(name, taken);
		if (free && this.dice.chance(35)) {
			boolean schema = written.startsWith("public.") && this.dice.chance(40);
			return new Joined(written, List.of(new Origin(schema ? written : name, name, columns, plain)), columns,
					plain);
		}
		String alias = alias(taken);
		List<Column> renamed = columns;
		String list = "";
		if (this.dice.chance(6)) {
			renamed = renamed(columns);
			list = "(" + String.join(", ",
					renamed.subList(0, this.dice.between(1, columns.size())).stream().map(Column::name).toList()) + ")";
			int listed = list.split(",").length;
			List<Column> result = new ArrayList<>(renamed.subList(0, listed));
			result.addAll(columns.subList(listed, columns.size()));
			renamed = result;
		}
		return new Joined(written + this.dice.pick(" ", " AS ") + alias + list,
				List.of(new Origin(alias, alias, renamed, plain)), renamed, plain);
	}

	private List<Column> renamed(List<Column> columns) {
		List<String> names = List.of("username", "handle", "c1", "code", "id", "c2", "\"Group\"", "c3");
		int offset = this.dice.below(names.size());
		List<Column> renamed = new ArrayList<>();
		for (int i = 0; i < columns.size(); i++) {
			renamed.add(new Column(names.get((i + offset) % names.size()), columns.get(i).kind()));
		}
		return renamed;
	}

	private Joined derived(Visible taken, Visible lateral, CommonTables common, int depth) {
		boolean seesOthers = this.dice.chance(30);
		Visible outer = seesOthers ? lateralView(lateral) : lateral.outer();
		QueryGenerator.Result query = this.dice.chance(85)
				? this.queries.query(outer, common, depth - 1, this.dice.chance(50) ? null : this.queries.kinds())
				: values();
		String alias = alias(taken);
		List<Column> columns = query.columns();
		String list = "";
		if (query.text().startsWith("VALUES") || this.dice.chance(10)) {
			columns = renamed(columns);
			list = "(" + String.join(", ", columns.stream().map(Column::name).toList()) + ")";
		}
		return new Joined(
				(seesOthers ? "LATERAL (" : "(") + query.text() + ")" + this.dice.pick(" ", " AS ") + alias + list,
				List.of(new Origin(alias, columns)), columns, false);
	}

	/**
	 * What an item sees of those before it.
	 */
	private static Visible lateralView(Visible lateral) {
		Visible view = new Visible(lateral.outer());
		lateral.origins().forEach(view::add);
		view.columns().clear();
		view.columns().addAll(lateral.columns());
		// A join's columns may be merged, so they are named with their table.
		if (view.columns().isEmpty()) {
			lateral.origins().forEach((origin) -> {
				view.columns().addAll(origin.columns());
				view.columns().addAll(origin.columns());
			});
		}
		return view;
	}

	private QueryGenerator.Result values() {
		return new QueryGenerator.Result(
				"VALUES (1, 'ann'), (2, " + GeneratedSql.parameter("bob") + "::text), (3, NULL)",
				columns("column1 i", "column2 t"));
	}

	private Joined function(Visible taken, Visible lateral, boolean first) {
		String alias = alias(taken);
		if (!first && this.dice.chance(50)) {
			String argument = qualified(Kind.TEXT, lateral);
			List<Column> columns = List.of(new Column(alias, Kind.TEXT));
			return new Joined("LATERAL regexp_split_to_table(" + argument + ", 'n') AS " + alias,
					List.of(new Origin(alias, columns)), columns, false);
		}
		boolean numbers = this.dice.chance(30);
		String call = numbers ? "generate_series(1, 3)" : "unnest(ARRAY['ann', 'x', NULL])";
		boolean listed = this.dice.chance(40);
		String column = listed ? this.dice.pick("handle", "username", "v") : alias;
		List<Column> columns = List.of(new Column(column, numbers ? Kind.INT : Kind.TEXT));
		return new Joined(call + " AS " + alias + (listed ? "(" + column + ")" : ""),
				List.of(new Origin(alias, columns)), columns, false);
	}

	String alias(Visible taken) {
		String alias = this.dice.pick(ALIASES);
		for (int i = 0; !isFree(alias, taken); i++) {
			alias = "s" + i;
		}
		return alias;
	}

	private static boolean isFree(String alias, Visible taken) {
		return taken.origins().stream().noneMatch((origin) -> origin.base().equals(alias));
	}

}
