package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TokenKind;

/**
 * Parses queries by their clauses.
 */
final class QueryParser {

	private final Cursor cursor;

	private final ExpressionParser expressions;

	private final FromParser sources;

	private final WritingParser writings;

	QueryParser(Cursor cursor) {
		this.cursor = cursor;
		this.expressions = new ExpressionParser(cursor, this);
		this.sources = new FromParser(cursor, this.expressions, this);
		this.writings = new WritingParser(cursor, this.expressions, this.sources, this);
	}

	ExpressionParser expressions() {
		return this.expressions;
	}

	WritingParser writings() {
		return this.writings;
	}

	/**
	 * Parses a query, with its WITH clause if it has one.
	 */
	Query query() {
		int from = this.cursor.index();
		return query(from, with());
	}

	/**
	 * Parses a query whose WITH clause has been parsed.
	 */
	Query query(int from, @Nullable With with) {
		List<Query.Term> terms = new ArrayList<>();
		terms.add(term());
		while (this.cursor.acceptAny("union", "intersect", "except")) {
			this.cursor.acceptAny("all", "distinct");
			terms.add(term());
		}
		List<Expression> orderBy = orderBy();
		List<Expression> bounds = new ArrayList<>();
		List<Query.Lock> locks = new ArrayList<>();
		while (bound(bounds) || lock(locks)) {
			// Both may come in either order, and locks more than once.
		}
		return new Query(from, this.cursor.index(), with, terms, orderBy, bounds, locks);
	}

	private Query.Term term() {
		if (this.cursor.at(TokenKind.OPEN)) {
			this.cursor.enter();
			this.cursor.next();
			Query query = query();
			this.cursor.expect(TokenKind.CLOSE);
			this.cursor.leave();
			return new Query.Nested(query);
		}
		if (this.cursor.accept("values")) {
			return new Query.Values(rows());
		}
		if (this.cursor.at("table")) {
			int from = this.cursor.next();
			FromItem table = this.sources.table();
			return new Query.Select(from, true, false, List.of(), List.of(), List.of(table), List.of(), List.of(),
					List.of(), false);
		}
		return select();
	}

	List<List<Expression>> rows() {
		List<List<Expression>> rows = new ArrayList<>();
		do {
			this.cursor.expect(TokenKind.OPEN);
			rows.add(this.expressions.list());
			this.cursor.expect(TokenKind.CLOSE);
		}
		while (this.cursor.accept(TokenKind.COMMA));
		return rows;
	}

	private Query.Select select() {
		int from = this.cursor.index();
		this.cursor.expect("select");
		this.cursor.accept("all");
		boolean distinct = this.cursor.accept("distinct");
		List<Expression> distinctOn = new ArrayList<>();
		if (distinct && this.cursor.accept("on")) {
			this.cursor.expect(TokenKind.OPEN);
			distinctOn = this.expressions.list();
			this.cursor.expect(TokenKind.CLOSE);
		}
		List<Query.Item> items = items();
		into();
		List<FromItem> fromItems = this.cursor.accept("from") ? this.sources.items() : List.of();
		List<Expression> conditions = new ArrayList<>();
		if (this.cursor.accept("where")) {
			conditions.add(this.expressions.expression());
		}
		List<Expression> groupBy = List.of();
		boolean aggregated = false;
		if (this.cursor.accept("group")) {
			this.cursor.expect("by");
			this.cursor.acceptAny("distinct", "all");
			groupBy = this.expressions.list();
			aggregated = true;
		}
		if (this.cursor.accept("having")) {
			conditions.add(this.expressions.expression());
			aggregated = true;
		}
		return new Query.Select(from, false, distinct, distinctOn, items, fromItems, conditions, groupBy, windows(),
				aggregated);
	}

	/**
	 * Parses the items of a select list or of RETURNING.
	 */
	List<Query.Item> items() {
		List<Query.Item> items = new ArrayList<>();
		do {
			Expression expression = this.expressions.expressionOrNothing();
			if (expression.isEmpty()) {
				if (items.isEmpty() && !this.cursor.at(TokenKind.COMMA)) {
					return items;
				}
				throw this.cursor.unexpected();
			}
			int alias = -1;
			if (this.cursor.accept("as") || Keywords.isBareLabel(this.cursor.peek())) {
				alias = this.cursor.label();
			}
			items.add(new Query.Item(expression, alias));
		}
		while (this.cursor.accept(TokenKind.COMMA));
		return items;
	}

	private void into() {
		if (this.cursor.accept("into")) {
			this.cursor.acceptAny("temporary", "temp", "unlogged");
			this.cursor.accept("table");
			int first = this.cursor.index();
			for (int i = first, last = this.cursor.chain(); i <= last; i++) {
				this.cursor.settle(i);
			}
		}
	}

