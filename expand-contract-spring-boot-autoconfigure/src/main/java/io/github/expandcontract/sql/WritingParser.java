package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TokenKind;

/**
 * Parses statements about rows: queries, INSERT, UPDATE, DELETE and MERGE.
 */
final class WritingParser {

	private final Cursor cursor;

	private final ExpressionParser expressions;

	private final FromParser sources;

	private final QueryParser queries;

	WritingParser(Cursor cursor, ExpressionParser expressions, FromParser sources, QueryParser queries) {
		this.cursor = cursor;
		this.expressions = expressions;
		this.sources = sources;
		this.queries = queries;
	}

	/**
	 * Parses a statement about rows, with its WITH clause if it has one.
	 */
	Statement rows() {
		int from = this.cursor.index();
		With with = this.queries.with();
		if (this.cursor.accept("insert")) {
			return insert(with);
		}
		if (this.cursor.accept("update")) {
			return update(with);
		}
		if (this.cursor.accept("delete")) {
			return delete(with);
		}
		if (this.cursor.accept("merge")) {
			return merge(with);
		}
		return this.queries.query(from, with);
	}

	private Statement insert(@Nullable With with) {
		this.cursor.expect("into");
		FromItem.TableRef target = this.sources.target(false);
		List<Statement.Target> columns = null;
		if (this.cursor.at(TokenKind.OPEN) && !this.cursor.atQuery()) {
			columns = columns();
		}
		int body = this.cursor.index();
		overriding();
		Query source = null;
		if (this.cursor.accept("default")) {
			this.cursor.expect("values");
		}
		else {
			source = this.queries.query();
		}
		Statement.Conflict conflict = null;
		if (this.cursor.accept("on")) {
			conflict = conflict();
		}
		return new Statement.Insert(with, target, columns, source, body, conflict, returning(), this.cursor.index());
	}

	private void overriding() {
		if (this.cursor.accept("overriding")) {
			this.cursor.acceptAny("system", "user");
			this.cursor.expect("value");
		}
	}

	private List<Statement.Target> columns() {
		List<Statement.Target> columns = new ArrayList<>();
		this.cursor.expect(TokenKind.OPEN);
		do {
			columns.add(target());
		}
		while (this.cursor.accept(TokenKind.COMMA));
		this.cursor.expect(TokenKind.CLOSE);
		return columns;
	}

	private Statement.Target target() {
		int token = this.cursor.name();
		while (true) {
			if (this.cursor.at(TokenKind.OPEN_BRACKET)) {
				this.cursor.skipGroup();
			}
			else if (this.cursor.accept(TokenKind.DOT)) {
				this.cursor.label();
			}
			else {
				return new Statement.Target(token, this.cursor.index());
			}
		}
	}

	private Statement.Conflict conflict() {
		this.cursor.expect("conflict");
		List<Expression> target = new ArrayList<>();
		Expression where = null;
		if (this.cursor.accept("on")) {
			this.cursor.expect("constraint");
			this.cursor.label();
		}
		else if (this.cursor.accept(TokenKind.OPEN)) {
			do {
				target.add(this.expressions.expression());
				operatorClass();
			}
			while (this.cursor.accept(TokenKind.COMMA));
			this.cursor.expect(TokenKind.CLOSE);
			if (this.cursor.accept("where")) {
				where = this.expressions.expression();
			}
		}
		this.cursor.expect("do");
		if (this.cursor.accept("nothing")) {
			return new Statement.Conflict(target, where, List.of(), null);
		}
		this.cursor.expect("update");
		this.cursor.expect("set");
		List<Statement.Assignment> assignments = assignments();
		Expression condition = this.cursor.accept("where") ? this.expressions.expression() : null;
		return new Statement.Conflict(target, where, assignments, condition);
	}

	private void operatorClass() {
		if (this.cursor.peek().isName()) {
			int first = this.cursor.index();
			for (int i = first, last = this.cursor.chain(); i <= last; i++) {
				this.cursor.settle(i);
			}
		}
	}

	private List<Statement.Assignment> assignments() {
		List<Statement.Assignment> assignments = new ArrayList<>();
		do {
			assignments.add(assignment());
		}
		while (this.cursor.accept(TokenKind.COMMA));
		return assignments;
	}

