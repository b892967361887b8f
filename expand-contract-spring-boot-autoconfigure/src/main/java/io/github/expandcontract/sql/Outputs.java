package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.Tokens;

/**
 * Tells which columns relations, queries and RETURNING clauses have.
 */
final class Outputs {

	/**
	 * Functions that return one column, which is called like their alias.
	 */
	private static final Set<String> SCALAR_FUNCTIONS = Set.of("unnest", "generate_series", "generate_subscripts",
			"regexp_split_to_table", "string_to_table", "regexp_matches", "jsonb_object_keys", "json_object_keys",
			"now", "current_date", "lower", "upper");

	private static final Map<String, List<String>> TABLE_FUNCTIONS = Map.of("jsonb_array_elements", List.of("value"),
			"json_array_elements", List.of("value"), "jsonb_array_elements_text", List.of("value"),
			"json_array_elements_text", List.of("value"), "jsonb_each", List.of("key", "value"), "json_each",
			List.of("key", "value"), "jsonb_each_text", List.of("key", "value"), "json_each_text",
			List.of("key", "value"));

	private final Tokens tokens;

	private final Changes changes;

	private final NaturalNames naturalNames;

	private final IdentityHashMap<Query, Columns> queries = new IdentityHashMap<>();

	Outputs(Analysis analysis) {
		this.tokens = analysis.tokens();
		this.changes = analysis.changes();
		this.naturalNames = new NaturalNames(this.tokens);
	}

	NaturalNames naturalNames() {
		return this.naturalNames;
	}

	/**
	 * The changing table that a name means.
	 */
	@Nullable ChangingTable changing(FromItem.TableRef item) {
		return this.changes.table(schema(item.first(), item.last()), name(item.last()));
	}

	/**
	 * The schema that was written before a name.
	 */
	private @Nullable String schema(int first, int last) {
		return (first != last) ? name(last - 2) : null;
	}

	/**
	 * The source that a table, a view or a common table expression is.
	 */
	Source source(FromItem.TableRef item, Scope scope) {
		FromItem.Alias alias = item.alias();
		String name = name(item.last());
		String called = (alias.token() >= 0) ? name(alias.token()) : name;
		CommonTable commonTable = (item.first() == item.last()) ? scope.commonTable(name) : null;
		if (commonTable != null) {
			return Source.other(called, commonTable.columns().renamed(names(alias.columns())));
		}
		ChangingTable table = changing(item);
		if (table == null) {
			Set<String> owned = this.changes.owned(schema(item.first(), item.last()), name);
			Columns columns = new Columns(List.copyOf(owned), false, false);
			return new Source(Source.Role.READ, called, alias.token() >= 0, null, item,
					columns.renamed(names(alias.columns())));
		}
		Columns columns = finalColumns(table).renamed(names(alias.columns()));
		Source source = new Source(Source.Role.READ, called, alias.token() >= 0, table, item, columns);
		if (!alias.columns().isEmpty()) {
			source.deriveForAliasList(alias.columns().get(0));
		}
		if (item.sample() != null) {
			source.obstruct("the table is sampled");
		}
		return source;
	}

	static Columns finalColumns(ChangingTable table) {
		return new Columns(table.columns().stream().map(ChangingTable.FinalColumn::name).toList(), true, false);
	}

	/**
	 * The source that a function is.
	 */
	Source source(FromItem.Function item) {
		List<String> aliases = names(item.alias().columns());
		String function = (item.call().elements().isEmpty()
				|| !(item.call().elements().get(0) instanceof Element.Call call)) ? "" : name(call.last());
		String called = (item.alias().token() >= 0) ? name(item.alias().token()) : function.isEmpty() ? null : function;
		if (!aliases.isEmpty()) {
			return Source.other(called, new Columns(aliases, true, false));
		}
		List<String> columns = TABLE_FUNCTIONS.get(function);
		if (columns != null) {
			return Source.other(called, new Columns(columns, true, false));
		}
		boolean scalar = SCALAR_FUNCTIONS.contains(function);
		return Source.other(called,
				new Columns((called != null) ? List.of(called, "ordinality") : List.of(), false, !scalar));
	}

	Columns columns(Statement statement, Scope scope) {
		if (statement instanceof Query query) {
			return columns(query, scope);
		}
		if (statement instanceof Statement.Insert insert) {
			return returning(insert.returning(), insert.target(), List.of(), scope);
		}
		if (statement instanceof Statement.Update update) {
			return returning(update.returning(), update.target(), update.sources(), scope);
		}
		if (statement instanceof Statement.Delete delete) {
			return returning(delete.returning(), delete.target(), delete.sources(), scope);
		}
		if (statement instanceof Statement.Merge merge) {
			return returning(merge.returning(), merge.target(), List.of(merge.source()), scope);
		}
		return Columns.UNKNOWN;
	}

	private Columns returning(Statement.@Nullable Returning returning, FromItem.TableRef target, List<FromItem> sources,
			Scope scope) {
		List<FromItem> items = new ArrayList<>(sources);
		items.add(0, target);
		return (returning != null) ? columns(returning.items(), items, scope) : new Columns(List.of(), true, false);
	}

