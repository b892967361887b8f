package io.github.expandcontract.sql;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Rewrites queries: resolves their parts in the order in which they see each other.
 */
final class QueryRewriter {

	private final Analysis analysis;

	private final Outputs outputs;

	private final References references;

	private final FromRewriter sources;

	private final ItemRewriter items;

	private final SortRewriter sorts;

	private final WritingRewriter writings;

	QueryRewriter(Analysis analysis) {
		this.analysis = analysis;
		this.outputs = new Outputs(analysis);
		this.references = new References(analysis, this);
		this.sources = new FromRewriter(analysis, this.outputs, this.references, this);
		this.items = new ItemRewriter(analysis, this.outputs.naturalNames(), this.references);
		this.sorts = new SortRewriter(analysis, this.outputs.naturalNames(), this.references);
		this.writings = new WritingRewriter(analysis, this);
	}

	Outputs outputs() {
		return this.outputs;
	}

	References references() {
		return this.references;
	}

	FromRewriter sources() {
		return this.sources;
	}

	ItemRewriter items() {
		return this.items;
	}

	WritingRewriter writings() {
		return this.writings;
	}

	/**
	 * Rewrites the members of a WITH clause.
	 * @return the scope in which they are defined
	 */
	Scope with(@Nullable With with, Scope scope) {
		if (with == null) {
			return scope;
		}
		Scope inner = this.outputs.define(with, scope);
		for (int i = 0; i < with.members().size(); i++) {
			Scope seen = Outputs.seenBy(with, i, inner);
			if (with.members().get(i).statement() instanceof Query query) {
				query(query, seen, false, false);
			}
			else {
				this.writings.statement(with.members().get(i).statement(), seen, GeneratedKeys.NONE);
			}
		}
		return inner;
	}

	/**
	 * Rewrites a query.
	 * @param outermost whether the caller gets its rows
	 * @param locked whether a query around it locks its rows
	 */
	void query(Query query, Scope scope, boolean outermost, boolean locked) {
		query(query, scope, outermost, locked, List.of());
	}

	private void query(Query query, Scope scope, boolean outermost, boolean locked, List<Expression> outerSort) {
		Scope inner = with(query.with(), scope);
		boolean plain = !query.isSetOperation();
		boolean locks = locked || !query.locks().isEmpty();
		List<Expression> sort = query.orderBy().isEmpty() ? outerSort : query.orderBy();
		for (Query.Term term : query.terms()) {
			if (term instanceof Query.Select select) {
				select(select, inner, outermost && plain, locks, plain ? sort : List.of());
			}
			else if (term instanceof Query.Nested nested) {
				query(nested.query(), inner, outermost && plain, locks, plain ? sort : List.of());
			}
			else if (term instanceof Query.Values values) {
				values.rows().forEach((row) -> this.references.expressions(row, inner));
			}
		}
		if (!plain || query.terms().get(0) instanceof Query.Values) {
			this.sorts.byOutputs(sort, inner);
		}
		this.references.expressions(query.bounds(), inner);
	}

	private void select(Query.Select select, Scope outer, boolean outermost, boolean locked, List<Expression> sort) {
		Scope scope = new Scope(outer);
		this.sources.items(select.sources(), scope, outer, locked);
		for (Source source : scope.sources()) {
			if (locked) {
				source.obstruct("rows are locked");
			}
			if (!select.groupBy().isEmpty()) {
				source.obstruct("rows are grouped");
			}
		}
		boolean output = outermost && !select.aggregated() && !select.distinct();
		Use use = output ? Use.OUTPUT : Use.PREDICATE;
		if (select.table()) {
			this.items.table(select, scope, use);
		}
		this.items.items(select.items(), scope, use);
		this.references.expressions(select.conditions(), scope);
		this.references.expressions(select.windows(), scope);
		this.sorts.groupBy(select, scope);
		this.sorts.byOutputsOrInputs(select.distinctOn(), select, scope);
		this.sorts.byOutputsOrInputs(sort, select, scope);
	}

	/**
	 * Rewrites a statement that stands alone.
	 */
	void statement(Statement statement, GeneratedKeys keys) {
		Scope root = new Scope(null);
		if (statement instanceof Query query) {
			query(query, root, true, false);
		}
		else if (statement instanceof Statement.Expressions values) {
			this.references.expressions(values.values(), root);
		}
		else if (statement instanceof Statement.Utility utility) {
			new UtilityCheck(this.analysis).check(utility);
		}
		else {
			this.writings.statement(statement, root, keys);
		}
	}

}
