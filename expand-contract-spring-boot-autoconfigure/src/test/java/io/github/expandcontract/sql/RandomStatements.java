package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes statements over the corpus's schema at random: joins, derived tables, common
 * table expressions, correlated subqueries, set operations, groups and orders, and the
 * writing statements, with names qualified and not.
 */
final class RandomStatements {

	private final Random random;

	private int aliases;

	RandomStatements(long seed) {
		this.random = new Random(seed);
	}

	/**
	 * A source by its alias and its columns of type text.
	 */
	private record Source(String alias, List<String> columns) {
	}

	private <T> T pick(List<T> list) {
		return list.get(this.random.nextInt(list.size()));
	}

	@SafeVarargs
	private <T> T pick(T... options) {
		return options[this.random.nextInt(options.length)];
	}

	private boolean chance(int percent) {
		return this.random.nextInt(100) < percent;
	}

	String statement() {
		this.aliases = 0;
		return switch (this.random.nextInt(10)) {
			case 0 -> update();
			case 1 -> insert();
			case 2 -> delete();
			default -> query();
		};
	}

	private String query() {
		if (chance(15)) {
			String name = pick("users", "x", "handle", "accounts");
			return "WITH " + name + " AS (SELECT id, " + pick("handle", "email AS handle", "handle AS username, handle")
					+ " FROM users) SELECT " + name + ".id, " + name + ".handle FROM " + name + " WHERE "
					+ predicate(List.of(new Source(name, List.of("handle"))), 1);
		}
		if (chance(15)) {
			return single(1) + pick(" UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT ") + single(1);
		}
		return select(2);
	}

	private String single(int depth) {
		List<Source> sources = new ArrayList<>();
		String from = from(sources, depth);
		return "SELECT " + column(sources) + " FROM " + from + " WHERE " + predicate(sources, depth);
	}

	private String select(int depth) {
		List<Source> sources = new ArrayList<>();
		String from = from(sources, depth);
		if (chance(20)) {
			String key = column(sources);
			return "SELECT " + key + ", count(*) FROM " + from + " WHERE " + predicate(sources, depth) + " GROUP BY "
					+ key + (chance(50) ? " HAVING " + key + " IS NOT NULL" : "");
		}
		List<String> items = new ArrayList<>();
		for (int i = this.random.nextInt(3); i >= 0; i--) {
			items.add(item(sources, depth));
		}
		String order = chance(40) ? " ORDER BY " + pick(column(sources), expression(sources, 0)) : "";
		return "SELECT " + String.join(", ", items) + " FROM " + from + " WHERE " + predicate(sources, depth) + order;
	}

	private String item(List<Source> sources, int depth) {
		return switch (this.random.nextInt(8)) {
			case 0 -> "*";
			case 1 -> pick(sources).alias() + ".*";
			case 2 -> expression(sources, depth) + pick(" AS handle", " AS username", " AS h", " x");
			case 3 -> expression(sources, depth);
			case 4 -> "to_jsonb(" + pick(sources).alias() + ")";
			case 5 -> "count(*) OVER (PARTITION BY " + column(sources) + ")";
			default -> column(sources);
		};
	}

	private String from(List<Source> sources, int depth) {
		StringBuilder from = new StringBuilder(source(sources, depth));
		for (int i = this.random.nextInt(3); i > 0; i--) {
			int known = sources.size();
			String next = source(sources, depth);
			if (chance(10)) {
				from.append(" JOIN ").append(next).append(" USING (").append(pick("id", "handle")).append(")");
			}
			else if (chance(30)) {
				from.append(", ").append(next);
			}
			else {
				from.append(pick(" JOIN ", " LEFT JOIN ", " RIGHT JOIN "))
					.append(next)
					.append(" ON ")
					.append(pick(sources.subList(0, known)).alias())
					.append(".id = ")
					.append(sources.get(known).alias())
					.append(".id");
			}
		}
		return from.toString();
	}

	private String source(List<Source> sources, int depth) {
		String alias = chance(10) ? pick("handle", "username") + this.aliases++ : "t" + this.aliases++;
		if (depth > 0 && chance(20)) {
			sources.add(new Source(alias, List.of("handle")));
			List<Source> inner = new ArrayList<>();
			String from = from(inner, depth - 1);
			return "(SELECT " + inner.get(0).alias() + ".id, " + expression(inner, depth - 1) + " AS handle FROM "
					+ from + ") " + pick("", "AS ") + alias;
		}
		if (chance(55)) {
			boolean bare = chance(25) && sources.stream().noneMatch((source) -> source.alias().equals("users"));
			sources.add(new Source(bare ? "users" : alias, List.of("handle", "handle", "email")));
			return bare ? "users" : "users " + alias;
		}
		if (chance(60)) {
			sources.add(new Source(alias, List.of("handle", "username")));
			return "accounts " + alias;
		}
		sources.add(new Source(alias, List.of("name", "email")));
		return "imports " + alias;
	}