	Columns columns(Query query, Scope scope) {
		Columns columns = this.queries.get(query);
		if (columns == null) {
			columns = columns(query.terms().get(0), withMembers(query, scope));
			this.queries.put(query, columns);
		}
		return columns;
	}

	private Scope withMembers(Query query, Scope scope) {
		return (query.with() != null) ? define(query.with(), scope) : scope;
	}

	/**
	 * A scope in which the members of a WITH clause are defined.
	 */
	Scope define(With with, Scope scope) {
		Scope inner = new Scope(scope);
		for (int i = 0; i < with.members().size(); i++) {
			With.Member member = with.members().get(i);
			Scope seen = seenBy(with, i, inner);
			inner.define(name(member.name()),
					new CommonTable(() -> columns(member.statement(), seen).renamed(names(member.columns()))));
		}
		return inner;
	}

	/**
	 * What a member sees: those before it, or all if they may be recursive.
	 */
	static Scope seenBy(With with, int index, Scope defined) {
		return with.recursive() ? defined : defined.view(0, index);
	}

	private Columns columns(Query.Term term, Scope scope) {
		if (term instanceof Query.Nested nested) {
			return columns(nested.query(), scope);
		}
		if (term instanceof Query.Values values) {
			List<String> names = new ArrayList<>();
			for (int i = 1; i <= values.rows().get(0).size(); i++) {
				names.add("column" + i);
			}
			return new Columns(names, true, false);
		}
		Query.Select select = (Query.Select) term;
		if (select.table()) {
			return sources(select.sources(), scope).sources().get(0).columns();
		}
		return columns(select.items(), select.sources(), scope);
	}

	private Columns columns(List<Query.Item> items, List<FromItem> from, Scope scope) {
		List<String> names = new ArrayList<>();
		boolean exact = true;
		boolean open = false;
		Scope sources = null;
		for (Query.Item item : items) {
			if (item.alias() >= 0) {
				names.add(name(item.alias()));
			}
			else if (item.isStar(this.tokens)) {
				sources = (sources != null) ? sources : sources(from, scope);
				Columns star = star(item, sources);
				names.addAll(star.names());
				exact &= star.exact();
				open |= star.open();
			}
			else {
				names.add(naturalName(item.expression(), scope));
			}
		}
		return new Columns(names, exact, open);
	}

	private Columns star(Query.Item item, Scope scope) {
		Element.Reference reference = item.expression().bareReference();
		if (reference != null && reference.qualified()) {
			Source source = scope.byAlias(name(reference.last() - 2));
			return (source != null) ? source.columns() : Columns.UNKNOWN;
		}
		List<String> names = new ArrayList<>();
		boolean exact = !scope.isMerging();
		boolean open = false;
		for (Source source : scope.sources()) {
			names.addAll(source.columns().names());
			exact &= source.columns().exact();
			open |= source.columns().open();
		}
		return new Columns(names, exact, open);
	}

	private String naturalName(Expression expression, Scope scope) {
		int token = this.naturalNames.token(expression);
		if (token >= 0) {
			return name(token);
		}
		if (expression.elements().size() == 1 && expression.elements().get(0) instanceof Element.Subquery subquery) {
			List<String> names = columns(subquery.query(), scope).names();
			return names.isEmpty() ? "" : names.get(0);
		}
		return "";
	}

	/**
	 * The sources of FROM, without a look at what they contain.
	 */
	private Scope sources(List<FromItem> items, Scope scope) {
		Scope sources = new Scope(scope);
		items.forEach((item) -> add(item, sources, scope));
		return sources;
	}

	private void add(FromItem item, Scope sources, Scope scope) {
		if (item instanceof FromItem.TableRef table) {
			sources.add(source(table, scope));
		}
		else if (item instanceof FromItem.Function function) {
			sources.add(source(function));
		}
		else if (item instanceof FromItem.Derived derived) {
			sources.add(source(derived, scope));
		}
		else if (item instanceof FromItem.Joined joined) {
			Scope inner = (joined.alias().token() >= 0) ? new Scope(scope) : sources;
			add(joined.first(), inner, scope);
			for (FromItem.Join join : joined.joins()) {
				add(join.item(), inner, scope);
				if (join.natural() || !join.using().isEmpty()) {
					inner.merge(join.natural() ? null : Set.copyOf(names(join.using())));
				}
			}
			if (inner != sources) {
				sources.add(source(joined.alias(), inner));
			}
		}
	}

	Source source(FromItem.Derived derived, Scope scope) {
		FromItem.Alias alias = derived.alias();
		Columns columns = columns(derived.query(), scope).renamed(names(alias.columns()));
		return Source.other((alias.token() >= 0) ? name(alias.token()) : null, columns);
	}

	/**
	 * The source that joined items under one alias are.
	 */
	Source source(FromItem.Alias alias, Scope inner) {
		List<String> names = new ArrayList<>();
		boolean open = false;
		for (Source source : inner.sources()) {
			names.addAll(source.columns().names());
			open |= source.columns().open();
		}
		Columns columns = new Columns(names, false, open).renamed(names(alias.columns()));
		return Source.other(name(alias.token()), columns);
	}

	List<String> names(List<Integer> tokens) {
		return tokens.stream().map(this::name).toList();
	}

	private String name(int token) {
		return this.tokens.get(token).name();
	}

}
