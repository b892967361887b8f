package io.github.expandcontract.sql;

import java.util.List;
import java.util.Set;

/**
 * Rewrites the items of FROM and fills the scope with the sources that they are.
 */
final class FromRewriter {

	private final Analysis analysis;

	private final Outputs outputs;

	private final References references;

	private final QueryRewriter queries;

	FromRewriter(Analysis analysis, Outputs outputs, References references, QueryRewriter queries) {
		this.analysis = analysis;
		this.outputs = outputs;
		this.references = references;
		this.queries = queries;
	}

	/**
	 * Rewrites items.
	 * @param scope the scope to fill
	 * @param outer what a derived table sees that is not LATERAL
	 * @param locked whether rows of the items are locked
	 */
	void items(List<FromItem> items, Scope scope, Scope outer, boolean locked) {
		items.forEach((item) -> item(item, scope, outer, locked));
	}

	void item(FromItem item, Scope scope, Scope outer, boolean locked) {
		if (item instanceof FromItem.TableRef table) {
			Source source = this.outputs.source(table, outer);
			this.analysis.register(source);
			this.references.expression(table.sample(), outer, Use.PREDICATE);
			scope.add(source);
		}
		else if (item instanceof FromItem.Function function) {
			this.references.expression(function.call(), scope.lateral(), Use.PREDICATE);
			scope.add(this.outputs.source(function));
		}
		else if (item instanceof FromItem.Derived derived) {
			Scope seen = derived.lateral() ? scope.lateral() : outer;
			this.queries.query(derived.query(), seen, false, locked);
			scope.add(this.outputs.source(derived, seen));
		}
		else if (item instanceof FromItem.Joined joined) {
			joined(joined, scope, outer, locked);
		}
	}

	private void joined(FromItem.Joined joined, Scope scope, Scope outer, boolean locked) {
		if (joined.alias().token() < 0) {
			joins(joined, scope, outer, locked);
			return;
		}
		Scope inner = new Scope(outer, scope.lateral());
		joins(joined, inner, outer, locked);
		for (Source source : inner.sources()) {
			source.derive(joined.alias().token());
			if (locked) {
				source.obstruct("rows are locked");
			}
		}
		scope.add(this.outputs.source(joined.alias(), inner));
	}

	private void joins(FromItem.Joined joined, Scope scope, Scope outer, boolean locked) {
		int begin = scope.size();
		item(joined.first(), scope, outer, locked);
		for (FromItem.Join join : joined.joins()) {
			int right = scope.size();
			item(join.item(), scope, outer, locked);
			Scope seen = scope.view(begin, scope.size());
			this.references.expression(join.on(), seen, Use.PREDICATE);
			if (join.natural()) {
				seen.sources().forEach((source) -> source.derive(lastToken(join)));
				scope.merge(null);
			}
			else if (!join.using().isEmpty()) {
				join.using().forEach((column) -> using(column, seen));
				scope.merge(Set.copyOf(this.outputs.names(join.using())));
			}
			if (join.fillsLeft()) {
				scope.view(begin, right).sources().forEach((source) -> source.mayBeMissing(lastToken(join)));
			}
			if (join.fillsRight()) {
				scope.view(right, scope.size()).sources().forEach((source) -> source.mayBeMissing(lastToken(join)));
			}
			if (join.alias() >= 0) {
				scope.add(Source.other(this.analysis.name(join.alias()), new Columns(List.of(), true, false)));
			}
		}
	}

	private static int lastToken(FromItem.Join join) {
		return (join.item() instanceof FromItem.TableRef table) ? table.last() : 0;
	}

	private void using(int column, Scope seen) {
		String name = this.analysis.name(column);
		if (!this.analysis.changes().isColumn(name)) {
			return;
		}
		boolean elsewhere = seen.sources().stream().filter((source) -> source.owns(name)).count() > 1;
		for (Source source : seen.sources()) {
			ChangingTable table = source.table();
			if (source.owns(name) || (elsewhere && source.losesColumn(name))) {
				source.derive(column);
			}
			else if (table != null && source.losesColumn(name)) {
				ColumnRule rule = table.ruleAgainst(name);
				if (rule != null) {
					throw this.analysis.forbidden(column, rule);
				}
			}
		}
		this.analysis.account().settle(column);
	}

}