	private String column(List<Source> sources) {
		Source source = pick(sources);
		String column = pick(source.columns());
		return chance(45) ? column : source.alias() + "." + column;
	}

	private String expression(List<Source> sources, int depth) {
		return switch (this.random.nextInt(8)) {
			case 0 -> "upper(" + column(sources) + ")";
			case 1 -> column(sources) + " || '-' || " + column(sources);
			case 2 ->
				"CASE WHEN " + predicate(sources, 0) + " THEN " + column(sources) + " ELSE " + column(sources) + " END";
			case 3 -> "coalesce(" + column(sources) + ", " + column(sources) + ")";
			case 4 -> (depth > 0) ? subquery(sources, depth) : column(sources);
			case 5 -> column(sources) + "::varchar(3)";
			default -> column(sources);
		};
	}

	private String subquery(List<Source> outer, int depth) {
		List<Source> inner = new ArrayList<>();
		String from = from(inner, depth - 1);
		List<Source> all = new ArrayList<>(inner);
		all.addAll(outer);
		return "(SELECT max(" + column(inner) + ") FROM " + from + " WHERE " + predicate(all, depth - 1) + ")";
	}

	private String predicate(List<Source> sources, int depth) {
		return switch (this.random.nextInt(11)) {
			case 0 -> column(sources) + " = " + expression(sources, depth);
			case 1 -> column(sources) + pick(" < ", " <> ", " >= ") + pick("'bob'", "'ann'", column(sources));
			case 2 -> column(sources)
					+ pick(" IS NULL", " IS NOT NULL", " LIKE 'a%'", " IN ('ann', 'Cy')", " BETWEEN 'a' AND 'c'");
			case 3 -> "NOT (" + predicate(sources, 0) + ")";
			case 4 -> predicate(sources, 0) + pick(" AND ", " OR ") + predicate(sources, 0);
			case 5 -> column(sources) + " IS DISTINCT FROM " + column(sources);
			case 6, 7 -> {
				if (depth == 0) {
					yield "true";
				}
				List<Source> inner = new ArrayList<>();
				String from = from(inner, depth - 1);
				List<Source> all = new ArrayList<>(inner);
				all.addAll(sources);
				yield pick("EXISTS (SELECT 1 FROM " + from + " WHERE " + predicate(all, depth - 1) + ")",
						column(sources) + " IN (SELECT " + column(inner) + " FROM " + from + " WHERE "
								+ predicate(all, depth - 1) + ")");
			}
			default -> "true";
		};
	}

	private String update() {
		List<Source> sources = new ArrayList<>();
		String alias = pick("users", "u");
		sources.add(new Source(alias, List.of("handle", "email")));
		String from = "";
		if (chance(40)) {
			sources.add(new Source("s", List.of("handle", "username")));
			from = " FROM accounts s";
		}
		String join = from.isEmpty() ? "" : "s.user_id = " + alias + ".id AND ";
		String suffix = "substr(id::text, 1, 3)".replace("id", alias + ".id");
		String value = pick(expression(sources, 1), "'set-'") + " || " + suffix;
		String set = chance(30) ? "(email, handle) = (" + expression(sources, 0) + ", " + value + ")"
				: "handle = " + value;
		return "UPDATE users" + (alias.equals("u") ? pick(" u", " AS u") : "") + " SET " + set + from + " WHERE " + join
				+ predicate(sources, 1) + pick("", " RETURNING " + alias + ".*", " RETURNING " + alias + ".handle");
	}

	private String insert() {
		if (chance(50)) {
			List<Source> sources = new ArrayList<>();
			String from = from(sources, 1);
			return "INSERT INTO users (id, handle, email) SELECT 1000 + row_number() OVER (ORDER BY "
					+ sources.get(0).alias() + ".id), 'new-' || row_number() OVER (ORDER BY " + sources.get(0).alias()
					+ ".id), max(" + column(sources) + ") FROM " + from + " WHERE " + predicate(sources, 1)
					+ " GROUP BY " + sources.get(0).alias() + ".id";
		}
		return "INSERT INTO users (id, " + pick("handle, email", "email, handle") + ") VALUES (" + pick("1", "900")
				+ ", 'i1', lower('I2')) ON CONFLICT (id) DO "
				+ pick("NOTHING", "UPDATE SET handle = EXCLUDED.handle || users.handle",
						"UPDATE SET handle = EXCLUDED.email, email = users.handle WHERE users.handle <> EXCLUDED.handle",
						"UPDATE SET (email, handle) = (EXCLUDED.handle, 'row')")
				+ pick("", " RETURNING *", " RETURNING handle AS h, id");
	}

	private String delete() {
		List<Source> sources = new ArrayList<>(List.of(new Source("users", List.of("handle", "email"))));
		return "DELETE FROM users WHERE " + predicate(sources, 2) + pick("", " RETURNING *");
	}

}
