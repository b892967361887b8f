package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.github.expandcontract.sql.Visible.Column;
import io.github.expandcontract.sql.Visible.Kind;
import io.github.expandcontract.sql.Visible.Origin;
import io.github.expandcontract.sql.WriteGenerator.Target;

/**
 * Generates MERGE, whose source has one row for a key.
 */
final class MergeGenerator {

	private final Dice dice;

	private final QueryGenerator queries;

	private final WriteGenerator writes;

	private final InsertGenerator inserts;

	MergeGenerator(Dice dice, QueryGenerator queries, WriteGenerator writes, InsertGenerator inserts) {
		this.dice = dice;
		this.queries = queries;
		this.writes = writes;
		this.inserts = inserts;
	}

	private record MergeSource(String text, Origin origin) {
	}

	String merge(Target target, CommonTables common) {
		MergeSource source = source(target.visible());
		Visible fromSource = new Visible(null);
		fromSource.add(source.origin());
		Visible both = new Visible(null);
		both.add(target.visible().origins().get(0));
		both.add(source.origin());
		StringBuilder text = new StringBuilder("MERGE INTO ").append(target.text())
			.append(" USING ")
			.append(source.text())
			.append(" ON ")
			.append(target.alias())
			.append('.')
			.append(target.key())
			.append(" = ")
			.append(source.origin().alias())
			.append(".id");
		if (this.dice.chance(20)) {
			text.append(" AND ").append(this.queries.expressions().condition(both, common, 1));
		}
		if (this.dice.chance(30)) {
			text.append(" WHEN MATCHED AND ")
				.append(this.queries.expressions().condition(both, common, 1))
				.append(" THEN ")
				.append(this.dice.pick("DELETE", "DO NOTHING", "UPDATE SET " + assignments(target, both, common)));
		}
		if (this.dice.chance(75)) {
			text.append(" WHEN MATCHED THEN ")
				.append(this.dice.chance(85) ? "UPDATE SET " + assignments(target, both, common)
						: this.dice.pick("DELETE", "DO NOTHING"));
		}
		if (this.dice.chance(8)) {
			text.append(" WHEN NOT MATCHED BY SOURCE THEN UPDATE SET ")
				.append(assignments(target, target.visible(), common));
		}
		if (this.dice.chance(20)) {
			text.append(" WHEN NOT MATCHED AND ")
				.append(this.queries.expressions().condition(fromSource, common, 1))
				.append(" THEN ")
				.append(insert(target, fromSource, source.origin()));
		}
		text.append(" WHEN NOT MATCHED ").append(this.dice.chance(10) ? "BY TARGET " : "").append("THEN ");
		text.append(this.dice.chance(80) ? insert(target, fromSource, source.origin()) : "DO NOTHING");
		if (this.dice.chance(35)) {
			Visible returned = new Visible(null);
			returned.add(source.origin());
			returned.add(target.visible().origins().get(0));
			String returning = this.writes.returning(returned, target.visible().origins().get(0));
			text.append(this.dice.chance(30)
					? returning.replaceFirst("RETURNING (?!WITH)", "RETURNING merge_action(), ") : returning);
		}
		return text.toString();
	}

	private MergeSource source(Visible visible) {
		String alias = this.queries.sources().alias(visible);
		return switch (this.dice.below(5)) {
			case 0 -> new MergeSource("(VALUES (1, 'm1'), (60, " + GeneratedSql.parameter("m2") + "::text)) AS " + alias
					+ "(id, " + "handle)", new Origin(alias, FromGenerator.columns("id i", "handle t")));
			case 1 -> new MergeSource("(SELECT id::int AS id, handle, email AS username FROM public.users) " + alias,
					new Origin(alias, FromGenerator.columns("id i", "handle t", "username t")));
			case 2 ->
				new MergeSource(
						"(SELECT " + GeneratedSql.parameter("2") + "::int AS id, " + GeneratedSql.parameter("m3")
								+ "::text AS name) " + alias,
						new Origin(alias, FromGenerator.columns("id i", "name t")));
			default -> {
				String table = this.dice.pick("accounts", "imports", "other.users", "products", "items");
				yield new MergeSource(table + " AS " + alias,
						new Origin(alias, this.queries.sources().columnsOf(table)));
			}
		};
	}

	private String assignments(Target target, Visible visible, CommonTables common) {
		return this.writes.assignments(target, visible, common);
	}

	private String insert(Target target, Visible fromSource, Origin source) {
		if (target.table().equals("users") && this.dice.chance(4)) {
			return "INSERT DEFAULT VALUES";
		}
		List<Column> columns = new ArrayList<>();
		for (Column column : target.columns()) {
			boolean needed = Target.isKey(column) || column.name().equals("stamp");
			if (column.kind() != Kind.OTHER && (needed || this.dice.chance(70))) {
				columns.add(column);
			}
		}
		boolean listed = this.dice.chance(94) || target.table().equals("products");
		if (!listed) {
			columns = target.columns().subList(0, 3);
		}
		String list = listed ? " (" + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + ")" : "";
		return "INSERT" + list + " VALUES ("
				+ columns.stream()
					.map((column) -> Target.isKey(column) ? source.alias() + ".id + 200"
							: this.inserts.value(column, 1, fromSource))
					.collect(Collectors.joining(", "))
				+ ")";
	}

}
