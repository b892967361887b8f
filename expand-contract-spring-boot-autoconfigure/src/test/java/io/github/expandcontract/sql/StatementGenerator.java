package io.github.expandcontract.sql;

import java.util.List;
import java.util.regex.Pattern;

import io.github.expandcontract.sql.Visible.Column;
import io.github.expandcontract.sql.WriteGenerator.Target;

/**
 * Generates statements from seeds: the same seed gives the same statement.
 */
final class StatementGenerator {

	/**
	 * What settles the rows of a statement only together with the rest of it.
	 */
	private static final Pattern UNSETTLED = Pattern.compile("LIMIT|OFFSET|FETCH|DISTINCT ON|OVER|LOCKED|NOWAIT|_agg");

	private final Dice dice;

	private final QueryGenerator queries;

	private final WriteGenerator writes;

	private final InsertGenerator inserts;

	private final MergeGenerator merges;

	private StatementGenerator(CorpusSchema schema, long seed, int varying) {
		boolean synced = GeneratedSql.syncOf(seed).hasTrigger();
		this.dice = new Dice(seed);
		this.queries = new QueryGenerator(this.dice, schema.originalsStay(synced));
		this.writes = new WriteGenerator(this.dice, this.queries, this.dice.chance(varying), synced);
		this.inserts = new InsertGenerator(this.dice, this.queries, this.writes);
		this.merges = new MergeGenerator(this.dice, this.queries, this.writes, this.inserts);
	}

	/**
	 * A statement that is valid for the most.
	 */
	static GeneratedSql generate(CorpusSchema schema, long seed) {
		StatementGenerator generator = new StatementGenerator(schema, seed, 8);
		Draft draft = generator.draft();
		GeneratedKeys keys = generator.keys(draft.text(), draft.writes());
		return GeneratedSql.of(seed, generator.write(draft), draft.writes(), draft.ordered(), generator.writes.varies(),
				keys, false);
	}

	/**
	 * A damaged statement, which may still be valid and then says something else.
	 */
	static GeneratedSql mutate(CorpusSchema schema, long seed) {
		StatementGenerator generator = new StatementGenerator(schema, seed, 0);
		Draft draft = generator.draft();
		while (UNSETTLED.matcher(draft.text()).find()) {
			draft = generator.draft();
		}
		String text = new Mutation(generator.dice).damage(generator.write(draft));
		return GeneratedSql.of(seed, text, true, false, false, GeneratedKeys.NONE, true);
	}

	/**
	 * A statement in its plainest form.
	 */
	private record Draft(String text, boolean writes, boolean ordered) {
	}

	private Draft draft() {
		if (!this.writes.varies() && this.dice.chance(60)) {
			QueryGenerator.Result query = this.queries.query(null, CommonTables.NONE, this.dice.between(1, 3), null);
			boolean parentheses = this.dice.chance(3);
			return new Draft(parentheses ? "(" + query.text() + ")" : query.text(), false, query.ordered());
		}
		boolean with = !this.writes.varies() && this.dice.chance(15);
		return new Draft(with ? withWriting() : writing(CommonTables.NONE), true, false);
	}

	private String write(Draft draft) {
		Layout layout = new Layout(this.dice);
		return layout.sprinkle(layout.spell(draft.text()));
	}

	/**
	 * Which columns the driver is asked to return.
	 */
	private GeneratedKeys keys(String text, boolean writes) {
		boolean possible = writes && !text.contains("RETURNING") && text.matches("(?s)(INSERT|UPDATE|DELETE) .*");
		if (!possible || !this.dice.chance(20)) {
			return GeneratedKeys.NONE;
		}
		// Which of several rows of USING is returned is not settled.
		boolean settled = !text.startsWith("DELETE") || !text.contains(" USING ");
		if (this.dice.chance(40) && settled) {
			return GeneratedKeys.ALL;
		}
		String table = text.replaceFirst("(?s)^(INSERT INTO|UPDATE|DELETE FROM) (ONLY )?(public\\.)?", "")
			.replaceFirst("(?s) .*", "");
		List<String> names = this.queries.sources()
			.columnsOf(table)
			.stream()
			.map((column) -> column.name().replace("\"", ""))
			.toList();
		return new GeneratedKeys.Named(
				this.dice.chance(50) ? List.of(this.dice.pick(names)) : names.subList(0, this.dice.between(1, 3)));
	}

	private String withWriting() {
		if (this.dice.chance(40)) {
			QueryGenerator.Result source = this.queries.query(null, CommonTables.NONE, 1, this.queries.kinds());
			String name = this.dice.pick("src", "handle", "accounts");
			CommonTables common = CommonTables.NONE.with(new CommonTables.Member(name, source.columns()));
			return "WITH " + name + " AS (" + source.text() + ") " + writing(common);
		}
		Target target = this.writes.target();
		List<Column> returned = List.of(this.dice.pick(target.columns().subList(0, 2)));
		String writing = switch (this.dice.below(3)) {
			case 0 -> this.writes.update(target, CommonTables.NONE);
			case 1 -> this.writes.delete(target, CommonTables.NONE);
			default -> this.inserts.insert(target, CommonTables.NONE);
		};
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
		Target target = this.writes.target();
		int form = this.dice.below(100);
		if (form < 40) {
			return this.inserts.insert(target, common) + this.writes.returning(target.visible());
		}
		if (form < 70) {
			return this.writes.update(target, common) + this.writes.returning(target.visible());
		}
		if (form < 83) {
			return this.merges.merge(target, common);
		}
		String text = this.writes.delete(target, common);
		if (target.visible().origins().size() == 1) {
			return text + this.writes.returning(target.visible());
		}
		// Which of several rows of USING is returned is not settled.
		return text + this.dice.pick("", " RETURNING " + target.alias() + ".*",
				" RETURNING " + target.alias() + "." + target.columns().get(1).name());
	}

}
