package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Rewrites UPDATE, DELETE and MERGE, and hands INSERT on.
 */
final class WritingRewriter {

	private final Analysis analysis;

	private final QueryRewriter queries;

	private final AssignmentRewriter assignments;

	private final InsertRewriter inserts;

	private final ReturningRewriter returnings;

	WritingRewriter(Analysis analysis, QueryRewriter queries) {
		this.analysis = analysis;
		this.queries = queries;
		ValueWriter values = new ValueWriter(analysis);
		this.assignments = new AssignmentRewriter(analysis, values, queries.references());
		this.returnings = new ReturningRewriter(analysis, queries.items());
		this.inserts = new InsertRewriter(analysis, queries, values, this.assignments, this.returnings);
	}

	void statement(Statement statement, Scope scope, GeneratedKeys keys) {
		if (statement instanceof Statement.Insert insert) {
			this.inserts.insert(insert, this.queries.with(insert.with(), scope), keys);
		}
		else if (statement instanceof Statement.Update update) {
			update(update, this.queries.with(update.with(), scope), keys);
		}
		else if (statement instanceof Statement.Delete delete) {
			delete(delete, this.queries.with(delete.with(), scope), keys);
		}
		else if (statement instanceof Statement.Merge merge) {
			merge(merge, this.queries.with(merge.with(), scope));
		}
	}

	/**
	 * The source that the target of a writing statement is.
	 */
	static Source target(FromItem.TableRef item, Analysis analysis, Outputs outputs) {
		ChangingTable table = outputs.changing(item);
		int token = (item.alias().token() >= 0) ? item.alias().token() : item.last();
		Source source = (table != null) ? new Source(Source.Role.TARGET, analysis.name(token),
				item.alias().token() >= 0, table, item, Outputs.finalColumns(table))
				: outputs.source(item, new Scope(null));
		analysis.register(source);
		return source;
	}

	private void update(Statement.Update update, Scope outer, GeneratedKeys keys) {
		Scope scope = new Scope(outer);
		Source target = target(update.target(), this.analysis, this.queries.outputs());
		scope.add(target);
		sources(update.sources(), scope, outer);
		this.assignments.assignments(update.assignments(), target, scope);
		this.queries.references().expression(update.where(), scope, Use.PREDICATE);
		this.returnings.returning(update.returning(), target, scope, keys, update.to());
	}

	private void delete(Statement.Delete delete, Scope outer, GeneratedKeys keys) {
		Scope scope = new Scope(outer);
		Source target = target(delete.target(), this.analysis, this.queries.outputs());
		scope.add(target);
		sources(delete.sources(), scope, outer);
		this.queries.references().expression(delete.where(), scope, Use.PREDICATE);
		this.returnings.returning(delete.returning(), target, scope, keys, delete.to());
	}

	private void sources(List<FromItem> items, Scope scope, Scope outer) {
		this.queries.sources().items(items, scope, outer, false);
	}

	/**
	 * Rewrites MERGE. Keys that were asked for are left to the driver, because older
	 * servers know no MERGE with RETURNING.
	 */
	private void merge(Statement.Merge merge, Scope outer) {
		Scope scope = new Scope(outer);
		Source target = target(merge.target(), this.analysis, this.queries.outputs());
		scope.add(target);
		this.queries.sources().item(merge.source(), scope, outer, false);
		this.queries.references().expression(merge.on(), scope, Use.PREDICATE);
		for (Statement.Action action : merge.actions()) {
			Scope seen = switch (action.sight()) {
				case BOTH -> scope;
				case TARGET -> scope.view(0, 1);
				case SOURCE -> scope.view(1, scope.size());
			};
			this.queries.references().expression(action.condition(), seen, Use.PREDICATE);
			this.assignments.assignments(action.assignments(), target, seen);
			if (action.insert()) {
				mergeInsert(action, target, seen);
			}
		}
		List<Source> ordered = new ArrayList<>(scope.sources());
		ordered.remove(target);
		if (merge.actions().stream().anyMatch((action) -> action.sight() == Statement.Action.Sight.TARGET)) {
			ordered.forEach((source) -> source.mayBeMissing(merge.to() - 1));
		}
		ordered.add(target);
		this.returnings.returning(merge.returning(), target, merged(ordered, outer), GeneratedKeys.NONE, merge.to());
	}

	/**
	 * What RETURNING sees, in the order in which its star lists columns: the source's
	 * before the target's.
	 */
	private static Scope merged(List<Source> sources, Scope outer) {
		Scope scope = new Scope(outer);
		sources.forEach(scope::add);
		return scope;
	}

	private void mergeInsert(Statement.Action action, Source target, Scope scope) {
		List<Expression> values = action.values();
		if (values != null) {
			this.queries.references().expressions(values, scope);
		}
		ChangingTable table = target.table();
		if (table != null) {
			this.inserts.columns(table, action.columns(), action.body(),
					(values != null) ? InsertSource.rows(List.of(values)) : InsertSource.defaults(action.body()));
		}
		else if (action.columns() != null) {
			action.columns().forEach((column) -> this.analysis.account().settle(column.token()));
		}
	}

}