	private Statement.Assignment assignment() {
		if (!this.cursor.at(TokenKind.OPEN)) {
			Statement.Target target = target();
			equalsSign();
			return new Statement.Assignment(List.of(target), List.of(this.expressions.expression()),
					Statement.Assignment.Form.SINGLE);
		}
		List<Statement.Target> targets = columns();
		equalsSign();
		boolean row = this.cursor.at("row") && this.cursor.peek(1).is(TokenKind.OPEN);
		boolean list = this.cursor.at(TokenKind.OPEN) && !this.cursor.atQuery();
		if (!row && !list) {
			return new Statement.Assignment(targets, List.of(this.expressions.expression()),
					Statement.Assignment.Form.SOURCE);
		}
		if (row) {
			this.cursor.next();
		}
		this.cursor.expect(TokenKind.OPEN);
		List<Expression> values = this.expressions.list();
		this.cursor.expect(TokenKind.CLOSE);
		if (values.size() != targets.size()) {
			throw this.cursor.unexpected();
		}
		return new Statement.Assignment(targets, values, Statement.Assignment.Form.ROW);
	}

	private void equalsSign() {
		if (!this.cursor.at(TokenKind.OPERATOR) || !this.cursor.tokens().text(this.cursor.index()).equals("=")) {
			throw this.cursor.unexpected();
		}
		this.cursor.next();
	}

	private Statement update(@Nullable With with) {
		FromItem.TableRef target = this.sources.target(true);
		this.cursor.expect("set");
		List<Statement.Assignment> assignments = assignments();
		List<FromItem> from = this.cursor.accept("from") ? this.sources.items() : List.of();
		Expression where = where();
		return new Statement.Update(with, target, assignments, from, where, returning(), this.cursor.index());
	}

	private Statement delete(@Nullable With with) {
		this.cursor.expect("from");
		FromItem.TableRef target = this.sources.target(true);
		List<FromItem> using = this.cursor.accept("using") ? this.sources.items() : List.of();
		Expression where = where();
		return new Statement.Delete(with, target, using, where, returning(), this.cursor.index());
	}

	private @Nullable Expression where() {
		if (!this.cursor.accept("where")) {
			return null;
		}
		if (this.cursor.at("current") && this.cursor.peek(1).is("of")) {
			this.cursor.next();
			this.cursor.next();
			if (!this.cursor.accept(TokenKind.PARAMETER)) {
				this.cursor.label();
			}
			return null;
		}
		return this.expressions.expression();
	}

	private Statement merge(@Nullable With with) {
		this.cursor.expect("into");
		FromItem.TableRef target = this.sources.target(true);
		this.cursor.expect("using");
		FromItem source = this.sources.item();
		this.cursor.expect("on");
		Expression on = this.expressions.expression();
		List<Statement.Action> actions = new ArrayList<>();
		while (this.cursor.accept("when")) {
			actions.add(action());
		}
		return new Statement.Merge(with, target, source, on, actions, returning(), this.cursor.index());
	}

	private Statement.Action action() {
		Statement.Action.Sight sight = this.cursor.accept("not") ? Statement.Action.Sight.SOURCE
				: Statement.Action.Sight.BOTH;
		this.cursor.expect("matched");
		if (this.cursor.accept("by") && !this.cursor.accept("target")) {
			this.cursor.expect("source");
			sight = Statement.Action.Sight.TARGET;
		}
		Expression condition = this.cursor.accept("and") ? this.expressions.expression() : null;
		this.cursor.expect("then");
		if (this.cursor.accept("update")) {
			this.cursor.expect("set");
			return new Statement.Action(sight, condition, assignments(), false, null, null, -1);
		}
		if (this.cursor.accept("insert")) {
			return mergeInsert(sight, condition);
		}
		if (!this.cursor.accept("delete")) {
			this.cursor.expect("do");
			this.cursor.expect("nothing");
		}
		return new Statement.Action(sight, condition, List.of(), false, null, null, -1);
	}

	private Statement.Action mergeInsert(Statement.Action.Sight sight, @Nullable Expression condition) {
		List<Statement.Target> columns = this.cursor.at(TokenKind.OPEN) ? columns() : null;
		int body = this.cursor.index();
		overriding();
		if (this.cursor.accept("default")) {
			this.cursor.expect("values");
			return new Statement.Action(sight, condition, List.of(), true, columns, null, body);
		}
		this.cursor.expect("values");
		this.cursor.expect(TokenKind.OPEN);
		List<Expression> values = this.expressions.list();
		this.cursor.expect(TokenKind.CLOSE);
		return new Statement.Action(sight, condition, List.of(), true, columns, values, body);
	}

	private Statement.@Nullable Returning returning() {
		if (!this.cursor.accept("returning")) {
			return null;
		}
		List<Integer> aliases = new ArrayList<>();
		if (this.cursor.accept("with")) {
			this.cursor.expect(TokenKind.OPEN);
			do {
				this.cursor.acceptAny("old", "new");
				this.cursor.expect("as");
				aliases.add(this.cursor.label());
			}
			while (this.cursor.accept(TokenKind.COMMA));
			this.cursor.expect(TokenKind.CLOSE);
		}
		return new Statement.Returning(this.queries.items(), aliases);
	}

}