	private List<Expression> windows() {
		List<Expression> windows = new ArrayList<>();
		if (this.cursor.accept("window")) {
			do {
				this.cursor.label();
				this.cursor.expect("as");
				List<Element> elements = new ArrayList<>();
				int from = this.cursor.index();
				this.expressions.window(elements);
				windows.add(new Expression(from, this.cursor.index(), elements));
			}
			while (this.cursor.accept(TokenKind.COMMA));
		}
		return windows;
	}

	private List<Expression> orderBy() {
		List<Expression> orderBy = new ArrayList<>();
		if (this.cursor.accept("order")) {
			this.cursor.expect("by");
			do {
				orderBy.add(this.expressions.expression());
				if (this.cursor.accept("using")) {
					this.cursor.expect(TokenKind.OPERATOR);
				}
				this.cursor.acceptAny("asc", "desc");
				if (this.cursor.accept("nulls") && !this.cursor.acceptAny("first", "last")) {
					throw this.cursor.unexpected();
				}
			}
			while (this.cursor.accept(TokenKind.COMMA));
		}
		return orderBy;
	}

	private boolean bound(List<Expression> bounds) {
		if (this.cursor.accept("limit")) {
			if (!this.cursor.accept("all")) {
				bounds.add(this.expressions.expression());
			}
			return true;
		}
		if (this.cursor.accept("offset")) {
			bounds.add(this.expressions.expression());
			this.cursor.acceptAny("row", "rows");
			return true;
		}
		if (this.cursor.accept("fetch")) {
			if (!this.cursor.acceptAny("first", "next")) {
				throw this.cursor.unexpected();
			}
			if (!this.cursor.at("row") && !this.cursor.at("rows")) {
				bounds.add(this.expressions.expression());
			}
			this.cursor.acceptAny("row", "rows");
			if (!this.cursor.accept("only")) {
				this.cursor.expect("with");
				this.cursor.expect("ties");
			}
			return true;
		}
		return false;
	}

	private boolean lock(List<Query.Lock> locks) {
		if (!this.cursor.accept("for")) {
			return false;
		}
		if (this.cursor.accept("no")) {
			this.cursor.expect("key");
			this.cursor.expect("update");
		}
		else if (this.cursor.accept("key")) {
			this.cursor.expect("share");
		}
		else if (!this.cursor.acceptAny("update", "share") && !this.cursor.accept("read", "only")) {
			throw this.cursor.unexpected();
		}
		List<Integer> tables = new ArrayList<>();
		if (this.cursor.accept("of")) {
			do {
				int first = this.cursor.index();
				int last = this.cursor.chain();
				for (int i = first; i <= last; i++) {
					this.cursor.settle(i);
				}
				tables.add(last);
			}
			while (this.cursor.accept(TokenKind.COMMA));
		}
		if (!this.cursor.accept("nowait")) {
			this.cursor.accept("skip", "locked");
		}
		locks.add(new Query.Lock(tables));
		return true;
	}

	/**
	 * Parses a WITH clause, if there is one.
	 */
	@Nullable With with() {
		if (!this.cursor.accept("with")) {
			return null;
		}
		boolean recursive = this.cursor.accept("recursive");
		List<With.Member> members = new ArrayList<>();
		do {
			int name = this.cursor.label();
			List<Integer> columns = this.cursor.at(TokenKind.OPEN) ? labels() : List.of();
			this.cursor.expect("as");
			this.cursor.accept("not");
			this.cursor.accept("materialized");
			this.cursor.expect(TokenKind.OPEN);
			this.cursor.enter();
			Statement statement = this.writings.rows();
			this.cursor.leave();
			this.cursor.expect(TokenKind.CLOSE);
			searchAndCycle();
			members.add(new With.Member(name, columns, statement));
		}
		while (this.cursor.accept(TokenKind.COMMA));
		return new With(recursive, members);
	}

	/**
	 * Parses SEARCH and CYCLE, which name columns of the member that they follow.
	 */
	private void searchAndCycle() {
		if (this.cursor.accept("search")) {
			this.cursor.acceptAny("depth", "breadth");
			this.cursor.expect("first");
			this.cursor.expect("by");
			plainLabels();
			this.cursor.expect("set");
			this.cursor.label();
		}
		if (this.cursor.accept("cycle")) {
			plainLabels();
			this.cursor.expect("set");
			this.cursor.label();
			if (this.cursor.accept("to")) {
				this.expressions.expression();
				this.cursor.expect("default");
				this.expressions.expression();
			}
			this.cursor.expect("using");
			this.cursor.label();
		}
	}

	private void plainLabels() {
		do {
			this.cursor.label();
		}
		while (this.cursor.accept(TokenKind.COMMA));
	}

	/**
	 * Parses names in parentheses that rename columns.
	 */
	List<Integer> labels() {
		List<Integer> labels = new ArrayList<>();
		this.cursor.expect(TokenKind.OPEN);
		do {
			labels.add(this.cursor.label());
		}
		while (this.cursor.accept(TokenKind.COMMA));
		this.cursor.expect(TokenKind.CLOSE);
		return labels;
	}

}
